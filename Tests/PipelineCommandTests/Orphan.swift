import CPipelineSystem

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A command that its program left behind.
enum Orphan {
    /// Waits until the processes with these numbers have ended.
    ///
    /// On Linux the system ends them with the program; elsewhere the test does.
    static func end(_ numbers: String) async throws {
        for word in numbers.split(whereSeparator: \.isWhitespace) {
            guard let number = pid_t(word) else { continue }
            #if !os(Linux)
                kill(number, SIGKILL)
            #endif
            let watch = pipeline_exit_descriptor(number)
            guard watch >= 0 else { continue }
            defer { close(watch) }
            guard try await isReadable(watch) else {
                kill(number, SIGKILL)
                throw HarnessError("The command with process number \(number) outlived its program.")
            }
        }
    }

    private static func isReadable(_ descriptor: CInt) async throws -> Bool {
        try await withCheckedThrowingContinuation { continuation in
            do {
                try Thread.run {
                    var wish = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                    while true {
                        let count = poll(&wish, 1, 30_000)
                        if count < 0, errno == EINTR { continue }
                        return continuation.resume(returning: count == 1)
                    }
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}
