import PipelineRuntime

/// What cannot be taken back: a file of its own to which every effect and every acknowledgment is appended as it happens, and
/// which a killed process leaves as it is.
final class Ledger: Sendable {
    private let file: FileDescriptor
    private let path: String

    init(_ path: String) throws {
        self.path = path
        if (try? FileDescriptor(opening: path, .reading)) == nil {
            _ = try FileDescriptor(opening: path, .createNew)
        }
        file = try FileDescriptor(opening: path, .appending)
    }

    func write(_ line: String) throws { try file.write(Array("\(line)\n".utf8)) }

    var lines: [String] {
        get throws {
            let bytes = try FileDescriptor(opening: path, .reading).readAll()
            return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }

    /// Whether a step has taken effect.
    func has(_ line: String) -> Bool { (try? lines.contains(line)) ?? false }
}
