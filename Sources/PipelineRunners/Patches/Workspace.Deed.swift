import PipelineCore

extension Workspace {
    /// One name that a patch writes or removes.
    struct Deed {
        let path: Path
        let folders: [FileName]
        let name: FileName
        /// What is there; nil for nothing.
        let old: Original?
        /// What shall be there; nil for nothing.
        let new: [UInt8]?
        let permissions: UInt32?
        /// Where the new contents wait.
        var staged: FileName?
        /// Where the old contents are kept until all is done.
        var backup: FileName?

        init(_ path: Path, old: Original?, new: [UInt8]?, permissions: UInt32?) throws(WorkspaceError) {
            let (folders, name) = try path.file()
            self.path = path
            self.folders = Array(folders)
            self.name = name
            self.old = old
            self.new = new
            self.permissions = permissions
        }
    }

    /// A file as it was when it was read.
    struct Original {
        let bytes: [UInt8]
        let status: FileStatus
    }
}
