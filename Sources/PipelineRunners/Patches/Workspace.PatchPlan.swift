import PipelineCore

extension Workspace {
    /// What a patch comes to on the files that are there; nothing is written.
    struct PatchPlan {
        let workspace: Workspace
        private(set) var deeds: [Deed] = []
        private(set) var result = Patched()
        private var paths: Set<String> = []
        private var bytesLeft = Patch.Limit.changed
        private var movesLeft = Patch.Limit.moved

        init(workspace: Workspace) { self.workspace = workspace }

        mutating func add(_ file: Patch.File) throws(PatchError) {
            var original: Original?
            if file.action == .create {
                try attempt(file.path) { () throws(WorkspaceError) in
                    try workspace.requireNothing(at: file.path)
                }
            } else {
                original = try attempt(file.path) { () throws(WorkspaceError) in
                    try workspace.original(file.path)
                }
            }
            let applied = try file.applied(to: original?.bytes ?? [], moves: &movesLeft)
            bytesLeft -= (original?.bytes.count ?? 0) + applied.bytes.count
            guard bytesLeft >= 0 else {
                throw PatchError(.tooMuch(limit: Patch.Limit.changed), path: file.path)
            }
            let permissions = original?.status.permissions
            switch file.action {
            case .create, .edit:
                try note(file.path, original, applied.bytes, permissions, applied.offsets)
            case .delete:
                guard applied.bytes.isEmpty else { throw PatchError(.leftover, path: file.path) }
                try note(file.path, original, nil, permissions, applied.offsets)
            case .rename(let path):
                try attempt(path) { () throws(WorkspaceError) in try workspace.requireNothing(at: path) }
                // First the new name: at no moment is the file nowhere.
                try note(path, nil, applied.bytes, permissions, applied.offsets)
                try note(file.path, original, nil, permissions, [])
            }
            if file.asksForMode { result.modesIgnored.append(file.paths.last ?? file.path) }
        }

        private mutating func note(
            _ path: String, _ old: Original?, _ new: [UInt8]?, _ permissions: UInt32?, _ offsets: [Int]
        ) throws(PatchError) {
            let deed = try attempt(path) { () throws(WorkspaceError) in
                try Deed(Path(path), old: old, new: new, permissions: permissions)
            }
            guard paths.insert(deed.path.text).inserted else { throw PatchError(.repeated, path: path) }
            deeds.append(deed)
            result.files.append(
                Patched.File(
                    path: deed.path.text, before: old.map { old in ContentDigest(hashing: old.bytes) },
                    after: new.map { new in ContentDigest(hashing: new) }, offsets: offsets))
        }

        @discardableResult
        private func attempt<Value>(_ path: String, _ body: () throws(WorkspaceError) -> Value)
            throws(PatchError) -> Value
        {
            do throws(WorkspaceError) { return try body() } catch {
                throw PatchError(.workspace(error.reason), path: path)
            }
        }
    }

    /// Reads a file that is to be changed.
    private func original(_ path: String) throws(WorkspaceError) -> Original {
        let (folders, name) = try Path(path).file()
        let file = try Self.replaceable(name, in: open(folders, at: path), at: path)
        let bytes = try file.wholeFile(limit: Limit.file, at: path)
        return Original(bytes: bytes, status: try file.status(at: path))
    }

    /// Refuses a path at which there is something, or to which no folders can be made.
    private func requireNothing(at path: String) throws(WorkspaceError) {
        let (folders, name) = try Path(path).file()
        do throws(WorkspaceError) {
            let status = try open(folders, at: path).status(of: name, at: path)
            throw WorkspaceError(path: path, reason: status.kind == .link ? .link : .alreadyExists)
        } catch {
            guard error.reason == .missing else { throw error }
        }
    }
}
