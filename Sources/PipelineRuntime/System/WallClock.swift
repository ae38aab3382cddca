public import PipelineCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where an engine takes the time from, and what wakes its timers.
public protocol EngineClock: Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    var now: Run.Milliseconds { get }

    /// Returns at this instant or later; throws when the task is cancelled.
    func sleep(until instant: Run.Milliseconds) async throws
}

/// The system's clock.
public struct WallClock: EngineClock {
    public init() {}

    public var now: Run.Milliseconds {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Run.Milliseconds(time.tv_sec) * 1_000 + Run.Milliseconds(time.tv_nsec) / 1_000_000
    }

    public func sleep(until instant: Run.Milliseconds) async throws {
        let rest = instant.subtractingReportingOverflow(now)
        guard rest.partialValue > 0 || rest.overflow else { return try Task.checkCancellation() }
        let milliseconds = rest.overflow ? .max : rest.partialValue
        if let alarms = Alarms.shared { return try await alarms.sleep(for: milliseconds) }
        try await Task.sleep(for: .milliseconds(milliseconds), clock: .continuous)
    }
}
