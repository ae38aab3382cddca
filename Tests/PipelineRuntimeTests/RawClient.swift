import CPipelineSystem
import PipelineCore
import PipelineRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A client of a control socket that keeps to nothing: it sends what bytes it likes, and reads when it likes.
final class RawClient: Sendable {
    private let number: CInt

    /// Connects, and takes the greeting unless it is to be left.
    init(to folder: ScratchFolder, greeted: Bool = true) async throws {
        number = pipeline_connect_local(folder["control"])
        guard number >= 0 else { throw ScratchFolder.Refusal(call: "connect", code: errno) }
        if greeted { _ = try await line() }
    }

    deinit { close(number) }

    /// Sends all of it, or what the other end takes before it goes away.
    func send(_ text: String) async { await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async {
        await blocking { number in
            var rest = bytes[...]
            while !rest.isEmpty {
                RawClient.wait(number, CInt(POLLOUT))
                let count = rest.withUnsafeBytes { buffer -> Int in
                    guard let start = buffer.baseAddress else { return 0 }
                    return pipeline_send(number, start, buffer.count)
                }
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// Sends a line and gives the answer to it.
    func ask(_ json: JSON) async throws -> JSON? {
        await send(json.canonicalBytes + [UInt8(ascii: "\n")])
        return try await line()
    }

    /// The next line; nil at the end.
    func line() async throws -> JSON? {
        let bytes = await blocking { number -> [UInt8] in
            var line: [UInt8] = []
            var byte: UInt8 = 0
            while true {
                RawClient.wait(number, CInt(POLLIN))
                guard recv(number, &byte, 1, 0) == 1, byte != UInt8(ascii: "\n") else { return line }
                line.append(byte)
            }
        }
        // A nil in a conditional expression would be JSON's.
        guard !bytes.isEmpty else { return .none }
        return try JSON(parsing: bytes, limits: JSON.Limits(bytes: .max))
    }

    /// Reads all that comes until the other end closes.
    func rest() async throws -> [JSON] {
        var lines: [JSON] = []
        while let line = try await line() { lines.append(line) }
        return lines
    }

    /// Whether the other end has nothing more to say.
    func isOver() async throws -> Bool {
        if case nil = try await line() { true } else { false }
    }

    /// Says nothing more, and still listens.
    func finish() { shutdown(number, CInt(SHUT_WR)) }

    /// Takes as few bytes as the system lets it before others have to wait.
    func narrow() {
        var size: CInt = 1
        setsockopt(number, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size))
    }

    private static func wait(_ number: CInt, _ events: CInt) {
        var entry = pollfd(fd: number, events: Int16(events), revents: 0)
        while poll(&entry, 1, -1) < 0, errno == EINTR {}
    }

    /// Does what may wait on a thread of its own.
    private func blocking<Value: Sendable>(_ work: @escaping @Sendable (CInt) -> Value) async -> Value {
        await withCheckedContinuation { waiter in
            let number = number
            let code = OwnThread.run { waiter.resume(returning: work(number)) }
            precondition(code == 0, "There is no thread to be had.")
        }
    }
}
