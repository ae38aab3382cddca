#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension FileDescriptor {
    /// Gives a file another name, in place of the file that had it.
    package static func rename(_ path: String, to other: String) throws(FileError) {
        #if canImport(Glibc)
            let code = Glibc.rename(path, other)
        #elseif canImport(Musl)
            let code = Musl.rename(path, other)
        #else
            let code = Darwin.rename(path, other)
        #endif
        guard code == 0 else { throw FileError("rename", path, errno) }
    }

    /// Removes a file; one that is missing is removed already.
    package static func remove(_ path: String) throws(FileError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw FileError("unlink", path, errno) }
    }

    /// The names of what is in a folder, in no order.
    static func names(in folder: String) throws(FileError) -> [String] {
        guard let stream = opendir(folder) else { throw FileError("opendir", folder, errno) }
        defer { closedir(stream) }
        let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let text = UnsafeRawPointer(entry) + offset
            names.append(String(cString: text.assumingMemoryBound(to: CChar.self)))
        }
        let code = errno
        guard code == 0 else { throw FileError("readdir", folder, code) }
        return names.filter { name in name != "." && name != ".." }
    }
}

extension FileError {
    /// There is something of this name already.
    var isTaken: Bool { code == EEXIST }
}
