extension Workspace {
    /// Copies a folder with all files and folders below it, and their read, write and execute permissions.
    ///
    /// Both paths are the operator's own: links on the way to them are resolved once, at the start. A link
    /// below the source is an error that names it, and so is anything else that is neither a regular file nor
    /// a folder. The destination must not exist or be empty; the folders that lead to it are made. After an
    /// error it is as before, save for those folders. A process killed in the middle leaves a part of the
    /// copy; nothing is synced to disk.
    ///
    /// - Throws: ``WorkspaceError`` with the path of what stood in the way, `alreadyExists` or `insideSource`
    ///   for a destination that will not do.
    public static func copy(from source: String, to destination: String) throws(WorkspaceError) {
        let original = try Workspace(root: source)
        let names = try namesToMake(destination)
        guard !names.starts(with: original.rootNames) else {
            throw WorkspaceError(path: destination, reason: .insideSource)
        }
        let from = try original.openRoot()
        let parent = try open(
            names.dropLast(), making: true, below: .systemRoot(at: destination), at: destination)
        // Only the root of the file system has no name, and it is never empty.
        guard let name = names.last else { throw WorkspaceError(path: destination, reason: .alreadyExists) }
        let isNew = try make(name, in: parent, at: destination)
        let to = try parent.folder(name, at: destination)
        let present = try to.names(limit: Limit.entries, at: destination)
        guard present.isEmpty else {
            throw WorkspaceError(path: destination, reason: .alreadyExists)
        }
        do {
            var copying = Copying()
            try copying.copy(from, to: to, path: source, depth: 0)
            if isNew {
                try to.opened(at: destination).setPermissions(
                    from.status(at: source).permissions, at: destination)
            }
        } catch {
            try? to.removeContents(at: destination)
            if isNew { try? parent.remove(name, isFolder: true, at: destination) }
            throw error
        }
    }

    /// The names of a path that need not exist: its longest part that does, resolved, and the rest as it
    /// stands.
    private static func namesToMake(_ path: String) throws(WorkspaceError) -> [FileName] {
        var existing = path.hasPrefix("/") ? path : "./" + path
        var rest: [FileName] = []
        while true {
            do {
                return names(in: try resolved(existing)) + rest.reversed()
            } catch {
                guard error.reason == .missing, !path.isEmpty else {
                    throw WorkspaceError(path: path, reason: error.reason)
                }
            }
            while existing.utf8.last == UInt8(ascii: "/") { existing.removeLast() }
            guard let slash = existing.utf8.lastIndex(of: UInt8(ascii: "/")) else {
                throw WorkspaceError(path: path, reason: .missing)
            }
            let name = Array(existing.utf8[slash...].dropFirst())
            if name == Array("..".utf8) { throw WorkspaceError(path: path, reason: .outside) }
            if name != Array(".".utf8) { rest.append(FileName(bytes: name)) }
            existing = String(existing[...slash])
        }
    }

    /// Makes the folder and says whether it did, or whether there was one.
    private static func make(_ name: FileName, in parent: borrowing Descriptor, at path: String)
        throws(WorkspaceError) -> Bool
    {
        do {
            try parent.makeFolder(name, permissions: 0o700, at: path)
            return true
        } catch {
            guard error.reason == .alreadyExists else { throw error }
            return false
        }
    }
}
