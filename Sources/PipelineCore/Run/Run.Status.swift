extension Run {
    /// Where a run stands.
    ///
    ///     pending ──▶ running ──▶ completed
    ///        │        ▲    │ ├──▶ failed
    ///        │        │    ▼ └──▶ canceled
    ///        │      interrupted ─▶ failed, canceled
    ///        └──▶ failed, canceled
    ///
    /// `completed`, `failed` and `canceled` are final.
    public enum Status: String, Hashable, Sendable, JSONRepresentable {
        case pending, running, interrupted, completed, failed, canceled

        public var isTerminal: Bool {
            switch self {
            case .completed, .failed, .canceled: true
            case .pending, .running, .interrupted: false
            }
        }
    }

    /// Status and stop intent together: what the reducer's table goes by.
    package enum Phase: Hashable {
        case pending, running, stopping(Stop.Kind), interrupted, ended
    }
}
