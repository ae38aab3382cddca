import CPipelineSystem

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads descriptors on threads of their own: a read that blocks must not hold one of Swift's few.
enum LineReader {
    /// Each SIGINT and SIGTERM that arrives from now on; they no longer end the process.
    static func interrupts() -> AsyncStream<Int32> {
        var ends: [CInt] = [-1, -1]
        guard pipeline_pipe(&ends) == 0 else { return AsyncStream { nil } }
        for number in [SIGINT, SIGTERM] { _ = pipeline_watch_signal(number, ends[1]) }
        let reader = ends[0]
        return AsyncStream { continuation in
            onThread {
                var byte: UInt8 = 0
                while Console.read(reader, &byte) { continuation.yield(Int32(byte)) }
                continuation.finish()
            }
        }
    }

    /// One line of standard input, without its end; nil at the end of input.
    static func line() async -> String? {
        await withCheckedContinuation { continuation in
            onThread { continuation.resume(returning: readLine()) }
        }
    }

    private final class Body: Sendable {
        let work: @Sendable () -> Void
        init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }

    private static func onThread(_ work: @escaping @Sendable () -> Void) {
        let body = Unmanaged.passRetained(Body(work)).toOpaque()
        let code = pipeline_thread(
            { body in Unmanaged<Body>.fromOpaque(body).takeRetainedValue().work() }, body)
        if code != 0 { Unmanaged<Body>.fromOpaque(body).takeRetainedValue().work() }
    }
}
