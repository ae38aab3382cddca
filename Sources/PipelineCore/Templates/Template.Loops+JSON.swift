extension Template.Loops: JSONRepresentable {
    public var json: JSON { .object(["diagnosed": diagnosed.json, "failed": failed.json]) }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json, only: ["diagnosed", "failed"])
        self.init(diagnosed: try members.value("diagnosed"), failed: try members.value("failed"))
    }
}
