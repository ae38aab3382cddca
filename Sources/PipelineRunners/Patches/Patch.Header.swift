extension Patch {
    /// What stands above the hunks of a file.
    struct Header {
        let line: Int
        var isGit = false
        /// The path in the `diff --git` line, where it names one and the same twice.
        var git: String?
        private(set) var asksForMode = false
        private var old: Name?
        private var new: Name?
        private var source: String?
        private var destination: String?
        private var isNew = false
        private var isDeleted = false

        init(line: Int) { self.line = line }

        private enum Name {
            case nothing
            case path(String)
        }
    }
}

extension Patch.Header {
    /// Reads one of git's lines; false where there is none.
    mutating func takeNote(of parser: inout Patch.Parser) throws(PatchError) -> Bool {
        let line = parser.number
        if let mode = parser.rest(after: "new file mode ") {
            isNew = true
            try note(mode, usual: "100644", line)
        } else if let mode = parser.rest(after: "deleted file mode ") {
            isDeleted = true
            try note(mode, usual: nil, line)
        } else if let mode = parser.rest(after: "old mode ") {
            try note(mode, usual: nil, line)
        } else if let mode = parser.rest(after: "new mode ") {
            try note(mode, usual: "", line)
        } else if let text = parser.rest(after: "index ") {
            try note(text.suffix(6), usual: nil, line)
        } else if let text = parser.rest(after: "rename from ") {
            source = try Self.name(text, line)
        } else if let text = parser.rest(after: "rename to ") {
            destination = try Self.name(text, line)
        } else if parser.isAt("similarity index ") || parser.isAt("dissimilarity index ") {
            parser.skip()
        } else if parser.isAt("copy from ") || parser.isAt("copy to ") {
            throw PatchError(.unsupported(.copy), line: line)
        } else if parser.isAt("GIT binary patch") || parser.isAt("Binary files ") {
            throw PatchError(.unsupported(.binary), line: line)
        } else {
            return false
        }
        return true
    }

    /// Refuses what is no regular file; `usual` is a mode that asks for nothing, nil that any does.
    private mutating func note(_ mode: ArraySlice<UInt8>, usual: String?, _ line: Int) throws(PatchError) {
        if mode.elementsEqual("120000".utf8) { throw PatchError(.unsupported(.link), line: line) }
        if mode.elementsEqual("160000".utf8) { throw PatchError(.unsupported(.submodule), line: line) }
        if let usual, !mode.elementsEqual(usual.utf8) { asksForMode = true }
    }

    /// Reads the `---` and the `+++` line.
    mutating func readNames(_ parser: inout Patch.Parser) throws(PatchError) {
        guard parser.isAtNames, let first = parser.rest(after: "--- ") else { throw parser.unexpected() }
        old = try Self.place(first, parser.number - 1)
        guard let second = parser.rest(after: "+++ ") else { throw parser.unexpected() }
        new = try Self.place(second, parser.number - 1)
    }

    private static func place(_ text: ArraySlice<UInt8>, _ line: Int) throws(PatchError) -> Name {
        // What follows a tab is a time.
        let text =
            text.first == UInt8(ascii: "\"") ? text : text.prefix { byte in byte != UInt8(ascii: "\t") }
        return text.elementsEqual("/dev/null".utf8) ? .nothing : .path(try name(text, line))
    }

    /// The file and what becomes of it, where all lines agree.
    func resolved() throws(PatchError) -> (path: String, action: Patch.File.Action) {
        func disagreement() -> PatchError { PatchError(.names, line: line) }
        if source != nil || destination != nil {
            guard let source, let destination, source != destination, !isNew, !isDeleted,
                fits(old, source, "a/"), fits(new, destination, "b/")
            else { throw disagreement() }
            return (source, .rename(to: destination))
        }
        switch (old, new) {
        case (.nothing, .path(let name)) where !isDeleted:
            let path = git ?? Self.dropping("b/", name)
            guard fits(new, path, "b/"), isNew || !isGit else { throw disagreement() }
            return (path, .create)
        case (.path(let name), .nothing) where !isNew:
            let path = git ?? Self.dropping("a/", name)
            guard fits(old, path, "a/"), isDeleted || !isGit else { throw disagreement() }
            return (path, .delete)
        case (.path(let old), .path(let new)) where !isNew && !isDeleted:
            guard let path = Self.common(old, new), git ?? path == path else { throw disagreement() }
            return (path, .edit)
        case (nil, nil):
            guard let git, !isNew || !isDeleted else { throw disagreement() }
            return (git, isNew ? .create : isDeleted ? .delete : .edit)
        case (nil, _), (.nothing, _), (.path, _):
            throw disagreement()
        }
    }

    private func fits(_ name: Name?, _ path: String, _ prefix: String) -> Bool {
        switch name {
        case nil: true
        case .nothing: false
        case .path(let name):
            name.utf8.elementsEqual(path.utf8) || name.utf8.elementsEqual((prefix + path).utf8)
        }
    }

    /// Refuses a new file with an old side, and a deleted one with a new side.
    static func check(_ hunks: [Patch.Hunk], _ action: Patch.File.Action, _ path: String)
        throws(PatchError)
    {
        for hunk in hunks {
            let isWrong =
                switch action {
                case .create: hunk.oldCount > 0 || hunk.linesBefore > 0
                case .delete: hunk.newCount > 0
                case .edit, .rename: false
                }
            if isWrong { throw PatchError(.side, path: path, hunk: hunk.number, line: hunk.line) }
        }
    }
}
