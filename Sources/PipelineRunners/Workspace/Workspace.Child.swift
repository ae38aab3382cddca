extension Workspace {
    /// One entry of a folder on a walk through the tree.
    struct Child {
        let name: FileName
        let status: FileStatus

        /// Bytes to sort by: a folder counts with its slash, which puts the whole walk in the order of the
        /// paths.
        var order: [UInt8] { status.kind == .folder ? name.bytes + [UInt8(ascii: "/")] : name.bytes }
    }
}

extension Workspace.Descriptor {
    /// The entries of this folder in the order of a walk; what vanishes meanwhile is left out.
    func children(limit: Int, at path: String) throws(WorkspaceError) -> [Workspace.Child] {
        var children: [(order: [UInt8], child: Workspace.Child)] = []
        for name in try names(limit: limit, at: path) {
            do {
                let status = try status(of: name, at: Workspace.path(of: name, in: path))
                let child = Workspace.Child(name: name, status: status)
                children.append((child.order, child))
            } catch {
                guard error.reason == .missing else { throw error }
            }
        }
        return children.sorted { $0.order.lexicographicallyPrecedes($1.order) }.map(\.child)
    }
}
