import PipelineCore

extension Policy {
    /// What one execution touches, read as a policy must read it.
    public struct Resources: Hashable, Sendable {
        var paths: [TouchedPath] = []
        var addresses: [TouchedAddress] = []
        var commands: [TouchedCommand] = []
        var variables: [Variable] = []
        /// The names of the secrets that the arguments refer to.
        var secrets: [String] = []
        /// Why not everything could be read: then no rule allows the call.
        var obstacles: [String] = []
        /// Where relative patterns start.
        var roots: [Path] = []

        init() {}
    }

    /// Where a touched thing was found.
    enum Origin: Hashable, Sendable {
        /// The tool says that it touches it.
        case declared
        /// The tool says nothing, so any text might be touched.
        case guessed
        /// It is a word of a command, or a part of one.
        case word
    }

    struct TouchedPath: Hashable, Sendable {
        let pointer: String
        let text: String
        let origin: Origin
        let reading: PathResolver.Reading
    }

    struct TouchedAddress: Hashable, Sendable {
        let text: String
        let origin: Origin
        /// Nil when it cannot be read.
        let address: Address?
    }

    struct TouchedCommand: Hashable, Sendable {
        let words: [String]
    }

    struct Variable: Hashable, Sendable {
        enum Source: Hashable, Sendable {
            /// The arguments set it.
            case arguments
            /// The tool passes it on.
            case tool
            /// A word of a command looks as though it set it.
            case word
        }

        let name: String
        let source: Source
    }

    /// A path of the arguments and the place it was judged as.
    public struct JudgedPath: Hashable, Sendable {
        /// Where the path stands in the arguments, as a JSON Pointer.
        public let pointer: String
        /// The absolute path, without `.`, `..` and links.
        public let path: String
    }
}

extension Policy.Resources {
    /// The places that the call's paths lead to, for a tool that wants to open exactly what was judged.
    ///
    /// Only of paths that the tool declares; empty where the policy is a function.
    public var judgedPaths: [Policy.JudgedPath] {
        paths.compactMap { path in
            guard path.origin == .declared, case .places(_, let resolved, _) = path.reading else {
                return nil
            }
            return Policy.JudgedPath(pointer: path.pointer, path: resolved.text)
        }
    }

    /// What a person would want to know first about a call that no rule allows.
    var summary: String {
        if let obstacle = obstacles.first { return ": \(obstacle)" }
        if let path = paths.first(where: { path in path.isSensitive(roots) }) {
            return " with the sensitive \(path.words); a rule must list it as sensitive"
        }
        if let path = paths.first(where: { path in path.isUnreadable && path.origin == .declared }) {
            return " with \(path.words)"
        }
        if let secret = secrets.first {
            return " with the secret \(secret.excerpt) and all else that it touches"
        }
        if let variable = variables.first(where: { variable in variable.source == .arguments }) {
            return " with the environment variable \(variable.name.excerpt)"
        }
        let things =
            commands.map { command in command.description }
            + addresses.map { address in address.description }
            + paths.filter { path in path.origin == .declared || commands.isEmpty }.map { path in path.words }
        guard !things.isEmpty else { return "" }
        return " with \(things.prefix(3).joined(separator: ", "))\(things.count > 3 ? " and more" : "")"
    }
}

extension Policy.TouchedPath {
    var places: [Policy.Path] {
        switch reading {
        case .places(let written, let resolved, let others):
            (resolved == written ? [written] : [written, resolved]) + others
        case .unplaced(let names), .unreadable(_, let names): [names]
        }
    }

    var isUnreadable: Bool {
        if case .unreadable = reading { true } else { false }
    }

    /// Whether it is certainly at these places.
    var isPlaced: Bool {
        if case .places = reading { true } else { false }
    }

    func isSensitive(_ roots: [Policy.Path]) -> Bool {
        places.contains { place in place.isSensitive(roots) }
    }

    /// The path and where it leads, as a person reads it.
    var words: String {
        switch reading {
        case .places(let written, let resolved, _):
            written == resolved
                ? "path \(text.excerpt)" : "path \(text.excerpt), which leads to \(resolved.text.excerpt)"
        case .unplaced: "path \(text.excerpt), which is relative to nobody knows what"
        case .unreadable(let reason, _): "path \(text.excerpt): \(reason)"
        }
    }
}

extension Policy.Path {
    func isSensitive(_ roots: [Policy.Path]) -> Bool {
        Policy.sensitivePatterns.contains { pattern in pattern.matches(self, below: roots, exactly: false) }
    }
}

extension Policy.TouchedAddress: CustomStringConvertible {
    var description: String { "URL \(text.excerpt)\(address == nil ? ", which is not plain" : "")" }
}

extension Policy.TouchedCommand: CustomStringConvertible {
    var description: String { "command \(words.joined(separator: " ").excerpt)" }
}

extension String {
    /// The beginning of the text between quotation marks, control characters written out.
    var excerpt: String {
        let beginning = String(unicodeScalars.prefix(120))
        return beginning.debugDescription + (beginning.utf8.count < utf8.count ? "…" : "")
    }
}
