#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A folder of a test's own, removed with all that is in it when the last reference goes.
final class ScratchFolder: Sendable {
    let path: String

    /// A call that the system refused.
    struct Refusal: Error {
        let call: String
        let code: CInt
    }

    /// In memory where the system has such a place: what is flushed there costs nothing.
    init() throws {
        let parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        var template = Array("\(parent)/pipeline-runtime-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Refusal(call: "mkdtemp", code: errno) }
        path = template.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { name in String(cString: name) } ?? ""
        }
    }

    deinit { ScratchFolder.remove(path) }

    /// The path of something in the folder.
    subscript(_ name: String) -> String { "\(path)/\(name)" }

    /// Makes a file or overwrites it, in a folder that is there, and gives its path.
    @discardableResult
    func write(_ bytes: [UInt8], to name: String) throws -> String {
        let path = self[name]
        guard let file = fopen(path, "w") else { throw Refusal(call: "fopen", code: errno) }
        let count = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, count == bytes.count else { throw Refusal(call: "fwrite", code: errno) }
        return path
    }

    /// All bytes of a file.
    func read(_ name: String) throws -> [UInt8] {
        guard let file = fopen(self[name], "r") else { throw Refusal(call: "fopen", code: errno) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
        }
    }

    func makeFolder(_ name: String, mode: mode_t = 0o755) throws {
        guard mkdir(self[name], mode) == 0 else { throw Refusal(call: "mkdir", code: errno) }
    }

    func exists(_ name: String) -> Bool { access(self[name], F_OK) == 0 }

    /// Removes a file, a link, or a folder with all that is in it; what a link leads to stays.
    /// Removes what is at a path. A link is removed itself: whatever it leads to is not the test's to delete.
    private static func remove(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            _ = unlink(path)
            return
        }
        for name in names(in: path) { remove("\(path)/\(name)") }
        rmdir(path)
    }

    static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { byte in byte != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}

extension ScratchFolder {
    /// Where the build put the modules that this test binary is made of.
    static var products: String? {
        guard let slash = CommandLine.arguments[0].lastIndex(of: "/") else { return nil }
        return String(CommandLine.arguments[0][..<slash])
    }

    /// A variable of the environment.
    static func variable(_ name: String) -> String? {
        getenv(name).map { value in String(cString: value) }
    }

    static var isRoot: Bool { geteuid() == 0 }

    /// Whether the system shows the descriptors of this process as links.
    static var showsDescriptors: Bool { access("/proc/self/fd", R_OK) == 0 }

    /// Copies the first descriptor of this process that is open on a file of the folder, as fork does.
    func copyDescriptor(of name: String) -> CInt? {
        for number in 3..<CInt(1_024) {
            var target = [CChar](repeating: 0, count: 1_024)
            let count = readlink("/proc/self/fd/\(number)", &target, target.count)
            guard count > 0 else { continue }
            let bytes = target[..<count].map { character in UInt8(bitPattern: character) }
            if String(decoding: bytes, as: UTF8.self) == self[name] { return dup(number) }
        }
        return nil
    }

    /// Where descriptors of this process lead to that are open on something in the folder, or on the folder itself.
    var descriptors: [String] {
        (3..<CInt(4_096)).compactMap { number in
            var target = [CChar](repeating: 0, count: 1_024)
            let count = readlink("/proc/self/fd/\(number)", &target, target.count)
            guard count > 0 else { return nil }
            let bytes = target[..<count].map { character in UInt8(bitPattern: character) }
            let place = String(decoding: bytes, as: UTF8.self)
            return place.hasPrefix(path) ? place : nil
        }
    }

    static func closeDescriptor(_ number: CInt) { close(number) }
}
