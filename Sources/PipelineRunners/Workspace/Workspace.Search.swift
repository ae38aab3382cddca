import PipelineRuntime

extension Workspace {
    /// A search on its way through a tree.
    struct Search {
        let pattern: BytePattern
        let limit: Int
        var result = SearchResult()
        private var entriesLeft = Limit.entries
        private var bytesLeft = Limit.searched

        init(pattern: BytePattern, limit: Int) {
            self.pattern = pattern
            self.limit = limit
        }
    }
}

extension Workspace.Search {
    /// Visits what is below a folder in the order of the paths.
    mutating func walk(_ folder: borrowing Workspace.Descriptor, path: String, depth: Int)
        throws(WorkspaceError)
    {
        let children: [Workspace.Child]
        do {
            children = try folder.children(limit: entriesLeft, at: path)
        } catch {
            guard case .tooManyEntries = error.reason else { throw error }
            result.cut = .entries
            return
        }
        entriesLeft -= children.count
        for child in children where result.cut == nil {
            let childPath = Workspace.path(of: child.name, in: path)
            guard child.name.isText else {
                skip(childPath, .unreachable)
                continue
            }
            guard !Policy.isSensitive(childPath) else {
                skip(childPath, .sensitive)
                continue
            }
            do {
                try visit(child, in: folder, path: childPath, depth: depth)
            } catch {
                switch error.reason {
                case .denied: skip(error.path, .denied)
                case .link: skip(error.path, .link)  // swapped meanwhile, as below
                case .notAFile, .notAFolder: skip(error.path, .notAFile)
                case .missing: continue
                default: throw error
                }
            }
        }
    }

    /// Looks into one entry.
    mutating func visit(
        _ child: Workspace.Child, in folder: borrowing Workspace.Descriptor, path: String, depth: Int
    ) throws(WorkspaceError) {
        switch child.status.kind {
        case .link: skip(path, .link)
        case .other: skip(path, .notAFile)
        case .folder where depth >= Workspace.Limit.depth: skip(path, .tooDeep)
        case .folder: try walk(folder.folder(child.name, at: path), path: path, depth: depth + 1)
        case .file: try look(into: folder.file(child.name, at: path), path: path)
        }
    }

    private mutating func look(into file: borrowing Workspace.Descriptor, path: String)
        throws(WorkspaceError)
    {
        guard !Task.isCancelled else { return result.cut = .canceled }
        let limit = Workspace.Limit.searchedFile
        guard try file.status(at: path).size <= limit else { return skip(path, .tooLarge) }
        let (bytes, isCut) = try file.bytes(limit: limit, at: path)
        bytesLeft -= bytes.count
        guard bytesLeft >= 0 else { return result.cut = .bytes }
        guard !isCut else { return skip(path, .tooLarge) }
        guard !bytes.prefix(8 << 10).contains(0) else { return skip(path, .binary) }
        result.searchedCount += 1
        match(bytes, path: path)
    }

    private mutating func match(_ bytes: [UInt8], path: String) {
        let (pattern, limit) = (pattern, limit)
        var line = 1
        var lineStart = 0
        var counted = 0
        var lastMatch = 0
        pattern.forEachStart(in: bytes) { start in
            while let end = bytes[counted..<start].firstIndex(of: UInt8(ascii: "\n")) {
                line += 1
                counted = end + 1
                lineStart = counted
            }
            counted = start
            guard line != lastMatch else { return true }
            guard result.matches.count < limit else {
                result.cut = .matches
                return false
            }
            lastMatch = line
            let match = start..<start + pattern.bytes.count
            let excerpt = Workspace.Excerpt(of: bytes, from: lineStart, around: match)
            result.matches.append(
                Workspace.Match(path: path, line: line, text: excerpt.text, isCut: excerpt.isCut))
            return true
        }
    }

    private mutating func skip(_ path: String, _ reason: Workspace.Skip.Reason) {
        result.skippedCount += 1
        guard result.skipped.count < Workspace.Limit.skips else { return }
        result.skipped.append(Workspace.Skip(path: path, reason: reason))
    }
}
