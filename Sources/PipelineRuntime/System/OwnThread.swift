import CPipelineSystem

/// A thread for work that may block, unlike those few that Swift's tasks share.
package enum OwnThread {
    private final class Body: Sendable {
        let work: @Sendable () -> Void
        init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }

    /// Does the work on a new thread; 0, or the system's error.
    package static func run(_ work: @escaping @Sendable () -> Void) -> CInt {
        let body = Unmanaged.passRetained(Body(work))
        let code = pipeline_thread(
            { body in Unmanaged<Body>.fromOpaque(body).takeRetainedValue().work() }, body.toOpaque())
        if code != 0 { body.release() }
        return code
    }
}
