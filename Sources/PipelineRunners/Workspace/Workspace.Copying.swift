extension Workspace {
    /// A copy on its way through a tree.
    struct Copying {
        private var entriesLeft = Limit.entries
        private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    }
}

extension Workspace.Copying {
    /// Copies what is below one folder to below another, which is empty.
    mutating func copy(
        _ source: borrowing Workspace.Descriptor, to destination: borrowing Workspace.Descriptor,
        path: String, depth: Int
    ) throws(WorkspaceError) {
        guard depth <= Workspace.Limit.depth else {
            throw WorkspaceError(path: path, reason: .tooDeep(limit: Workspace.Limit.depth))
        }
        let children = try source.children(limit: entriesLeft, at: path)
        entriesLeft -= children.count
        for child in children {
            let (name, childPath) = (child.name, Workspace.path(of: child.name, in: path))
            switch child.status.kind {
            case .file: try copyFile(name, of: source, to: destination, path: childPath)
            case .link: throw WorkspaceError(path: childPath, reason: .link)
            case .other: throw WorkspaceError(path: childPath, reason: .notAFile)
            case .folder:
                let from = try source.folder(name, at: childPath)
                try destination.makeFolder(name, permissions: 0o700, at: childPath)
                let to = try destination.folder(name, at: childPath).opened(at: childPath)
                try copy(from, to: to, path: childPath, depth: depth + 1)
                // Last, for a folder may be one that nothing can be put into.
                try to.setPermissions(from.status(at: childPath).permissions, at: childPath)
            }
        }
    }

    private mutating func copyFile(
        _ name: Workspace.FileName, of source: borrowing Workspace.Descriptor,
        to destination: borrowing Workspace.Descriptor, path: String
    ) throws(WorkspaceError) {
        let from = try source.file(name, at: path)
        let to = try destination.newFile(name, permissions: 0o600, at: path)
        while true {
            let count = try from.fill(&buffer, at: path)
            if count == 0 { break }
            try to.append(buffer.prefix(count), at: path)
        }
        try to.setPermissions(from.status(at: path).permissions, at: path)
    }
}

extension Workspace.Descriptor {
    /// Removes all that is below this folder, a folder that cannot be changed included.
    func removeContents(at path: String) throws(WorkspaceError) {
        for child in try children(limit: .max, at: path) {
            if child.status.kind == .folder {
                let folder = try folder(child.name, at: path).opened(at: path)
                try folder.setPermissions(0o700, at: path)
                try folder.removeContents(at: path)
            }
            try remove(child.name, isFolder: child.status.kind == .folder, at: path)
        }
    }
}
