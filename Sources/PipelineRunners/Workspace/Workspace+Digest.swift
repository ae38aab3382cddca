public import PipelineCore

extension Workspace {
    /// The digest of all that is below a folder, to tell whether two trees are the same byte for byte.
    ///
    /// It covers the paths, the read, write and execute permissions, and the contents; not the name and the
    /// permissions of the folder itself, nor owners and times. What is digested is one line for each entry,
    /// in the order of the bytes of the paths, a folder's with a slash at the end:
    ///
    ///     755 src/␀
    ///     644 9f86d081884c7d65… src/a.txt␀
    ///
    /// with the permissions in octal, for a file the digest of its contents, the path as its bytes, and a
    /// zero byte.
    ///
    /// - Throws: `link` or `notAFile` for an entry that is neither file nor folder.
    public static func digest(of root: String) throws(WorkspaceError) -> ContentDigest {
        let folder = try Workspace(root: root).openRoot()
        var listing = TreeListing()
        try listing.add(folder, prefix: [], path: root, depth: 0)
        return ContentDigest(hashing: listing.bytes)
    }

    private struct TreeListing {
        var bytes: [UInt8] = []
        private var entriesLeft = Limit.entries

        mutating func add(_ folder: borrowing Descriptor, prefix: [UInt8], path: String, depth: Int)
            throws(WorkspaceError)
        {
            guard depth <= Limit.depth else {
                throw WorkspaceError(path: path, reason: .tooDeep(limit: Limit.depth))
            }
            let children = try folder.children(limit: entriesLeft, at: path)
            entriesLeft -= children.count
            for child in children {
                let (name, childPath) = (child.name, Workspace.path(of: child.name, in: path))
                bytes += String(child.status.permissions, radix: 8).utf8
                bytes.append(UInt8(ascii: " "))
                switch child.status.kind {
                case .file:
                    let file = try folder.file(name, at: childPath)
                    bytes += try file.digest(at: childPath).description.utf8
                    bytes.append(UInt8(ascii: " "))
                    bytes += prefix + name.bytes + [0]
                case .folder:
                    let inner = prefix + child.order
                    bytes += inner + [0]
                    let next = try folder.folder(name, at: childPath)
                    try add(next, prefix: inner, path: childPath, depth: depth + 1)
                case .link: throw WorkspaceError(path: childPath, reason: .link)
                case .other: throw WorkspaceError(path: childPath, reason: .notAFile)
                }
            }
        }
    }
}
