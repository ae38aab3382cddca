extension ChildProcess {
    /// The way from "please end" to "end": requested, then after the grace period overdue, once.
    struct Termination: Hashable, Sendable {
        private enum Stage: Hashable, Sendable {
            case notRequested
            case requested(at: SuspendingClock.Instant)
            case killed
        }

        private let grace: Duration
        private var stage = Stage.notRequested

        init(grace: Duration) {
            self.grace = grace
        }

        var isRequested: Bool { stage != .notRequested }
        var isKilled: Bool { stage == .killed }

        /// How long to wait at most before looking again, rounded up; nil is for ever.
        var millisecondsLeft: Int32? {
            guard case .requested(let start) = stage else { return nil }
            let (seconds, attoseconds) = (grace - start.duration(to: .now)).components
            if seconds < 0 || attoseconds < 0 { return 0 }
            let longest: Int64 = 1_000_000
            return seconds >= longest
                ? Int32(longest) * 1000
                : Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
        }

        /// Starts the grace period; false when it has been before.
        mutating func request() -> Bool {
            guard stage == .notRequested else { return false }
            stage = .requested(at: .now)
            return true
        }

        /// True once, when the grace period is over.
        mutating func isOverdue() -> Bool {
            guard case .requested(let start) = stage, start.duration(to: .now) >= grace else { return false }
            stage = .killed
            return true
        }
    }
}
