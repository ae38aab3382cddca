extension Template.Reference: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("id", id)
        object.set("version", version)
        object.set("digest", digest.description)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        id = try members.value("id")
        version = try members.value("version")
        guard let digest = ContentDigest(hex: try members.value("digest")) else {
            throw JSON.FormatError("expected 64 hexadecimal digits", at: "/digest")
        }
        self.digest = digest
    }
}
