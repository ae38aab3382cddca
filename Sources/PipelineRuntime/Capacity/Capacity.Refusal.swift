package import PipelineCore

extension Capacity {
    /// Why an execution that waited for a place got none.
    package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        /// No place was free in time; the effect never began.
        case timedOut(waited: Run.Milliseconds)
        /// Its task was cancelled; the effect never began.
        case canceled

        package var description: String {
            switch self {
            case .timedOut(let waited):
                "No place was free within \(waited) ms; raise the number of executions at once, or wait longer."
            case .canceled: "Canceled while it waited for a place."
            }
        }
    }
}
