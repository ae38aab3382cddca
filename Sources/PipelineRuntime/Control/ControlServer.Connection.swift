import PipelineCore

extension ControlServer {
    /// One client, as the thread that owns the sockets sees it.
    ///
    ///     waiting for a request ⇄ busy with one ─▶ over
    ///
    /// What is asked while it is busy waits in the socket, and so with the client.
    struct Connection {
        let number: Int
        let person: Run.Actor
        let socket: ControlSocket
        private var input = LineBuffer(limit: ControlRequest.mostBytes)
        private var output: [UInt8] = []
        private var room: CheckedContinuation<Bool, Never>?
        private var task: Task<Void, Never>?
        private var isBusy = false
        /// The client has said its last word, but may still listen.
        private var isInputOver = false
        private var isEnding = false
        /// The client has gone. What it asked before that is done, and answered to nobody.
        private var isGone = false

        /// Bytes that wait for a client to read them, but for the last line; then whoever sends waits.
        static let mostWaiting = 65_536

        init(_ number: Int, _ person: Run.Actor, _ socket: ControlSocket) {
            self.number = number
            self.person = person
            self.socket = socket
            output = ControlReply.greeting(person).line
        }

        var reads: Bool { !isBusy && !isInputOver && !isEnding }
        var writes: Bool { !output.isEmpty }
        /// Nothing can be heard of it for now: a client that has gone is heard for ever.
        var isSilent: Bool { isGone && !reads }

        /// It may ask.
        var isServed: Bool { !isEnding }

        /// Nothing is left to be done for it.
        var isOver: Bool { output.isEmpty && !isBusy && (isInputOver || isEnding) }

        /// Reads what has come.
        mutating func receive() {
            var bytes = [UInt8](repeating: 0, count: 65_536)
            switch socket.receive(into: &bytes) {
            case .bytes(let count): input.append(bytes[..<count])
            case .nothingYet: break
            case .end: isInputOver = true
            }
        }

        /// Sends what waits.
        mutating func send() {
            guard let count = socket.send(output[...]) else { return hangUp() }
            output.removeFirst(count)
            if output.count < Connection.mostWaiting, let waiter = room {
                room = nil
                waiter.resume(returning: true)
            }
        }

        /// The client has gone: nobody listens.
        mutating func hangUp() {
            isGone = true
            output = []
            cancel()
        }

        /// Takes the next request and answers it, when there is one and nothing else is being done.
        mutating func serve(by desk: Desk, through mailbox: Mailbox) {
            guard !isBusy, !isEnding else { return }
            guard let line = input.next() else {
                guard input.isOverfull else { return }
                refuse(.tooLong, "A request has at most \(ControlRequest.mostBytes) bytes.")
                return
            }
            isBusy = true
            let outlet = Outlet(client: number, mailbox: mailbox)
            task = Task { [person] in await desk.answer(line, of: person, through: outlet) }
            // Whoever only follows ends at once; a signal that is in is in.
            if isGone { task?.cancel() }
        }

        mutating func take(_ line: [UInt8], _ waiter: CheckedContinuation<Bool, Never>) {
            guard !isGone else { return waiter.resume(returning: false) }
            output += line
            if output.count < Connection.mostWaiting { waiter.resume(returning: true) } else { room = waiter }
        }

        mutating func answered(isLast: Bool) {
            isBusy = false
            task = nil
            if isLast { isEnding = true }
        }

        /// Says why it is not served, and ends it.
        mutating func refuse(_ refusal: ControlRefusal, _ message: String) {
            output += ControlReply.refusal(refusal, message).line
            isEnding = true
        }

        /// Takes no more requests.
        mutating func withdraw() { isEnding = true }

        /// Nobody follows any more what it asked for.
        mutating func cancel() {
            task?.cancel()
            room?.resume(returning: false)
            room = nil
        }
    }
}
