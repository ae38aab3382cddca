public import PipelineCore
public import PipelineRuntime

/// A sequence of signals that can be saved, loaded and replayed: one canonical JSON object a line.
public struct SignalRecording: Hashable, Sendable {
    public var signals: [Run.Signal]

    public init(_ signals: [Run.Signal]) { self.signals = signals }

    /// The signals of a journal's records, as they came.
    public init(of records: [JournalRecord]) { signals = records.map { record in record.signal } }

    /// Reads the text that `text` gives; blank lines are left out.
    public init(parsing text: String) throws(RecordingError) { try self.init(parsing: Array(text.utf8)) }

    init(parsing bytes: [UInt8]) throws(RecordingError) {
        signals = []
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where line.contains(where: { byte in byte > 0x20 }) {
            do {
                signals.append(try Run.Signal(json: try JSON(parsing: line)))
            } catch {
                throw RecordingError(line: index + 1, reason: "\(error)")
            }
        }
    }

    public var text: String { signals.map { signal in signal.json.description + "\n" }.joined() }

    public static func load(from path: String) throws(RecordingError) -> SignalRecording {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try FileDescriptor(opening: path, .reading).readAll()
        } catch {
            throw RecordingError(line: nil, reason: "\(error)")
        }
        return try SignalRecording(parsing: bytes)
    }

    /// Writes a new file; one that exists is an error.
    public func save(to path: String) throws(RecordingError) {
        do throws(FileError) {
            try FileDescriptor(opening: path, .createNew).write(Array(text.utf8))
        } catch {
            throw RecordingError(line: nil, reason: "\(error)")
        }
    }

    /// Reduces the signals in order.
    public func replay(from start: Conversation) -> Replay {
        var replay = Replay(conversation: start)
        for signal in signals { replay.take(signal) }
        return replay
    }

    /// Reduces the signals in order, each from what the snapshot's bytes of the state before it hold.
    ///
    /// It gives what ``replay(from:)`` gives, or a state does not hold all that the next signal goes by.
    ///
    ///     #expect(try recording.replayRestoring(from: start) == recording.replay(from: start))
    public func replayRestoring(from start: Conversation) throws(RestoringError) -> Replay {
        var replay = Replay(conversation: try start.restored())
        for signal in signals {
            replay.take(signal)
            replay.conversation = try replay.conversation.restored()
        }
        return replay
    }

    /// What a recording brings about.
    public struct Replay: Hashable, Sendable {
        public internal(set) var conversation: Conversation
        /// One for each signal.
        public internal(set) var effects: [Effect] = []

        mutating func take(_ signal: Run.Signal) {
            var directives: [Run.Directive] = []
            let disposition = conversation.reduce(signal, into: &directives)
            effects.append(Effect(signal: signal, disposition: disposition, directives: directives))
        }

        public struct Effect: Hashable, Sendable {
            public let signal: Run.Signal
            public let disposition: Run.Disposition
            public let directives: [Run.Directive]
        }
    }
}

/// A recording that cannot be read or written.
public struct RecordingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line that is no signal, counted from 1; nil where the file as a whole is the matter.
    public let line: Int?
    public let reason: String

    public var description: String {
        line.map { line in "Line \(line) of the recording is no signal: \(reason)" } ?? reason
    }
}
