#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension ScratchFolder {
    func link(_ name: String, to target: String) throws {
        guard symlink(target, self[name]) == 0 else { throw Refusal(call: "symlink", code: errno) }
    }

    static func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }

    func remove(_ name: String) throws {
        guard unlink(self[name]) == 0 else { throw Refusal(call: "unlink", code: errno) }
    }

    func move(_ name: String, to other: String) throws {
        guard rename(self[name], self[other]) == 0 else { throw Refusal(call: "rename", code: errno) }
    }

    /// Every file, folder and link below, with its contents.
    func tree(_ name: String) -> [String: String] {
        var found: [String: String] = [:]
        guard let folder = opendir(self[name]) else { return found }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let child = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { byte in byte != 0 }, as: UTF8.self)
            }
            guard child != ".", child != ".." else { continue }
            let path = "\(name)/\(child)"
            var status = stat()
            guard lstat(self[path], &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR:
                found[path] = "folder"
                found.merge(tree(path)) { first, _ in first }
            case S_IFREG:
                found[path] = (try? read(path)).map { bytes in String(decoding: bytes, as: UTF8.self) }
            default: found[path] = "other"
            }
        }
        return found
    }

    /// Opens a path as a careless tool does, links and all: its contents, or nil.
    static func readCarelessly(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var chunk = [UInt8](repeating: 0, count: 4_096)
        let count = fread(&chunk, 1, chunk.count, file)
        return String(decoding: chunk[..<count], as: UTF8.self)
    }

    /// Writes to a path as a careless tool does; whether it could.
    static func writeCarelessly(_ path: String, _ text: String) -> Bool {
        guard let file = fopen(path, "w") else { return false }
        return fputs(text, file) >= 0 && fclose(file) == 0
    }
}
