import PipelineRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Standard input, a line at a time, for one who asks at a time.
///
/// At most one read waits at any moment, on a thread of its own. When a question is called off, that read goes on
/// waiting for the next one; what has been typed for the old one is thrown away, so that it never answers another.
final class Keyboard: Sendable {
    enum Heard: Sendable {
        case line(String)
        case end
        /// The question was called off.
        case nothing
    }

    private struct State {
        var waiter: CheckedContinuation<Heard, Never>?
        var isReading = false
    }

    private let state = Locked(State())

    /// Says something and gives the next line without its end.
    func line(after text: String) async -> Heard {
        await withCheckedContinuation { waiter in
            let (mustRead, late) = state.withLock { state in
                defer {
                    state.waiter = waiter
                    state.isReading = true
                }
                return (!state.isReading, state.waiter)
            }
            late?.resume(returning: .nothing)
            // A read that still waits may hear an answer as soon as the question is seen.
            Console.out(text)
            if mustRead, OwnThread.run({ self.hear(Keyboard.read()) }) != 0 { hear(.end) }
        }
    }

    /// Whoever waits for a line waits no more.
    func callOff() {
        tcflush(STDIN_FILENO, TCIFLUSH)
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: .nothing)
    }

    private func hear(_ heard: Heard) {
        let waiter = state.withLock { state in
            defer { state = State() }
            return state.waiter
        }
        waiter?.resume(returning: heard)
    }

    private static func read() -> Heard {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while Console.read(STDIN_FILENO, &byte) {
            guard byte != UInt8(ascii: "\n") else { return .line(String(decoding: line, as: UTF8.self)) }
            line.append(byte)
        }
        return line.isEmpty ? .end : .line(String(decoding: line, as: UTF8.self))
    }
}
