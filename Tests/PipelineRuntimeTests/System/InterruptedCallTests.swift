#if os(Linux)
    import PipelineRuntime
    import Testing

    #if canImport(Glibc)
        import Glibc
    #elseif canImport(Musl)
        import Musl
    #endif

    /// Real signals come into real calls that wait at a pipe: every byte arrives once, and in order.
    @Suite(
        .serialized, .timeLimit(.minutes(1)),
        .enabled(if: Interruption.isTold, "needs /proc/thread-self"))
    struct InterruptedCallTests {
        private let folder: ScratchFolder
        private let pipe: String

        init() throws {
            folder = try ScratchFolder()
            pipe = folder["pipe"]
            guard mkfifo(pipe, 0o600) == 0 else { throw ScratchFolder.Refusal(call: "mkfifo", code: errno) }
        }

        /// Bytes that tell where each of them belongs.
        private func bytes(_ count: Int) -> [UInt8] {
            (0..<count).map { index in UInt8(truncatingIfNeeded: index &* 31 ^ index >> 8) }
        }

        /// The test's own end of the pipe, which waits for nobody to open the other one.
        private func end(_ flags: CInt) throws -> CInt {
            let end = open(pipe, flags | O_NONBLOCK | O_CLOEXEC)
            guard end >= 0, fcntl(end, F_SETFL, flags) == 0 else {
                throw ScratchFolder.Refusal(call: "open", code: errno)
            }
            return end
        }

        private func expectSame(_ received: [UInt8], _ all: [UInt8]) {
            let same = zip(received, all).prefix { one, other in one == other }.count
            #expect(same == all.count && received.count == same, "\(received.count) bytes came")
        }

        @Test func `what is written goes on behind the bytes that an interrupted call has written`() throws {
            let all = bytes(400_000)
            try Interruption.allowed {
                let end = try end(O_RDONLY)
                defer { close(end) }
                let pipe = pipe
                let writer = try InterruptedThread {
                    try FileDescriptor(opening: pipe, .appending).write(all)
                }
                let before = Interruption.count
                var received: [UInt8] = []
                var chunk = [UInt8](repeating: 0, count: 4_096)
                while true {
                    // The first has written what there was room for, the next has written nothing.
                    _ = try writer.interrupt() && writer.interrupt()
                    let count = read(end, &chunk, chunk.count)
                    guard count > 0 else { break }
                    received += chunk[..<count]
                }
                #expect(throws: Never.self) { try writer.result?.get() }
                expectSame(received, all)
                #expect(Interruption.count - before > 100)
            }
        }

        @Test func `what is opened and read goes on after an interrupted call`() throws {
            // As much as a pipe holds: whoever writes never waits, even where nobody reads any more.
            let all = bytes(60_000)
            try Interruption.allowed {
                let pipe = pipe
                let reader = try InterruptedThread { try FileDescriptor(opening: pipe, .reading).readAll() }
                let before = Interruption.count
                // Nobody has opened the other end: this is still the call that opens.
                for _ in 1...20 { _ = try reader.interrupt() }
                let end = try end(O_RDWR)
                for start in stride(from: 0, to: all.count, by: 1_000) {
                    _ = try reader.interrupt() && reader.interrupt()
                    let part = Array(all[start..<start + 1_000])
                    #expect(write(end, part, part.count) == part.count)
                }
                close(end)
                while reader.result == nil { sched_yield() }
                let received = try reader.result?.get() ?? []
                expectSame(received, all)
                #expect(Interruption.count - before > 100)
            }
        }
    }
#endif
