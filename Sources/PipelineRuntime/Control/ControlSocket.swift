import CPipelineSystem

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One end of a local stream socket, closed when nobody holds it any more. No call waits.
final class ControlSocket: Sendable {
    let number: CInt

    init(_ number: CInt) { self.number = number }

    deinit { close(number) }

    enum Received: Hashable {
        case bytes(Int)
        case nothingYet
        case end
    }

    func receive(into buffer: inout [UInt8]) -> Received {
        let count = buffer.withUnsafeMutableBytes { buffer in
            recv(number, buffer.baseAddress, buffer.count, 0)
        }
        if count > 0 { return .bytes(count) }
        return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) ? .nothingYet : .end
    }

    /// How many bytes were taken, perhaps none; nil when the other end has gone.
    func send(_ bytes: ArraySlice<UInt8>) -> Int? {
        let count = bytes.withUnsafeBytes { buffer -> Int in
            guard let start = buffer.baseAddress else { return 0 }
            return pipeline_send(number, start, buffer.count)
        }
        if count >= 0 { return count }
        return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : nil
    }

    /// The user at the other end.
    var peer: uid_t? {
        var user: uid_t = 0
        return pipeline_peer_user(number, &user) == 0 ? user : nil
    }

    /// Ends both directions: whoever waits on it learns of it.
    func end() { shutdown(number, CInt(SHUT_RDWR)) }

    /// Waits until something can be received or the time is over; false for that.
    func waitToReceive(milliseconds: CInt) -> Bool { wait(POLLIN, milliseconds) }

    func waitToSend(milliseconds: CInt) -> Bool { wait(POLLOUT, milliseconds) }

    private func wait(_ events: some BinaryInteger, _ milliseconds: CInt) -> Bool {
        var entry = pollfd(fd: number, events: Int16(events), revents: 0)
        while true {
            let count = poll(&entry, 1, milliseconds)
            if count >= 0 || errno != EINTR { return count > 0 }
        }
    }
}
