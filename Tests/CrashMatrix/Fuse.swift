import PipelineRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Kills this process, as `kill -9` does: at a boundary between two things that it does, or at some other moment.
final class Fuse: Sendable {
    enum Length: Equatable {
        case endless
        /// At the boundary with this number, from 1 on.
        case boundary(Int)
        /// After so many nanoseconds, wherever the work is then.
        case nanoseconds(UInt64)
    }

    private let last: Int?
    private let passed = Locked(0)

    init(_ length: Length) {
        last = if case .boundary(let number) = length { number } else { nil }
        guard case .nanoseconds(let time) = length else { return }
        let end = Fuse.now + time
        let code = OwnThread.run {
            while Fuse.now < end {}
            Fuse.burn()
        }
        precondition(code == 0, "no thread: \(code)")
    }

    /// How many boundaries were passed.
    var count: Int { passed.withLock { passed in passed } }

    /// Says that a boundary is passed.
    func pass() {
        let number = passed.withLock { passed in
            passed += 1
            return passed
        }
        if number == last { Fuse.burn() }
    }

    static var now: UInt64 { clock_gettime_nsec() }

    private static func burn() -> Never {
        kill(getpid(), SIGKILL)
        while true { pause() }
    }

    private static func clock_gettime_nsec() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
