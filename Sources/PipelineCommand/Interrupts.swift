import CPipelineSystem
import PipelineRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The signals that end a process, as a stream.
enum Interrupts {
    /// Each SIGINT and SIGTERM that arrives from now on; they no longer end the process.
    static func all() -> AsyncStream<Int32> {
        var ends: [CInt] = [-1, -1]
        guard pipeline_pipe(&ends) == 0 else { return AsyncStream { nil } }
        for number in [SIGINT, SIGTERM] { _ = pipeline_watch_signal(number, ends[1]) }
        let reader = ends[0]
        return AsyncStream { continuation in
            let code = OwnThread.run {
                var byte: UInt8 = 0
                while Console.read(reader, &byte) { continuation.yield(Int32(byte)) }
                continuation.finish()
            }
            if code != 0 { continuation.finish() }
        }
    }
}
