import CPipelineSystem

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The terminal or whatever stands in its place. Writes at once; a reader that has gone away is no error.
enum Console {
    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var inputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    static func out(_ text: String) { send(text, to: STDOUT_FILENO) }
    static func error(_ text: String) { send(text + "\n", to: STDERR_FILENO) }

    /// The name of the person at the terminal: what USER says, or the system.
    static var user: String {
        if let name = variable("USER") { return name }
        var text = [CChar](repeating: 0, count: 256)
        guard pipeline_user_name(geteuid(), &text, text.count) == 0 else { return "uid-\(geteuid())" }
        let bytes = text.prefix { character in character != 0 }
        return String(decoding: bytes.map { byte in UInt8(bitPattern: byte) }, as: UTF8.self)
    }

    /// An environment variable.
    static func variable(_ name: String) -> String? { getenv(name).map { value in String(cString: value) } }

    /// The absolute path of the working directory.
    static var directory: String? {
        guard let path = getcwd(nil, 0) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }

    static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

    private static func send(_ text: String, to number: CInt) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { buffer in write(number, buffer.baseAddress, buffer.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

extension String {
    /// With control characters made visible, and what turns the direction of writing: what a model or a command says
    /// cannot steer a terminal.
    var printable: String {
        var text = ""
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x0A, 0x09: text.unicodeScalars.append(scalar)
            case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069:
                text += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// As one word for a shell.
    var quoted: String {
        let plain = utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
                UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                true
            default: false
            }
        }
        return plain && !isEmpty
            ? self
            : "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}

extension Console {
    /// Waits for one byte; false at the end.
    static func read(_ number: CInt, _ byte: inout UInt8) -> Bool {
        while true {
            let count = systemRead(number, &byte)
            if count == 1 { return true }
            if count == 0 || errno != EINTR { return false }
        }
    }

    private static func systemRead(_ number: CInt, _ byte: inout UInt8) -> Int {
        #if canImport(Glibc)
            Glibc.read(number, &byte, 1)
        #elseif canImport(Musl)
            Musl.read(number, &byte, 1)
        #else
            Darwin.read(number, &byte, 1)
        #endif
    }
}

extension Console {
    /// The names in a folder, sorted; nil when it cannot be read.
    static func names(in folder: String) -> [String]? {
        guard let stream = opendir(folder) else { return nil }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { byte in byte != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
