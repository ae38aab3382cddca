import PipelineCore

extension Workspace {
    /// Replaces one passage of a file, which must occur in it exactly once, byte for byte.
    ///
    /// Occurrences that overlap count each, for it would not be clear which is meant. Written like
    /// ``write(_:_:)``; an edit that another process makes between the reading and the writing is lost.
    ///
    /// - Throws: `notFoundText` or `notUnique` with the count, or what reading and writing throw.
    public func edit(_ path: String, replacing old: String, with new: String)
        throws(WorkspaceError) -> Change
    {
        let target = try Path(path)
        let (folders, name) = try target.file()
        guard let pattern = BytePattern(Array(old.utf8)) else {
            throw WorkspaceError(path: path, reason: .emptyText)
        }
        let folder = try open(folders, at: path)
        let file = try Self.replaceable(name, in: folder, at: path)
        let bytes = try file.wholeFile(limit: Limit.file, at: path)
        let before = Replaced(
            digest: ContentDigest(hashing: bytes), permissions: try file.status(at: path).permissions)
        var count = 0
        var found = 0
        pattern.forEachStart(in: bytes) { start in
            count += 1
            found = start
            return true
        }
        guard count > 0 else { throw WorkspaceError(path: path, reason: .notFoundText) }
        guard count == 1 else { throw WorkspaceError(path: path, reason: .notUnique(count: count)) }
        let edited = bytes[..<found] + Array(new.utf8) + bytes[(found + pattern.bytes.count)...]
        return try replace(before, by: Array(edited), name: name, in: folder, path: target)
    }
}
