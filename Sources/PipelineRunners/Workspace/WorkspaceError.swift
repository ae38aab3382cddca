/// Why a ``Workspace`` refused a path or could not do what it was asked.
public struct WorkspaceError: Error, Hashable, Sendable {
    /// The path as it was given, or the entry below it that stood in the way.
    public let path: String
    /// What stood in the way.
    public let reason: Reason

    /// Names a path and what stood in its way.
    public init(path: String, reason: Reason) {
        self.path = path
        self.reason = reason
    }
}
