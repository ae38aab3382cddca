extension Workspace {
    /// The writing of a patch: stage everything, then give the names, and take back what was done when one
    /// fails.
    struct PatchTransaction {
        let workspace: Workspace
        private var deeds: [Deed]
        private var madeFolders: [ArraySlice<FileName>] = []

        init(workspace: Workspace, deeds: [Deed]) {
            self.workspace = workspace
            self.deeds = deeds
        }

        mutating func carryOut(beforeEach: (String) -> Void) throws(PatchError) {
            var done = 0
            var path = ""
            do throws(WorkspaceError) {
                for index in deeds.indices {
                    path = deeds[index].path.text
                    try stage(index)
                }
                for index in deeds.indices {
                    path = deeds[index].path.text
                    beforeEach(path)
                    try giveName(index)
                    done += 1
                }
            } catch {
                let stuck = takeBack(done)
                removeTemporaries(keeping: stuck)
                removeFolders()
                let paths = stuck.map { index in deeds[index].path.text }
                throw PatchError(
                    paths.isEmpty ? .workspace(error.reason) : .stuck(paths, cause: error.reason), path: path)
            }
            removeTemporaries(keeping: [])
        }
    }
}

extension Workspace.PatchTransaction {
    /// Writes the new contents, and a copy of the old ones, under names of their own.
    private mutating func stage(_ index: Int) throws(WorkspaceError) {
        let deed = deeds[index]
        if deed.new != nil { try makeFolders(to: deed) }
        let staging = try staging(for: deed)
        if let new = deed.new {
            deeds[index].staged = try Workspace.writeTemporary(
                new, permissions: deed.permissions, in: staging, at: deed.path.given)
        }
        if let old = deed.old {
            deeds[index].backup = try Workspace.writeTemporary(
                old.bytes, permissions: old.status.permissions, in: staging, at: deed.path.given)
        }
    }

    /// Puts the new contents in the place of the old ones, if these are still what was read.
    private mutating func giveName(_ index: Int) throws(WorkspaceError) {
        let (deed, path) = (deeds[index], deeds[index].path.given)
        let folder = try workspace.open(deed.folders, at: path)
        let now = try folder.statusIfPresent(of: deed.name, at: path)
        guard now == deed.old?.status else { throw WorkspaceError(path: path, reason: .changedMeanwhile) }
        if let staged = deed.staged {
            try staging(for: deed).move(staged, to: deed.name, in: folder, at: path)
            deeds[index].staged = nil
        } else {
            try folder.remove(deed.name, at: path)
        }
        // It is done whatever comes; not every file system can sync a folder.
        if let opened = try? folder.opened(at: path) { try? opened.sync(at: path) }
    }

    /// Puts the old contents back for the first deeds, last one first; gives those for which it failed.
    private mutating func takeBack(_ count: Int) -> [Int] {
        var stuck: [Int] = []
        for index in deeds.indices.prefix(count).reversed() {
            let (deed, path) = (deeds[index], deeds[index].path.given)
            do throws(WorkspaceError) {
                let folder = try workspace.open(deed.folders, at: path)
                if let backup = deed.backup {
                    try staging(for: deed).move(backup, to: deed.name, in: folder, at: path)
                    deeds[index].backup = nil
                } else {
                    try folder.remove(deed.name, at: path)
                }
            } catch {
                stuck.append(index)
            }
        }
        return stuck.reversed()
    }

    private func removeTemporaries(keeping kept: [Int]) {
        for (index, deed) in deeds.enumerated() where deed.staged != nil || deed.backup != nil {
            guard let staging = try? staging(for: deed) else { continue }
            if let name = deed.staged { try? staging.remove(name, at: deed.path.given) }
            if let name = deed.backup, !kept.contains(index) {
                try? staging.remove(name, at: deed.path.given)
            }
        }
    }

    private func staging(for deed: Workspace.Deed) throws(WorkspaceError) -> Workspace.Descriptor {
        guard let names = workspace.stagingNames else {
            return try workspace.open(deed.folders, at: deed.path.given)
        }
        let root = try Workspace.Descriptor.systemRoot(at: workspace.root)
        return try Workspace.open(names, making: false, below: root, at: deed.path.given)
    }

    private mutating func makeFolders(to deed: Workspace.Deed) throws(WorkspaceError) {
        let path = deed.path.given
        var folder = try workspace.openRoot()
        for (index, name) in deed.folders.enumerated() {
            if try folder.statusIfPresent(of: name, at: path) == nil {
                try folder.makeFolder(name, permissions: 0o777, at: path)
                madeFolders.append(deed.folders[...index])
            }
            folder = try folder.folder(name, at: path)
        }
    }

    /// Removes the folders that were made, the inner ones first; one that somebody uses meanwhile stays.
    private func removeFolders() {
        for names in madeFolders.reversed() {
            guard let name = names.last, let parent = try? workspace.open(names.dropLast(), at: name.text)
            else { continue }
            try? parent.remove(name, isFolder: true, at: name.text)
        }
    }
}

extension Workspace.Descriptor {
    /// What the system says about an entry of this folder; nil when there is none.
    fileprivate func statusIfPresent(of name: Workspace.FileName, at path: String)
        throws(WorkspaceError) -> Workspace.FileStatus?
    {
        do throws(WorkspaceError) { return try status(of: name, at: path) } catch {
            guard error.reason == .missing else { throw error }
            return nil
        }
    }
}
