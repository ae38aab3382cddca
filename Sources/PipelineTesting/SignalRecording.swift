public import PipelineCore
public import PipelineRuntime

/// A sequence of signals that can be saved, loaded and replayed: one canonical JSON object a line.
public struct SignalRecording: Hashable, Sendable {
    public var signals: [Run.Signal]

    public init(_ signals: [Run.Signal]) { self.signals = signals }

    /// Reads the text that `text` gives; blank lines are left out.
    public init(parsing text: String) throws(RecordingError) {
        signals = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard !line.allSatisfy({ character in character.isWhitespace }) else { continue }
            do {
                signals.append(try Run.Signal(json: try JSON(parsing: String(line))))
            } catch {
                throw RecordingError(line: index + 1, reason: "\(error)")
            }
        }
    }

    public var text: String { signals.map { signal in signal.json.description + "\n" }.joined() }

    public static func load(from path: String) throws -> SignalRecording {
        let bytes = try FileDescriptor(opening: path, .reading).readAll()
        return try SignalRecording(parsing: String(decoding: bytes, as: UTF8.self))
    }

    /// Writes a new file; one that exists is an error.
    public func save(to path: String) throws(JournalError) {
        let file = try FileDescriptor(opening: path, .createNew)
        try file.write(Array(text.utf8))
    }

    /// Reduces the signals in order.
    public func replay(from start: Conversation) -> Replay {
        var replay = Replay(conversation: start)
        for signal in signals {
            var directives: [Run.Directive] = []
            let disposition = replay.conversation.reduce(signal, into: &directives)
            replay.effects.append(
                Replay.Effect(signal: signal, disposition: disposition, directives: directives))
        }
        return replay
    }

    /// What a recording brings about.
    public struct Replay: Hashable, Sendable {
        public internal(set) var conversation: Conversation
        /// One for each signal.
        public internal(set) var effects: [Effect] = []

        public struct Effect: Hashable, Sendable {
            public let signal: Run.Signal
            public let disposition: Run.Disposition
            public let directives: [Run.Directive]
        }
    }
}

/// A recording that cannot be read.
public struct RecordingError: Error, Hashable, Sendable, CustomStringConvertible {
    public let line: Int
    public let reason: String

    public var description: String { "Line \(line) of the recording is no signal: \(reason)" }
}
