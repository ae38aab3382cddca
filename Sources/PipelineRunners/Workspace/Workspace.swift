#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A folder that the file tools of an agent work in and cannot leave.
///
/// Every path is relative to the root and is walked name by name, each opened below the folder opened before
/// it and never through a symbolic link: what is judged is what is used, so there is no moment at which a
/// folder could be swapped for a link. Refused are absolute paths, `..`, zero bytes, links anywhere, and
/// whatever is neither a regular file nor a folder. Each refusal is a ``WorkspaceError`` that names the path
/// and the reason.
///
/// Two things it cannot see: a hard link to a file outside looks like any other file (reading it reads that
/// file; writing replaces the name inside and leaves the other one alone), and a mount below the root is part
/// of the tree. Keep both out of the folder.
///
/// All functions block on the file system and hold no descriptor between calls. Concurrent calls are safe; of
/// two writes to one file, the later wins whole.
public struct Workspace: Sendable, Hashable {
    /// The absolute path of the folder, with every symbolic link on the way resolved once, at the start.
    public let root: String

    /// The names that lead from the root of the file system to the folder.
    let rootNames: [FileName]

    /// The names that lead to the staging folder, if there is one.
    let stagingNames: [FileName]?

    /// Takes the folder at a path of the operator's own, absolute or relative to the working directory.
    ///
    /// - Parameter staging: where files are written before they take their names, outside the root and on the same
    ///   file system. A process that is killed in the middle then leaves nothing in the workspace.
    /// - Throws: `missing`, `notAFolder` or `denied`, when a folder cannot be opened.
    public init(root: String, staging: String? = nil) throws(WorkspaceError) {
        self.root = try Self.resolved(root)
        rootNames = Self.names(in: self.root)
        if let staging {
            stagingNames = Self.names(in: try Self.resolved(staging))
        } else {
            stagingNames = nil
        }
        _ = try openRoot()
    }

    /// The path with its links resolved, which must exist.
    static func resolved(_ path: String) throws(WorkspaceError) -> String {
        guard !path.isEmpty else { throw WorkspaceError(path: path, reason: .emptyPath) }
        guard !path.utf8.contains(0) else { throw WorkspaceError(path: path, reason: .zeroByte) }
        guard let resolved = realpath(path, nil) else {
            throw WorkspaceError(path: path, call: "realpath", code: errno)
        }
        defer { free(resolved) }
        guard let text = String(validatingCString: resolved) else {
            throw WorkspaceError(path: path, call: "realpath", code: EILSEQ)
        }
        return text
    }

    /// The names in an absolute path without links.
    static func names(in absolute: String) -> [FileName] {
        absolute.utf8.split(separator: UInt8(ascii: "/")).map { FileName(bytes: Array($0)) }
    }
}
