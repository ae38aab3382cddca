extension Workspace {
    /// Looks for a literal text, byte for byte, in a file or in all files below a folder.
    ///
    /// At most one match for each line, up to a limit. Links, binary files, large files, what may not be
    /// read, and below a folder what holds secrets, are skipped and reported. Ends early when the task is cancelled. Time is linear in the bytes
    /// read.
    ///
    /// - Throws: ``WorkspaceError`` when the path is refused or the text is empty, or the disk fails.
    public func search(_ text: String, in path: String = ".", limit: Int)
        throws(WorkspaceError) -> SearchResult
    {
        let target = try Path(path)
        guard let pattern = BytePattern(Array(text.utf8)) else {
            throw WorkspaceError(path: path, reason: .emptyText)
        }
        var search = Search(pattern: pattern, limit: max(0, limit))
        let folder = try open(target.names.dropLast(), at: path)
        guard let name = target.names.last else {
            try search.walk(folder, path: target.text, depth: 0)
            return search.result
        }
        let status = try folder.status(of: name, at: path)
        switch status.kind {
        case .folder:
            try search.walk(folder.folder(name, at: path), path: target.text, depth: target.names.count)
        case .file where target.asksForFolder:
            throw WorkspaceError(path: path, reason: .notAFolder)
        case .file:
            try search.visit(Child(name: name, status: status), in: folder, path: target.text, depth: 0)
        case .link: throw WorkspaceError(path: path, reason: .link)
        case .other: throw WorkspaceError(path: path, reason: .notAFile)
        }
        return search.result
    }
}
