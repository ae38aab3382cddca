import PipelineCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Workspace.Descriptor {
    /// Opens a regular file of this folder for reading; a fifo, which would wait for its writer, is refused.
    func file(_ name: Workspace.FileName, at path: String) throws(WorkspaceError) -> Workspace.Descriptor {
        let file = try Workspace.Descriptor(
            name.terminated, below: number, flags: O_RDONLY | O_NONBLOCK, at: path)
        guard try file.status(at: path).kind == .file else {
            throw WorkspaceError(path: path, reason: .notAFile)
        }
        return file
    }

    /// Makes a file of this folder, which must not exist, and opens it for writing.
    func newFile(_ name: Workspace.FileName, permissions: UInt32, at path: String) throws(WorkspaceError)
        -> Workspace.Descriptor
    {
        try Workspace.Descriptor(
            name.terminated, below: number, flags: O_WRONLY | O_CREAT | O_EXCL,
            mode: mode_t(truncatingIfNeeded: permissions), at: path)
    }

    /// Reads on into the buffer; 0 is the end of the file.
    func fill(_ buffer: inout [UInt8], at path: String) throws(WorkspaceError) -> Int {
        let number = number
        return try Self.call("read", at: path) {
            buffer.withUnsafeMutableBytes { readBytes(number, $0) }
        }
    }

    /// Reads up to this many bytes and says whether there are more.
    func bytes(limit: Int, at path: String) throws(WorkspaceError) -> (bytes: [UInt8], isCut: Bool) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(try status(at: path).size, limit))
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= limit {
            let count = try fill(&buffer, at: path)
            if count == 0 { return (bytes, false) }
            let room = limit - bytes.count
            bytes.append(contentsOf: buffer.prefix(min(count, room)))
            if count > room { break }
        }
        return (bytes, true)
    }

    /// Reads the whole file, or refuses one that is larger than the limit.
    func wholeFile(limit: Int, at path: String) throws(WorkspaceError) -> [UInt8] {
        let size = try status(at: path).size
        guard size <= limit else {
            throw WorkspaceError(path: path, reason: .tooLarge(size: size, limit: limit))
        }
        let (bytes, isCut) = try bytes(limit: limit, at: path)
        guard !isCut else {
            throw WorkspaceError(path: path, reason: .tooLarge(size: limit + 1, limit: limit))
        }
        return bytes
    }

    /// The digest of the file, however large.
    func digest(at path: String) throws(WorkspaceError) -> ContentDigest {
        var hash = ContentHasher()
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = try fill(&buffer, at: path)
            if count == 0 { return ContentDigest(hash) }
            hash.update(buffer.prefix(count))
        }
    }

    /// Writes the bytes to the end, however few the system takes at a time.
    func append(_ bytes: ArraySlice<UInt8>, at path: String) throws(WorkspaceError) {
        let number = number
        var rest = bytes
        while !rest.isEmpty {
            let count = try Self.call("write", at: path) {
                rest.withUnsafeBytes { writeBytes(number, $0) }
            }
            rest = rest.dropFirst(count)
        }
    }
}

// Named apart from the functions of the workspace, which would hide the system's.
private func readBytes(_ number: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    read(number, buffer.baseAddress, buffer.count)
}

private func writeBytes(_ number: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
    write(number, buffer.baseAddress, buffer.count)
}
