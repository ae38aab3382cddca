import CPipelineSystem
import PipelineRuntime
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A loop, and a thread of the test's own that drains it whenever it is woken.
final class LoopThread: Sendable {
    let loop: HostLoop
    private let wire: Wire
    private let work: Work

    init() throws {
        let wire = try Wire()
        self.wire = wire
        loop = HostLoop { wire.send(.wake) }
        work = Work(wire: wire, loop: loop)
        let held = Unmanaged.passRetained(work)
        let code = pipeline_thread(
            { context in Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run() }, held.toOpaque())
        guard code == 0 else {
            held.release()
            throw ScratchFolder.Refusal(call: "pthread_create", code: code)
        }
    }

    deinit { wire.send(.stop) }

    /// The thread, as `current` names it there; 0 before it has begun.
    var identity: UInt64 { work.identity.load(ordering: .acquiring) }

    /// Names the thread that asks.
    static var current: UInt64 {
        #if canImport(Darwin)
            UInt64(UInt(bitPattern: pthread_self()))
        #else
            UInt64(pthread_self())
        #endif
    }

    /// What the thread does: drains, and sleeps until it is woken.
    private final class Work: Sendable {
        let wire: Wire
        let loop: HostLoop
        let identity = Atomic<UInt64>(0)

        init(wire: Wire, loop: HostLoop) {
            self.wire = wire
            self.loop = loop
        }

        func run() {
            identity.store(LoopThread.current, ordering: .releasing)
            while wire.receive() == .wake {
                while loop.drain() > 0 {}
            }
        }
    }

    /// A pipe between whoever wakes the thread and the thread.
    private final class Wire: Sendable {
        enum Word: UInt8 { case wake, stop }

        private let ends: (read: CInt, write: CInt)

        init() throws {
            var pair: [CInt] = [-1, -1]
            let code = pair.withUnsafeMutableBufferPointer { buffer in
                buffer.baseAddress.map { ends in pipeline_pipe(ends) } ?? EINVAL
            }
            guard code == 0 else { throw ScratchFolder.Refusal(call: "pipe", code: code) }
            ends = (pair[0], pair[1])
        }

        deinit {
            close(ends.read)
            close(ends.write)
        }

        func send(_ word: Word) {
            var byte = word.rawValue
            write(ends.write, &byte, 1)
        }

        /// Waits for a word.
        func receive() -> Word? {
            var byte: UInt8 = 0
            return read(ends.read, &byte, 1) == 1 ? Word(rawValue: byte) : nil
        }
    }
}
