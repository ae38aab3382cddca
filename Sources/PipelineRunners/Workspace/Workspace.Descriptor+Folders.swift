#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Workspace.Descriptor {
    /// Flags to open a folder on the way to another, which asks for no permission to list it.
    private static var passing: Int32 {
        #if os(Linux)
            O_DIRECTORY | 0o10_000_000  // O_PATH, which the C library shows to GNU sources only
        #else
            O_DIRECTORY | O_RDONLY
        #endif
    }

    /// Opens the root of the file system.
    static func systemRoot(at path: String) throws(WorkspaceError) -> Workspace.Descriptor {
        try Workspace.Descriptor([CChar(UInt8(ascii: "/")), 0], below: AT_FDCWD, flags: passing, at: path)
    }

    /// Opens a folder of this folder, to pass through; ``opened(at:)`` opens it to list, sync or change.
    func folder(_ name: Workspace.FileName, at path: String) throws(WorkspaceError) -> Workspace.Descriptor {
        do {
            return try Workspace.Descriptor(name.terminated, below: number, flags: Self.passing, at: path)
        } catch {
            // A link is refused as not being a folder; look again only to say so.
            guard error.reason == .notAFolder, let status = try? status(of: name, at: path),
                status.kind == .link
            else { throw error }
            throw WorkspaceError(path: path, reason: .link)
        }
    }

    /// Opens a folder of this folder, and makes it first where there is none.
    func folder(making name: Workspace.FileName, at path: String) throws(WorkspaceError)
        -> Workspace.Descriptor
    {
        do {
            return try folder(name, at: path)
        } catch {
            guard error.reason == .missing else { throw error }
        }
        do {
            try makeFolder(name, permissions: 0o777, at: path)
        } catch {
            guard error.reason == .alreadyExists else { throw error }  // made meanwhile
        }
        return try folder(name, at: path)
    }

    /// The same folder, opened for reading.
    func opened(at path: String) throws(WorkspaceError) -> Workspace.Descriptor {
        try Workspace.Descriptor(
            [CChar(UInt8(ascii: ".")), 0], below: number, flags: O_DIRECTORY | O_RDONLY, at: path)
    }

    func makeFolder(_ name: Workspace.FileName, permissions: UInt32, at path: String) throws(WorkspaceError) {
        let (number, name) = (number, name.terminated)
        try Self.call("mkdirat", at: path) { mkdirat(number, name, mode_t(truncatingIfNeeded: permissions)) }
    }

    /// What the system says about an entry of this folder, links not followed.
    func status(of name: Workspace.FileName, at path: String) throws(WorkspaceError) -> Workspace.FileStatus {
        let (number, name) = (number, name.terminated)
        var status = stat()
        try Self.call("fstatat", at: path) { fstatat(number, name, &status, AT_SYMLINK_NOFOLLOW) }
        return Workspace.FileStatus(status)
    }

    /// Moves an entry of this folder into another folder of the same file system, where it replaces the file of that
    /// name.
    func move(
        _ name: Workspace.FileName, to other: Workspace.FileName, in folder: borrowing Workspace.Descriptor,
        at path: String
    ) throws(WorkspaceError) {
        let (source, name) = (number, name.terminated)
        let (destination, other) = (folder.number, other.terminated)
        try Self.call("renameat", at: path) { renameat(source, name, destination, other) }
    }

    func remove(_ name: Workspace.FileName, isFolder: Bool = false, at path: String) throws(WorkspaceError) {
        let (number, name) = (number, name.terminated)
        try Self.call("unlinkat", at: path) { unlinkat(number, name, isFolder ? AT_REMOVEDIR : 0) }
    }

    /// The names in this folder in no particular order, or a refusal when there are more than the limit.
    func names(limit: Int, at path: String) throws(WorkspaceError) -> [Workspace.FileName] {
        let number = number
        let copy = try Self.call("openat", at: path) {
            openat(number, ".", O_DIRECTORY | O_RDONLY | O_CLOEXEC)
        }
        guard let stream = fdopendir(copy) else {
            let code = errno
            _ = close(copy)
            throw WorkspaceError(path: path, call: "fdopendir", code: code)
        }
        defer { closedir(stream) }
        let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
        var names: [Workspace.FileName] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let text = UnsafeRawPointer(entry) + offset
            let length = strlen(text.assumingMemoryBound(to: CChar.self))
            let name = Array(UnsafeRawBufferPointer(start: text, count: length))
            if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) { continue }
            guard names.count < limit else {
                throw WorkspaceError(path: path, reason: .tooManyEntries(limit: Workspace.Limit.entries))
            }
            names.append(Workspace.FileName(bytes: name))
        }
        let code = errno
        guard code == 0 else { throw WorkspaceError(path: path, call: "readdir", code: code) }
        return names
    }
}
