extension ControlServer {
    /// Carries what tasks have to say to the thread that owns the sockets, in order, and wakes it.
    final class Mailbox: Sendable {
        enum Mail: Sendable {
            /// A line for a client; goes on, true, when there is room for another one, or false, when the client has gone.
            case line([UInt8], to: Int, CheckedContinuation<Bool, Never>)
            /// A request is dealt with.
            case answered(Int, isLast: Bool)
            /// Take nothing more.
            case withdraw
            /// End; goes on when that is done. Unless at once, clients have a moment to take what is left for them.
            case close(atOnce: Bool, CheckedContinuation<Void, Never>?)

            /// Lets nobody wait for a thread that has ended.
            func giveBack() {
                switch self {
                case .line(_, _, let waiter): waiter.resume(returning: false)
                case .close(_, let waiter): waiter?.resume()
                case .answered, .withdraw: break
                }
            }
        }

        private struct State {
            var mail: [Mail] = []
            var isClosed = false
        }

        private let state = Locked(State())
        private let pipe: WakePipe

        init() throws(FileError) { pipe = try WakePipe() }

        /// Readable when there is mail.
        var descriptor: CInt { pipe.descriptor }

        func post(_ mail: Mail) {
            let isTaken = state.withLock { state in
                if !state.isClosed { state.mail.append(mail) }
                return !state.isClosed
            }
            guard isTaken else { return mail.giveBack() }
            pipe.wake()
        }

        /// What has come since the last call. For the thread.
        func take() -> [Mail] {
            pipe.drain()
            return state.withLock { state in
                defer { state.mail = [] }
                return state.mail
            }
        }

        /// Takes no more; gives back what is left.
        func end() {
            let rest = state.withLock { state in
                defer { state = State(isClosed: true) }
                return state.mail
            }
            for mail in rest { mail.giveBack() }
        }
    }
}
