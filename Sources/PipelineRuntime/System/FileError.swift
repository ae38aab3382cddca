import CPipelineSystem

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A system call on a file that failed.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    package let call: String
    package let path: String
    package let code: CInt

    package init(_ call: String, _ path: String, _ code: CInt) {
        self.call = call
        self.path = path
        self.code = code
    }

    /// There is a file of this name already.
    package init(existing path: String) { self.init("open", path, EEXIST) }

    package var isMissing: Bool { code == ENOENT || code == ENOTDIR }

    /// The system's words for it.
    package var reason: String {
        var text = [CChar](repeating: 0, count: 256)
        pipeline_error_text(code, &text, text.count)
        let bytes = text.prefix { character in character != 0 }.map { character in
            UInt8(bitPattern: character)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    package var description: String { "\(path): \(call) failed: \(reason)" }
}

extension JournalError {
    package init(_ error: FileError) { self.init(error.path, .system(error.call, error.reason)) }
}
