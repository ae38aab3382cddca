public import PipelineCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Lets other processes of the same user steer what an engine runs, over a socket in a folder.
///
///     let control = try ControlServer(engine, in: folder)
///     …
///     await control.shutdown(within: .seconds(5))
///
/// ``ControlClient`` is the other end; ``ControlRequest`` has the protocol, a JSON object a line each way. Who asks is what
/// the system says, never what is written: the socket is the user's own, and only that user, or root, is answered, as the
/// operator of that name. No client can keep the engine waiting: the sockets have a thread of their own, each client has
/// one request at a time, and one that does not read its events is told later how many it has missed.
public final class ControlServer: Sendable {
    /// The socket's.
    public let path: String
    private let engine: Engine
    private let place: ControlPlace
    private let socket: ControlPlace.Identity?
    private let mailbox: Mailbox

    /// Clients at a time; one more is told so and sent away.
    public static let mostClients = 16

    /// Listens in a folder. A socket that a dead process has left is replaced, so hold the folder: it is the journal's.
    ///
    /// - Parameter conversations: what is offered; nil for all that the engine has or a client may name.
    public convenience init(
        _ engine: Engine, in folder: String, conversations: Set<Conversation.ID>? = nil
    ) throws(ControlError) {
        try self.init(engine, in: folder, conversations: conversations, grace: .seconds(1))
    }

    /// - Parameter grace: how long clients have at the end to take what is left for them.
    package init(
        _ engine: Engine, in folder: String, conversations: Set<Conversation.ID>?, grace: Duration
    ) throws(ControlError) {
        do throws(FileError) {
            place = try ControlPlace(in: folder)
            mailbox = try Mailbox()
        } catch {
            throw ControlError(error)
        }
        let listener = try place.bind()
        socket = place.identity
        path = place.path
        self.engine = engine
        guard listen(listener.number, 16) == 0 else {
            let error = errno
            place.remove(socket)
            throw place.refusal("listen", error)
        }
        let desk = Desk(engine: engine, conversations: conversations)
        let (mailbox, user) = (mailbox, geteuid())
        let error = OwnThread.run {
            var loop = Loop(listener, mailbox, desk, user: user, grace: grace)
            loop.run()
        }
        guard error == 0 else {
            place.remove(socket)
            throw place.refusal("pthread_create", error)
        }
    }

    deinit {
        place.remove(socket)
        mailbox.post(.close(atOnce: true, nil))
    }

    /// Removes the socket and ends every connection; what was asked already is answered first.
    public func close() async {
        withdraw()
        await end(atOnce: true)
    }

    /// Removes the socket, shuts the engine down, and ends every connection once its client has the last events.
    ///
    /// In this order, so that whoever takes the journal up next finds the place free, and nobody is cut off before the
    /// end. A client that does not take what is left for it within a second goes without.
    public func shutdown(within limit: Duration) async {
        withdraw()
        await engine.shutdown(within: limit)
        await end(atOnce: false)
    }

    /// Whether a user, by number, may steer what another one runs; nobody may whom the system does not name.
    package static func serves(_ peer: UInt32?, owner: UInt32) -> Bool { peer == owner || peer == 0 }

    private func withdraw() {
        place.remove(socket)
        mailbox.post(.withdraw)
    }

    private func end(atOnce: Bool) async {
        await withCheckedContinuation { waiter in mailbox.post(.close(atOnce: atOnce, waiter)) }
    }
}
