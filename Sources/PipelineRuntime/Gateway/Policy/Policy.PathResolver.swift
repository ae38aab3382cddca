extension Policy {
    /// Finds the places that a path may lead to.
    ///
    /// The file system is asked for one thing, what a name is a link to; all else is a function of the text.
    struct PathResolver: Sendable {
        private let root: [String]?
        private let link: @Sendable (String) -> SymbolicLink
        /// Where relative patterns start: the root as it is written, and as it is without links.
        let roots: [Path]

        init(
            root: String?,
            link: @escaping @Sendable (String) -> SymbolicLink = { path in SymbolicLink(at: path) }
        ) {
            self.link = link
            self.root = root.map { root in Path.parts(root) }
            guard let parts = self.root else {
                roots = []
                return
            }
            let written = Path(parts)
            let resolved = Self.resolve(parts, link)
            roots =
                resolved.map { resolved in resolved == written ? [written] : [written, resolved] } ?? [
                    written
                ]
        }

        /// How a path can be read.
        enum Reading: Hashable, Sendable {
            /// Where it leads by its letters, where the system gets by it, and where the two get one after
            /// the other.
            case places(written: Path, resolved: Path, others: [Path])
            /// It is relative, and nobody knows to what.
            case unplaced(Path)
            /// No way to read it: why, and the names in it.
            case unreadable(String, Path)
        }

        /// - Parameter folder: where a relative path starts, itself relative to the root or not.
        func read(_ text: String, from folder: String = "") -> Reading {
            let names = Path(Self.fragments(text))
            guard text.utf8.count <= 4_096 else { return .unreadable("it is longer than 4096 bytes", names) }
            guard !text.isEmpty else { return .unreadable("it is empty", names) }
            guard !text.utf8.contains(0) else { return .unreadable("it has a zero byte", names) }
            guard text.utf8.first != UInt8(ascii: "~") else {
                return .unreadable("some programs read ~ as a home folder; write ./~ for a name", names)
            }
            var parts = Path.parts(text)
            if text.utf8.first != UInt8(ascii: "/") {
                let isPlaced = folder.utf8.first == UInt8(ascii: "/")
                guard let start = isPlaced ? [] : root else { return .unplaced(names) }
                parts = start + Path.parts(folder) + parts
            }
            guard parts.count <= 256 else { return .unreadable("it has more than 256 names", names) }
            let written = Path(parts)
            guard let resolved = Self.resolve(parts, link),
                let other = Self.resolve(written.names.map { name in name.text }, link)
            else { return .unreadable("a link on its way cannot be followed", written) }
            return .places(
                written: written, resolved: resolved, others: other == resolved ? [] : [other])
        }

        /// Where the system gets, links followed and missing names taken as they are; nil for nowhere.
        private static func resolve(_ parts: [String], _ link: (String) -> SymbolicLink) -> Path? {
            var waiting = Array(parts.reversed())
            var path = Path()
            var links = 0
            // How many names lead to what is not there; below it there is nothing to ask for.
            var missing = Int.max
            while let part = waiting.popLast() {
                var next = path
                next.enter(part)
                guard next.names.count > path.names.count, path.names.count < missing else {
                    path = next
                    if path.names.count < missing { missing = .max }
                    continue
                }
                switch link(next.text) {
                case .other: path = next
                case .missing:
                    path = next
                    missing = path.names.count
                case .unknown: return nil
                case .link(let target):
                    links += 1
                    guard links <= 40 else { return nil }
                    if target.utf8.first == UInt8(ascii: "/") { path = Path() }
                    waiting += Path.parts(target).reversed()
                }
            }
            return path
        }

        /// The names in a text that is no path, as one who cuts it at zero bytes would see them.
        private static func fragments(_ text: String) -> [String] {
            text.utf8.split { byte in byte == UInt8(ascii: "/") || byte == 0 }
                .map { part in String(Substring(part)) }
        }
    }
}
