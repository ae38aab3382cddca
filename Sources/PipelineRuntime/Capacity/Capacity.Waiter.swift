import PipelineCore

extension Capacity {
    /// An execution that found no place free. It is forgotten once it has heard its outcome.
    ///
    ///     in the queue ──place, time-out or cancel──▶ decided ──heard──▶ forgotten
    struct Waiter {
        struct ID: Hashable {
            let run: Run.ID
            let number: Int
        }

        enum Outcome {
            /// A place was handed over to it.
            case granted
            case timedOut
            case canceled
        }

        /// Set when it is decided before anybody listens.
        var outcome: Outcome?
        /// Set when somebody listens before it is decided.
        var continuation: CheckedContinuation<Outcome, Never>?
    }
}
