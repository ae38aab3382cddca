/// A unified diff of text files, as `diff -u` and `git diff` write it, read strictly.
///
/// Each file has its `---` and `+++` lines, or git's lines for a new, deleted or renamed one. The `a/` and
/// `b/` that git puts before names are taken off; apart from that both lines name the same file, or one of
/// them is `/dev/null`. What stands between the files and is no part of a diff is an error, and so are
/// copies, links, submodules and binary files. Modes are read and ignored.
public struct Patch: Hashable, Sendable {
    /// The files in the order of the patch, each path at most once; at least one.
    public let files: [File]

    /// Reads a patch.
    ///
    /// - Throws: ``PatchError`` with the line where it stops being one.
    public init(parsing text: [UInt8]) throws(PatchError) {
        guard text.count <= Limit.bytes else { throw PatchError(.tooLarge(limit: Limit.bytes)) }
        var parser = Parser(text)
        files = try parser.files()
    }

    /// Every path that it touches, in the order of the patch: of a rename both.
    public var paths: [String] { files.flatMap { file in file.paths } }
}

extension Patch {
    /// The bounds that keep reading and applying finite.
    public enum Limit {
        /// Bytes of a patch: 4 MiB.
        public static let bytes = 4 << 20
        /// Files of a patch.
        public static let files = 256
        /// Hunks of a patch that are looked for because they are not at the line they name.
        public static let moved = 100
        /// Bytes of all files that a patch changes, before and after: 128 MiB.
        public static let changed = 128 << 20
    }
}
