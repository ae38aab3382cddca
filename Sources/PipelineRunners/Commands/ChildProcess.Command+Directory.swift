extension ChildProcess.Command {
    /// Opens the child's working directory; none where it is this process's own.
    func openDirectory() throws(SpawnError) -> Descriptor {
        guard let directory else { return .none }
        guard let folder else { return try Platform.openDirectory(directory) }
        do throws(WorkspaceError) {
            let names = try Workspace.Path(folder).names
            let opened = try Workspace(root: directory).open(names, at: folder)
            // One in which nothing may be looked up cannot be worked in.
            guard Platform.canEnter(opened.number) else {
                throw WorkspaceError(path: folder, reason: .denied)
            }
            return Descriptor(number: opened.released())
        } catch {
            throw .folder(error)
        }
    }
}
