extension Template {
    /// How the steps of a class are tried.
    public struct Policy: Hashable, Sendable {
        /// Tries, the first included, of a step that may be repeated; any other has one.
        public var maxAttempts: Int
        /// The pause before the second try; it doubles from try to try.
        public var backoff: Run.Milliseconds
        /// The longest pause.
        public var longestBackoff: Run.Milliseconds
        /// Percent by which a pause may be shorter, derived from the execution's id; 0 to 100.
        public var jitter: Int
        /// How long one attempt may take; nil is any time.
        public var startToClose: Run.Milliseconds?
        /// How long all attempts of a step may take together, gates included; nil is any time.
        public var scheduleToClose: Run.Milliseconds?
        /// How long an attempt may wait for room in the gateway; nil is any time.
        public var scheduleToStart: Run.Milliseconds?
        /// How long an attempt may go on without reporting anything; nil is any time.
        public var idle: Run.Milliseconds?
        /// What must be left of the run's budgets before an attempt starts.
        public var reserve: Run.Usage

        public init(
            maxAttempts: Int, backoff: Run.Milliseconds, longestBackoff: Run.Milliseconds = 30_000,
            jitter: Int = 0, startToClose: Run.Milliseconds?, scheduleToClose: Run.Milliseconds? = nil,
            scheduleToStart: Run.Milliseconds? = nil, idle: Run.Milliseconds? = nil,
            reserve: Run.Usage = Run.Usage()
        ) {
            self.maxAttempts = maxAttempts
            self.backoff = backoff
            self.longestBackoff = longestBackoff
            self.jitter = jitter
            self.startToClose = startToClose
            self.scheduleToClose = scheduleToClose
            self.scheduleToStart = scheduleToStart
            self.idle = idle
            self.reserve = reserve
        }

        /// The pause after this many tries, the last of which was `execution`.
        func pause(after tries: Int, of execution: Run.Execution.ID) -> Run.Milliseconds {
            let pause = min(max(0, longestBackoff), max(0, backoff).clampedShift(left: max(0, tries - 1)))
            guard jitter > 0 else { return pause }
            let most = pause / 100 * Int64(min(jitter, 100))
            return pause - Int64(execution.fingerprint % UInt64(most + 1))
        }
    }
}

extension Run.Execution.ID {
    /// FNV-1a, 64 bits, of its text: the same everywhere, and different from attempt to attempt.
    fileprivate var fingerprint: UInt64 {
        description.utf8.reduce(0xcbf2_9ce4_8422_2325) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
    }
}

extension Int64 {
    /// This times two to the power of `bits`, or the largest value.
    fileprivate func clampedShift(left bits: Int) -> Int64 {
        bits >= leadingZeroBitCount - 1 ? (self == 0 ? 0 : .max) : self << Int64(bits)
    }
}
