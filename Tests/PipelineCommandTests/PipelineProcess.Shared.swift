import CPipelineSystem
import PipelineRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension PipelineProcess {
    /// What of it the threads share with it.
    final class Shared: Sendable {
        struct State {
            var lines: [Line] = []
            var openStreams = 2
            var ending: Outcome.Ending?
            var waiters: [CheckedContinuation<Void, Never>] = []
        }

        let number: pid_t
        let reaction: Reaction
        let state = Locked(State())

        init(_ number: pid_t, _ reaction: @escaping Reaction) {
            self.number = number
            self.reaction = reaction
        }
    }
}

extension PipelineProcess.Shared {
    /// Sends a signal; the number is the child's own until it is reaped.
    func send(_ signal: CInt) {
        state.withLock { state in
            if state.ending == nil { kill(number, signal) }
        }
    }

    /// Returns what the body gives as soon as it gives anything; a task that is cancelled kills the child.
    func wait<Value>(until ready: (State) -> Value?) async -> Value {
        await withTaskCancellationHandler {
            while true {
                if let value = state.withLock({ state in ready(state) }) { return value }
                await change(unless: { state in ready(state) != nil })
            }
        } onCancel: {
            send(SIGKILL)
        }
    }

    /// Returns after the next line or end, at once if it has come to what is waited for.
    private func change(unless isReady: (State) -> Bool) async {
        await withCheckedContinuation { waiter in
            let isLate = state.withLock { state in
                guard !isReady(state) else { return true }
                state.waiters.append(waiter)
                return false
            }
            if isLate { waiter.resume() }
        }
    }

    /// Reads one stream to its end; the thread that ends last reaps the child.
    func read(_ stream: PipelineProcess.Line.Stream, from descriptor: CInt) {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        var count = 0
        while case let length = recurringRead(descriptor, &chunk), length > 0 {
            for byte in chunk[..<length] {
                guard byte == UInt8(ascii: "\n") else {
                    bytes.append(byte)
                    continue
                }
                count += 1
                take(PipelineProcess.Line(stream: stream, number: count, text: text(bytes)))
                bytes = []
            }
        }
        if !bytes.isEmpty {
            take(PipelineProcess.Line(stream: stream, number: count + 1, text: text(bytes)))
        }
        close(descriptor)
        let isLast = state.withLock { state in
            state.openStreams -= 1
            return state.openStreams == 0
        }
        if isLast { reap() }
    }

    private func take(_ line: PipelineProcess.Line) {
        if let signal = reaction(line) { send(signal) }
        change { state in state.lines.append(line) }
    }

    private func reap() {
        var info = siginfo_t()
        while waitid(P_PID, id_t(number), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        change { state in
            var code: CInt = 0
            var signal: CInt = 0
            let error = pipeline_wait(number, &code, &signal)
            state.ending = error == 0 && signal == 0 ? .exited(code) : .signaled(signal)
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let waiters = state.withLock { state in
            body(&state)
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private func recurringRead(_ descriptor: CInt, _ chunk: inout [UInt8]) -> Int {
        while true {
            let count = systemRead(descriptor, &chunk, chunk.count)
            if count >= 0 || errno != EINTR { return count }
        }
    }
}

// The method of the same name hides the system's.
private let systemRead: @Sendable (CInt, UnsafeMutableRawPointer?, Int) -> Int = { read($0, $1, $2) }
