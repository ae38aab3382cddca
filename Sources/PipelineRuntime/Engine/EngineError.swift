/// Why an engine cannot take a signal. What a reducer thinks of a signal is a disposition, not an error.
public enum EngineError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The journal could not be read or written; nothing was carried out, nothing acknowledged.
    case journal(JournalError)
    /// The journal failed, and what was under way then has been told to end and has not: try again later.
    case stillClosing
    /// The engine is shutting down or has shut down.
    case shutDown

    public var description: String {
        switch self {
        case .journal(let error): "\(error)"
        case .stillClosing: "The journal failed, and what was under way has not ended yet; try again later."
        case .shutDown: "The engine has shut down; open the journal with a new one."
        }
    }
}
