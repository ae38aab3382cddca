import PipelineCore

extension Policy {
    /// Names in which `*` stands for any characters, and `**` for any number of names.
    struct PathPattern: Hashable, Sendable {
        private let isAbsolute: Bool
        /// Nil stands for any number of names.
        private let parts: [FileName?]

        init(_ text: String) {
            isAbsolute = text.utf8.first == UInt8(ascii: "/")
            parts = Path.parts(text).map { part in part == "**" ? nil : FileName(part) }
        }

        /// Whether the place fits.
        ///
        /// - Parameters:
        ///   - roots: where relative patterns start.
        ///   - exactly: byte by byte; otherwise case and the spelling of accents aside.
        /// - Complexity: O(bytes of the path · bytes of the pattern) at worst, without recursion.
        func matches(_ path: Path, below roots: [Path], exactly: Bool) -> Bool {
            if isAbsolute { return fits(path.names, exactly: exactly) }
            return roots.contains { root in
                guard path.names.count >= root.names.count else { return false }
                let above = zip(path.names, root.names).allSatisfy { name, other in
                    exactly ? name == other : name.folded == other.folded
                }
                return above && fits(Array(path.names.dropFirst(root.names.count)), exactly: exactly)
            }
        }

        private func fits(_ names: [FileName], exactly: Bool) -> Bool {
            names.matches(
                parts, isAny: { part in part == nil },
                fits: { name, part in part.map { part in name.fits(part, exactly: exactly) } ?? false })
        }
    }
}

extension Policy.PathPattern {
    /// What is wrong with a pattern and what to do, if anything.
    static func problem(with text: String, hasRoot: Bool) -> (reason: String, hint: String)? {
        guard !text.isEmpty, text.utf8.count <= 4_096, !text.utf8.contains(0) else {
            return ("it is empty, too long or has a zero byte", "write a path of at most 4096 bytes")
        }
        guard text.utf8.first == UInt8(ascii: "/") || hasRoot else {
            return ("it is relative and the policy has no root", "give the policy a root, or begin with /")
        }
        for part in Policy.Path.parts(text) {
            if part == "." || part == ".." {
                return ("it has the name \(part)", "write the path that it means")
            }
            if part != "**", part.utf8.starts(with: "**".utf8) || part.hasSuffix("**") {
                return ("in \(part.excerpt), ** is only a part of a name", "let ** stand between slashes")
            }
        }
        return nil
    }
}
