import CPipelineSystem

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Wakes a thread that polls.
final class WakePipe: Sendable {
    private let ends: (reader: CInt, writer: CInt)

    init() throws(FileError) {
        var pair: [CInt] = [-1, -1]
        var error = pair.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { ends in pipeline_pipe(ends) } ?? EINVAL
        }
        ends = (pair[0], pair[1])
        guard error == 0 else { throw FileError("pipe", "/dev/null", error) }
        for end in pair where error == 0 { error = pipeline_set_nonblocking(end) }
        guard error == 0 else { throw FileError("fcntl", "/dev/null", error) }
    }

    deinit {
        for end in [ends.reader, ends.writer] where end >= 0 { close(end) }
    }

    /// Readable once it was woken.
    var descriptor: CInt { ends.reader }

    func wake() {
        // A pipe that is full wakes as well.
        var byte: UInt8 = 1
        _ = write(ends.writer, &byte, 1)
    }

    /// Forgets that it was woken.
    func drain() {
        var bytes = [UInt8](repeating: 0, count: 256)
        while read(ends.reader, &bytes, bytes.count) == bytes.count {}
    }
}
