import CPipelineSystem
import PipelineCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension ControlServer {
    /// The thread that owns the sockets: accepts, reads, writes, and never waits for anything but all of them at once.
    struct Loop {
        private var listener: ControlSocket?
        private let mailbox: Mailbox
        private let desk: Desk
        private let user: uid_t
        private let grace: Duration
        private var connections: [Connection] = []
        private var accepted = 0
        /// The system has no descriptors left: clients wait for a moment.
        private var isShort = false
        private var deadline: ContinuousClock.Instant?
        private var waiters: [CheckedContinuation<Void, Never>] = []

        init(
            _ listener: ControlSocket, _ mailbox: Mailbox, _ desk: Desk, user: uid_t, grace: Duration
        ) {
            self.listener = listener
            self.mailbox = mailbox
            self.desk = desk
            self.user = user
            self.grace = grace
        }

        mutating func run() {
            while deadline.map({ deadline in !connections.isEmpty && .now < deadline }) ?? true {
                let ready = wait()
                for mail in mailbox.take() { take(mail) }
                if ready.listener { accept() }
                var kept: [Connection] = []
                for (index, var connection) in connections.enumerated() {
                    let events = index < ready.clients.count ? ready.clients[index] : 0
                    if move(&connection, events) { kept.append(connection) } else { connection.cancel() }
                }
                connections = kept
            }
            for index in connections.indices { connections[index].cancel() }
            connections = []
            mailbox.end()
            for waiter in waiters { waiter.resume() }
        }

        /// Does what can be done for one client; false when it is over.
        private func move(_ connection: inout Connection, _ events: Int32) -> Bool {
            if connection.reads, events & (POLLIN | POLLHUP | POLLERR | POLLNVAL) != 0 {
                // Also of one that has gone: what it said last is still there.
                connection.receive()
            } else if events & (POLLHUP | POLLERR | POLLNVAL) != 0 {
                connection.hangUp()
            }
            connection.serve(by: desk, through: mailbox)
            if connection.writes { connection.send() }
            return !connection.isOver
        }

        private mutating func take(_ mail: Mailbox.Mail) {
            switch mail {
            case .line(let line, let client, let waiter):
                guard let index = index(of: client) else { return waiter.resume(returning: false) }
                connections[index].take(line, waiter)
            case .answered(let client, let isLast):
                if let index = index(of: client) { connections[index].answered(isLast: isLast) }
            case .withdraw:
                listener = nil
                for index in connections.indices { connections[index].withdraw() }
            case .close(let atOnce, let waiter):
                listener = nil
                deadline = .now + grace
                if let waiter { waiters.append(waiter) }
                for index in connections.indices {
                    connections[index].withdraw()
                    if atOnce { connections[index].cancel() }
                }
            }
        }

        private func index(of client: Int) -> Int? {
            connections.firstIndex { connection in connection.number == client }
        }

        private mutating func accept() {
            while let listener {
                let number = pipeline_accept(listener.number)
                guard number >= 0 else {
                    isShort = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM
                    return
                }
                accepted += 1
                let socket = ControlSocket(number)
                // As many more may have to be told why they are sent away.
                guard connections.count < mostClients * 2 else { continue }
                let peer = socket.peer
                let name = peer.map { peer in Run.Actor.operator(Key(Loop.name(of: peer))) }
                var connection = Connection(accepted, name ?? .host, socket)
                if !serves(peer, owner: user) {
                    connection.refuse(.anotherUser, "This run is another user's.")
                } else if connections.count(where: { connection in connection.isServed }) >= mostClients {
                    connection.refuse(
                        .tooManyClients, "\(mostClients) clients are connected already; try again later.")
                }
                connections.append(connection)
            }
        }

        private static func name(of user: uid_t) -> String {
            var text = [CChar](repeating: 0, count: 256)
            guard pipeline_user_name(user, &text, text.count) == 0 else { return "uid-\(user)" }
            let bytes = text.prefix { character in character != 0 }
            return String(decoding: bytes.map { byte in UInt8(bitPattern: byte) }, as: UTF8.self)
        }

        /// Waits until something can be done, and says what: for the listener, and for each client in order.
        private mutating func wait() -> (listener: Bool, clients: [Int32]) {
            var entries = [pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0)]
            let listens = listener != nil && !isShort
            entries.append(
                pollfd(fd: listens ? listener?.number ?? -1 : -1, events: Int16(POLLIN), revents: 0))
            for connection in connections {
                let events = (connection.reads ? POLLIN : 0) | (connection.writes ? POLLOUT : 0)
                let number = connection.isSilent ? -1 : connection.socket.number
                entries.append(pollfd(fd: number, events: Int16(events), revents: 0))
            }
            let count = poll(&entries, nfds_t(entries.count), timeout)
            isShort = false
            guard count > 0 else { return (false, []) }
            return (entries[1].revents != 0, entries[2...].map { entry in Int32(entry.revents) })
        }

        private var timeout: CInt {
            guard let deadline else { return isShort ? 100 : -1 }
            let rest = (deadline - .now).milliseconds
            return CInt(clamping: rest + 1)
        }
    }
}
