extension Run {
    /// Something that an execution made: small ones as they are, larger ones kept elsewhere under their digest.
    public struct Artifact: Hashable, Sendable {
        public let name: String
        public let mediaType: String
        /// Its size.
        public let bytes: Int
        public let digest: ContentDigest
        /// What it is; nil where an artifact store has it, or nobody.
        public let content: [UInt8]?
        /// Why nobody has its content; nil where somebody does.
        public let problem: String?

        /// One that is kept elsewhere.
        public init(name: String, mediaType: String, bytes: Int, digest: ContentDigest) {
            self.name = name
            self.mediaType = mediaType
            self.bytes = bytes
            self.digest = digest
            content = nil
            problem = nil
        }

        /// One that is a part of the result. The gateway hands it to its artifact store when it is large.
        public init(name: String, mediaType: String, content: [UInt8]) {
            self.name = name
            self.mediaType = mediaType
            self.content = content
            problem = nil
            bytes = content.count
            digest = ContentDigest(hashing: content)
        }

        /// The same, kept elsewhere.
        public var reference: Artifact {
            Artifact(name: name, mediaType: mediaType, bytes: bytes, digest: digest)
        }

        /// The same under another name.
        public func renamed(_ name: String) -> Artifact {
            Artifact(self, name: name, content: content, problem: problem)
        }

        /// The same, whose content could not be kept.
        public func lost(_ problem: String) -> Artifact {
            Artifact(self, name: name, content: nil, problem: problem)
        }

        private init(_ artifact: Artifact, name: String, content: [UInt8]?, problem: String?) {
            self.name = name
            mediaType = artifact.mediaType
            bytes = artifact.bytes
            digest = artifact.digest
            self.content = content
            self.problem = problem
        }
    }
}

extension Run.Artifact: JSONRepresentable {
    /// The content, where it is here, is `text` if it is UTF-8 and else `base64`.
    public var json: JSON {
        var object = JSON.Builder()
        object.set("name", name)
        object.set("mediaType", mediaType)
        object.set("bytes", bytes)
        object.set("digest", digest.description)
        object.set("problem", problem)
        if let content {
            if let text = String(validating: content, as: UTF8.self) {
                object.set("text", text)
            } else {
                object.set("base64", content.base64)
            }
        }
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        name = try members.value("name")
        mediaType = try members.value("mediaType")
        bytes = try members.value("bytes")
        guard let digest = ContentDigest(hex: try members.value("digest")) else {
            throw JSON.FormatError("expected 64 hexadecimal digits", at: "/digest")
        }
        self.digest = digest
        problem = try members.optional("problem")
        if let text: String = try members.optional("text") {
            content = Array(text.utf8)
        } else if let encoded: String = try members.optional("base64") {
            guard let content = [UInt8](base64: encoded) else {
                throw JSON.FormatError("expected base64 with padding", at: "/base64")
            }
            self.content = content
        } else {
            content = nil
        }
        guard content.map({ content in content.count == bytes }) ?? (bytes >= 0) else {
            throw JSON.FormatError("is not the size of the content", at: "/bytes")
        }
    }
}
