extension Run {
    /// Who sent a signal.
    public enum Actor: Hashable, Sendable, CustomStringConvertible {
        /// The program that embeds the library.
        case host
        /// A person, by the name under which the host knows them.
        case `operator`(Key)
        /// The gateway and what runs behind it.
        case runner
        case timer
        case engine

        public var description: String {
            switch self {
            case .host: "host"
            case .operator(let name): "operator:\(name)"
            case .runner: "runner"
            case .timer: "timer"
            case .engine: "engine"
            }
        }
    }
}

extension Run.Actor {
    /// A program that embeds the library, or a person: who may make requests.
    var isPerson: Bool {
        switch self {
        case .host, .operator: true
        case .runner, .timer, .engine: false
        }
    }
}

extension Run.Actor: JSONRepresentable {
    public var json: JSON { .string(description) }

    public init(json: JSON) throws(JSON.FormatError) {
        let word = try String(json: json)
        switch word {
        case "host": self = .host
        case "runner": self = .runner
        case "timer": self = .timer
        case "engine": self = .engine
        default:
            let prefix = "operator:"
            guard word.utf8.starts(with: prefix.utf8) else {
                throw JSON.FormatError("expected host, operator:<name>, runner, timer or engine")
            }
            self = .operator(Key(String(word.utf8.dropFirst(prefix.utf8.count)) ?? ""))
        }
    }
}
