extension Workspace {
    /// Reads a file from its beginning, up to a limit in bytes; what is beyond shows in `isCut` and `size`.
    ///
    /// - Throws: ``WorkspaceError`` when the path is refused or is no regular file.
    public func read(_ path: String, limit: Int = Limit.read) throws(WorkspaceError) -> FileContents {
        let target = try Path(path)
        let (folders, name) = try target.file()
        let file = try open(folders, at: path).file(name, at: path)
        let (bytes, isCut) = try file.bytes(limit: max(0, limit), at: path)
        let size = max(try file.status(at: path).size, bytes.count + (isCut ? 1 : 0))
        return FileContents(path: target.text, bytes: bytes, size: size, isCut: isCut)
    }
}
