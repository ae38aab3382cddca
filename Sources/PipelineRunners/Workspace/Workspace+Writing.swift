import PipelineCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Workspace {
    /// Makes a file or replaces its contents, and makes the folders that lead to it.
    ///
    /// Whole or not at all: the bytes go to a temporary file in the staging folder, or beside it where there
    /// is none, which reaches the disk before it takes the name. An existing file keeps its read, write and
    /// execute permissions, though not its owner or its other hard links; one without any write permission is
    /// refused as `denied`. After a failure the contents are as before and no temporary file is left; folders
    /// made on the way stay.
    ///
    /// - Throws: ``WorkspaceError`` when the path is refused or is no regular file, or the disk fails.
    public func write(_ path: String, _ bytes: [UInt8]) throws(WorkspaceError) -> Change {
        let target = try Path(path)
        let (folders, name) = try target.file()
        let folder = try open(folders, making: true, at: path)
        let before: Replaced?
        do {
            let file = try Self.replaceable(name, in: folder, at: path)
            before = Replaced(
                digest: try file.digest(at: path), permissions: try file.status(at: path).permissions)
        } catch {
            guard error.reason == .missing else { throw error }
            before = nil
        }
        return try replace(before, by: bytes, name: name, in: folder, path: target)
    }

    /// What is kept of a file that is replaced.
    struct Replaced {
        let digest: ContentDigest
        let permissions: UInt32
    }

    /// Opens a file for reading that may also be replaced.
    static func replaceable(_ name: FileName, in folder: borrowing Descriptor, at path: String)
        throws(WorkspaceError) -> Descriptor
    {
        let file = try folder.file(name, at: path)
        guard try file.status(at: path).permissions & 0o222 != 0 else {
            throw WorkspaceError(path: path, reason: .denied)
        }
        return file
    }

    /// Puts a new file in the place of one, or of none.
    func replace(
        _ before: Replaced?, by bytes: [UInt8], name: FileName, in folder: borrowing Descriptor, path: Path
    ) throws(WorkspaceError) -> Change {
        let size = bytes.count
        guard size <= Limit.file else {
            throw WorkspaceError(path: path.given, reason: .tooLarge(size: size, limit: Limit.file))
        }
        if let stagingNames {
            let staging = try Self.open(
                stagingNames, making: false, below: Descriptor.systemRoot(at: root), at: path.given)
            try Self.put(
                bytes, permissions: before?.permissions, name, in: folder, by: staging, at: path.given)
        } else {
            try Self.put(
                bytes, permissions: before?.permissions, name, in: folder, by: folder, at: path.given)
        }
        // The file has its new contents now whatever comes; not every file system can sync a folder.
        if let opened = try? folder.opened(at: path.given) { try? opened.sync(at: path.given) }
        let after = ContentDigest(hashing: bytes)
        return Change(path: path.text, before: before?.digest, after: after, size: size)
    }

    /// Writes the bytes in the staging folder and moves them to their name.
    private static func put(
        _ bytes: [UInt8], permissions: UInt32?, _ name: FileName, in folder: borrowing Descriptor,
        by staging: borrowing Descriptor, at path: String
    ) throws(WorkspaceError) {
        let temporary = try writeTemporary(bytes, permissions: permissions, in: staging, at: path)
        do {
            try staging.move(temporary, to: name, in: folder, at: path)
        } catch {
            try? staging.remove(temporary, at: path)
            throw error
        }
    }

    /// Writes the bytes to a new file of the folder, down to the disk, and returns its name.
    static func writeTemporary(
        _ bytes: [UInt8], permissions: UInt32?, in folder: borrowing Descriptor, at path: String
    ) throws(WorkspaceError) -> FileName {
        // With permissions to keep, nobody else may look in before they are set.
        let initial: UInt32 = permissions == nil ? 0o666 : 0o600
        let temporary = try newTemporary(permissions: initial, in: folder, at: path)
        do {
            if let permissions { try temporary.file.setPermissions(permissions, at: path) }
            try temporary.file.append(bytes[...], at: path)
            try temporary.file.sync(at: path)
        } catch {
            try? folder.remove(temporary.name, at: path)
            throw error
        }
        return temporary.name
    }

    /// Makes a file under a name that nothing has yet: an earlier process may have left one behind.
    private static func newTemporary(permissions: UInt32, in folder: borrowing Descriptor, at path: String)
        throws(WorkspaceError) -> TemporaryFile
    {
        var attempt = 0
        while true {
            let count = temporaryFiles.wrappingAdd(1, ordering: .relaxed).newValue
            let name = FileName(bytes: Array(".pipeline-\(getpid())-\(count).tmp".utf8))
            do {
                let file = try folder.newFile(name, permissions: permissions, at: path)
                return TemporaryFile(name: name, file: file)
            } catch {
                attempt += 1
                guard error.reason == .alreadyExists, attempt < 100 else { throw error }
            }
        }
    }

    private struct TemporaryFile: ~Copyable {
        let name: FileName
        let file: Descriptor
    }

    private static let temporaryFiles = Atomic<UInt64>(0)
}
