import PipelineCore

/// A client's end of a connection: lines out, replies in. What waits does so on a thread of its own.
struct ControlWire: Sendable {
    private let socket: ControlSocket
    private let path: String
    private let limit: Duration
    private var input = LineBuffer(limit: ControlWire.mostBytes)

    /// The longest reply: a snapshot.
    private static let mostBytes = 67_108_864

    init(_ socket: ControlSocket, path: String, limit: Duration) {
        self.socket = socket
        self.path = path
        self.limit = limit
    }

    /// An answer of another kind than was asked for.
    func confusion() -> ControlError { ControlError(path, .foreign("the answer is to another question")) }

    func send(_ request: ControlRequest) async throws(ControlError) {
        let bytes = request.json.canonicalBytes + [UInt8(ascii: "\n")]
        guard bytes.count <= ControlRequest.mostBytes else {
            throw ControlError(
                path, .refused(.tooLong, "A request has at most \(ControlRequest.mostBytes) bytes."))
        }
        let (socket, path, milliseconds) = (socket, path, limit.milliseconds)
        let result = await ControlWire.onThread(path) { () throws(ControlError) in
            var rest = bytes[...]
            while !rest.isEmpty {
                guard socket.waitToSend(milliseconds: CInt(clamping: milliseconds)) else {
                    throw ControlError(path, .silent)
                }
                guard let count = socket.send(rest) else { return }
                rest = rest.dropFirst(count)
            }
        }
        try result.get()
    }

    /// The next reply; nil at the end of the connection.
    ///
    /// - Parameter waits: for as long as it takes.
    mutating func reply(waiting waits: Bool = false) async throws(ControlError) -> ControlReply? {
        while true {
            if let line = input.next() { return try read(line) }
            guard !input.isOverfull else { throw ControlError(path, .foreign("a line has no end")) }
            guard let bytes = try await receive(waits ? -1 : CInt(clamping: limit.milliseconds)) else {
                if waits { return nil }
                throw ControlError(path, .disconnected)
            }
            input.append(bytes)
        }
    }

    private func read(_ line: [UInt8]) throws(ControlError) -> ControlReply {
        let reply: ControlReply
        do {
            reply = try ControlReply(json: try JSON(parsing: line, limits: JSON.Limits(bytes: .max)))
        } catch {
            throw ControlError(path, .foreign("\(error)"))
        }
        if case .refusal(let refusal, let message) = reply {
            throw ControlError(path, .refused(refusal, message))
        }
        return reply
    }

    /// What comes next; nil at the end. A task that is cancelled ends the connection.
    private func receive(_ milliseconds: CInt) async throws(ControlError) -> [UInt8]? {
        let (socket, path) = (socket, path)
        let result = await withTaskCancellationHandler {
            await ControlWire.onThread(path) { () throws(ControlError) -> [UInt8]? in
                var bytes = [UInt8](repeating: 0, count: 65_536)
                while true {
                    guard socket.waitToReceive(milliseconds: milliseconds) else {
                        throw ControlError(path, .silent)
                    }
                    switch socket.receive(into: &bytes) {
                    case .bytes(let count): return Array(bytes[..<count])
                    case .nothingYet: continue
                    case .end: return nil
                    }
                }
            }
        } onCancel: {
            socket.end()
        }
        return try result.get()
    }

    private static func onThread<Value: Sendable>(
        _ path: String, _ work: @escaping @Sendable () throws(ControlError) -> Value
    ) async -> Result<Value, ControlError> {
        await withCheckedContinuation { waiter in
            let error = OwnThread.run {
                do throws(ControlError) { waiter.resume(returning: .success(try work())) } catch {
                    waiter.resume(returning: .failure(error))
                }
            }
            if error != 0 {
                let reason = FileError("pthread_create", path, error)
                waiter.resume(returning: .failure(ControlError(reason)))
            }
        }
    }
}
