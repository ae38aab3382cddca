import PipelineCore
import PipelineRuntime

extension Labor {
    /// What a call does.
    enum Deed: String, CaseIterable {
        case done, waits, streams, makes
        case fails, mends, breaks, resigns
        /// Told to end it ends, told nothing it does not.
        case hangs
        /// Reports once, and nothing more.
        case rests
        /// Reports more than it may.
        case babbles
        /// Goes on to its end whatever it is told, and comes back with a result or a failure.
        case ignores, grumbles
        /// The policy denies it, or asks a person.
        case denied, asked
    }
}

extension Labor.Deed {
    init?(_ execution: Run.Execution) {
        guard let word = execution.arguments["deed"]?.stringValue else { return nil }
        self.init(rawValue: word)
    }
}
