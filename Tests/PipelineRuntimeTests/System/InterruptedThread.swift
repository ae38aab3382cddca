#if os(Linux)
    import PipelineRuntime
    import Synchronization

    #if canImport(Glibc)
        import Glibc
    #elseif canImport(Musl)
        import Musl
    #endif

    /// A thread of a test's own whose system calls are interrupted whenever the test says so.
    ///
    /// The signal is sent to this thread alone, and what handles it counts and does nothing else.
    final class InterruptedThread<Value: Sendable>: Sendable {
        private struct State {
            var thread: pthread_t?
            /// Where the system says what the thread is doing.
            var place = ""
            var result: Result<Value, any Error>?
        }

        private let state = Locked(State())

        /// Begins the work.
        init(_ work: @escaping @Sendable () throws -> Value) throws {
            let code = OwnThread.run { [self] in
                Interruption.unblock()
                state.withLock { state in
                    state.thread = pthread_self()
                    state.place = Interruption.place
                }
                let result = Result { try work() }
                // From here on nobody sends a signal to a thread that may be gone.
                state.withLock { state in state.result = result }
            }
            guard code == 0 else { throw ScratchFolder.Refusal(call: "pthread_create", code: code) }
        }

        /// What has come of the work; nil before its end.
        var result: Result<Value, any Error>? { state.withLock { state in state.result } }

        /// Waits until the thread has stopped in a call, and interrupts that; false when the work is done.
        func interrupt() throws -> Bool {
            while true {
                let (place, isOver) = state.withLock { state in (state.place, state.result != nil) }
                if isOver { return false }
                if !place.isEmpty, try Interruption.isWaiting(place) { break }
                sched_yield()
            }
            let before = Interruption.count
            let isSent = state.withLock { state in
                guard state.result == nil, let thread = state.thread else { return false }
                return pthread_kill(thread, SIGUSR2) == 0
            }
            while isSent, Interruption.count == before, result == nil { sched_yield() }
            return isSent
        }
    }

    /// The signal that interrupts, and how often it has come.
    enum Interruption {
        private static let counter = Atomic<Int>(0)

        static var count: Int { counter.load(ordering: .sequentiallyConsistent) }

        /// All that is done about a signal.
        private static func take() { counter.add(1, ordering: .sequentiallyConsistent) }

        /// Whether the system says what a thread is doing.
        static var isTold: Bool { access("/proc/thread-self/stat", R_OK) == 0 }

        /// Lets calls be interrupted until `body` returns, and puts back what was done about the signal before.
        static func allowed<Result>(_ body: () throws -> Result) throws -> Result {
            // Made before a handler needs it.
            _ = count
            var (action, previous) = (sigaction(), sigaction())
            #if canImport(Glibc)
                action.__sigaction_handler.sa_handler = { _ in Interruption.take() }
            #else
                action.__sa_handler.sa_handler = { _ in Interruption.take() }
            #endif
            // Without SA_RESTART: a call that the signal comes into ends.
            action.sa_flags = 0
            guard sigaction(SIGUSR2, &action, &previous) == 0 else {
                throw ScratchFolder.Refusal(call: "sigaction", code: errno)
            }
            defer { sigaction(SIGUSR2, &previous, nil) }
            return try body()
        }

        /// Lets the signal come to the thread that calls.
        fileprivate static func unblock() {
            var mask = sigset_t()
            sigemptyset(&mask)
            sigaddset(&mask, SIGUSR2)
            pthread_sigmask(SIG_UNBLOCK, &mask, nil)
        }

        /// The folder of the thread that calls, `<process>/task/<thread>`.
        fileprivate static var place: String {
            var target = [CChar](repeating: 0, count: 256)
            let count = readlink("/proc/thread-self", &target, target.count)
            let bytes = target.prefix(max(0, count)).map { character in UInt8(bitPattern: character) }
            return String(decoding: bytes, as: UTF8.self)
        }

        /// Whether a thread waits in the system for something, and a signal would wake it.
        fileprivate static func isWaiting(_ place: String) throws -> Bool {
            let bytes = try FileDescriptor(opening: "/proc/\(place)/stat", .reading).readAll()
            return String(decoding: bytes, as: UTF8.self).split(separator: ")").last?.hasPrefix(" S ")
                ?? false
        }
    }
#endif
