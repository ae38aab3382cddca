public import PipelineCore

extension ToolDeclaration {
    /// Where in a call's arguments something stands that the call touches.
    ///
    /// A JSON Pointer in which `*` stands for every member or element: `/path`, `/files/*/path`.
    public struct Place: Hashable, Sendable {
        public enum Kind: String, Hashable, Sendable {
            /// A text, the path of a file or folder.
            case path
            /// A text, a URL.
            case url
            /// An array of texts, a program and its arguments.
            case command
            /// The name of a variable, an array of names, or an object whose members are named so.
            case environment
        }

        public let pattern: String
        public let kind: Kind
        /// What the tool takes where the arguments have nothing; nil is nothing.
        public let fallback: JSON?
        /// For a command, where the folder stands that it runs in; nil is the root.
        public let directory: String?

        public init(_ pattern: String, _ kind: Kind, in directory: String? = nil, or fallback: JSON? = nil) {
            self.pattern = pattern
            self.kind = kind
            self.directory = directory
            self.fallback = fallback
        }

        public static func path(_ pattern: String, or fallback: String? = nil) -> Place {
            Place(pattern, .path, or: fallback.map { text in .string(text) })
        }

        public static func url(_ pattern: String, or fallback: String? = nil) -> Place {
            Place(pattern, .url, or: fallback.map { text in .string(text) })
        }

        public static func command(
            _ pattern: String, in directory: String? = nil, or fallback: [String]? = nil
        ) -> Place {
            Place(pattern, .command, in: directory, or: fallback?.json)
        }

        public static func environment(_ pattern: String) -> Place { Place(pattern, .environment) }
    }
}

extension ToolDeclaration.Place {
    /// Everything that stands there, each with its own pointer.
    func values(in arguments: JSON) -> [(pointer: String, value: JSON)] {
        let found = Self.values(at: pattern, in: arguments)
        if found.isEmpty, let fallback { return [(pattern, fallback)] }
        return found
    }

    /// The folders that its command runs in: one, if the call is well formed.
    func directories(in arguments: JSON) -> [(pointer: String, value: JSON)] {
        directory.map { pattern in Self.values(at: pattern, in: arguments) } ?? []
    }

    private static func values(at pattern: String, in arguments: JSON) -> [(pointer: String, value: JSON)] {
        var found = [(pointer: "", value: arguments)]
        for token in pattern.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .dropFirst()
        {
            let token = String(Substring(token))
            found = found.flatMap { place in step(into: place.value, token, from: place.pointer) }
        }
        return found
    }

    private static func step(
        into value: JSON, _ token: String, from pointer: String
    ) -> [(pointer: String, value: JSON)] {
        switch value {
        case .array(let items):
            let index = Int(token)
            return items.indices.filter { place in token == "*" || place == index }
                .map { place in ("\(pointer)/\(place)", items[place]) }
        case .object(let members):
            if token == "*" {
                return members.map { member in (pointer.appending(member: member.key.text), member.value) }
            }
            let name = token.replacing("~1", with: "/").replacing("~0", with: "~")
            return members[name].map { value in [(pointer.appending(member: name), value)] } ?? []
        case .null, .bool, .integer, .number, .string:
            return []
        }
    }
}

extension String {
    /// This JSON Pointer with one level more.
    func appending(member: String) -> String {
        "\(self)/" + member.replacing("~", with: "~0").replacing("/", with: "~1")
    }
}
