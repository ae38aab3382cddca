#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A folder of its own for a test, removed with all that is in it when the last reference goes.
///
/// Its functions speak to the C library alone and follow links, unlike what they help to test.
final class TemporaryFolder: Sendable {
    /// The absolute path, without links.
    let path: String

    /// Makes the folder; nil when the system does not let it.
    init?() {
        var template = Array("/tmp/pipeline-tests-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil, let resolved = realpath(template, nil) else { return nil }
        defer { free(resolved) }
        path = String(cString: resolved)
    }

    deinit { Self.remove(Array(path.utf8CString)) }

    /// The absolute path of something in the folder.
    subscript(_ name: String) -> String { path + "/" + name }

    /// Makes or overwrites a file, in a folder that exists.
    @discardableResult
    func put(_ text: String, in name: String, mode: mode_t = 0o644) -> Bool {
        put(Array(text.utf8), in: name, mode: mode)
    }

    @discardableResult
    func put(_ bytes: [UInt8], in name: String, mode: mode_t = 0o644) -> Bool {
        let file = open(self[name], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard file >= 0 else { return false }
        defer { close(file) }
        return write(file, bytes, bytes.count) == bytes.count && fchmod(file, mode) == 0
    }

    /// The bytes of a file, or nil when there is none.
    func bytes(of name: String) -> [UInt8]? {
        let file = open(self[name], O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(file, &buffer, buffer.count)
            guard count >= 0 else { return nil }
            if count == 0 { return bytes }
            bytes += buffer.prefix(count)
        }
    }

    /// The text of a file, or nil when there is none or it is not UTF-8.
    func text(of name: String) -> String? {
        bytes(of: name).flatMap { String(validating: $0, as: UTF8.self) }
    }

    @discardableResult
    func makeFolder(_ name: String, mode: mode_t = 0o755) -> Bool {
        mkdir(self[name], mode) == 0 && chmod(self[name], mode) == 0
    }

    @discardableResult
    func makeLink(_ name: String, to target: String) -> Bool { symlink(target, self[name]) == 0 }

    @discardableResult
    func makeFifo(_ name: String) -> Bool { mkfifo(self[name], 0o644) == 0 }

    @discardableResult
    func rename(_ name: String, to other: String) -> Bool {
        Self.renamed(self[name], self[other]) == 0
    }

    /// The permissions of a file or folder, or nil when there is none.
    func mode(of name: String) -> mode_t? {
        var status = stat()
        return lstat(self[name], &status) == 0 ? status.st_mode & 0o777 : nil
    }

    /// The names in a folder, sorted.
    func names(in name: String = ".") -> [String] {
        Self.names(in: Array(self[name].utf8CString))
            .map { String(decoding: $0.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self) }.sorted()
    }

    /// The names as they are, for they need not be UTF-8.
    private static func names(in path: [CChar]) -> [[CChar]] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
        var names: [[CChar]] = []
        while let entry = readdir(stream) {
            let name = (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self)
            if strcmp(name, ".") == 0 || strcmp(name, "..") == 0 { continue }
            names.append(Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1)))
        }
        return names
    }

    private static func remove(_ path: [CChar]) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            _ = unlink(path)
            return
        }
        chmod(path, 0o700)
        for name in names(in: path) { remove(path.dropLast() + [CChar(UInt8(ascii: "/"))] + name) }
        rmdir(path)
    }

    // The method of the same name hides the system's.
    private static let renamed: @Sendable (String, String) -> Int32 = { renameat(AT_FDCWD, $0, AT_FDCWD, $1) }
}

extension TemporaryFolder {
    func setMode(_ mode: mode_t, of name: String) -> Bool { chmod(self[name], mode) == 0 }

    func makeHardLink(_ name: String, to target: String) -> Bool {
        link(self[target], self[name]) == 0
    }

    /// Makes a file whose name need not be UTF-8.
    func put(_ text: String, inBytes name: [UInt8]) -> Bool {
        let path = Array(self.path.utf8) + [UInt8(ascii: "/")] + name
        let file = open(path.map { CChar(bitPattern: $0) } + [0], O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { return false }
        defer { close(file) }
        return write(file, text, text.utf8.count) == text.utf8.count
    }
}
