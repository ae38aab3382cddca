import PipelineCore

extension Workspace {
    /// Changes files as the patch says, all of them or none.
    ///
    /// All hunks of all files are checked against what is there before anything is written. Then the new
    /// contents are written beside the old ones, or in the staging folder, and last take their names one
    /// after the other; when one cannot, those before it are put back. A process that is killed among these
    /// renames leaves a part of them done. Permissions stay; a renamed file takes its own along. Folders that
    /// are missing are made, those that become empty stay.
    ///
    /// - Throws: ``PatchError`` with the file, the hunk and the line, and after a failure midway the paths
    ///   that could not be put back.
    public func apply(_ patch: Patch) throws(PatchError) -> Patched {
        try apply(patch, beforeEach: { _ in })
    }

    /// - Parameter beforeEach: called with each path before it is changed, so that a test can get in between.
    package func apply(_ patch: Patch, beforeEach: (String) -> Void) throws(PatchError) -> Patched {
        var plan = PatchPlan(workspace: self)
        for file in patch.files { try plan.add(file) }
        var change = PatchTransaction(workspace: self, deeds: plan.deeds)
        try change.carryOut(beforeEach: beforeEach)
        return plan.result
    }
}
