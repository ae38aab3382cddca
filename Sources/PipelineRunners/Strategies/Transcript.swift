public import PipelineCore
import PipelineRuntime

/// What a model said in an earlier run, turn by turn: one JSON object a line.
///
/// | member | meaning |
/// | --- | --- |
/// | text | what the model says |
/// | calls | what it asks for: `id`, `name`, `arguments` |
/// | usage | `tokensIn`, `tokensOut` |
/// | expects | what it was shown since its last turn, one for each result: `name` and a part of `output` |
/// | pace | milliseconds between two words; 0 when absent |
public struct Transcript: Hashable, Sendable {
    public let turns: [Turn]

    public struct Turn: Hashable, Sendable {
        /// Where it stands: the file's line, counted from 1.
        public let line: Int
        public let text: String
        public let calls: [Run.Call]
        public let usage: Run.Usage
        public let expects: [Expectation]
        public let pace: Int
    }

    /// A result that a turn was an answer to.
    public struct Expectation: Hashable, Sendable {
        public let name: String
        /// A part of it: members that are not named may have any value.
        public let output: JSON
    }

    public let path: String

    /// Reads a transcript; the first line that is wrong is the error.
    public static func load(from path: String) throws(TranscriptError) -> Transcript {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try FileDescriptor(opening: path, .reading).readAll()
        } catch {
            throw TranscriptError(path: path, line: nil, reason: "it cannot be read: \(error.reason)")
        }
        return try Transcript(parsing: bytes, path: path)
    }

    public init(parsing bytes: [UInt8], path: String) throws(TranscriptError) {
        var turns: [Turn] = []
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where line.contains(where: { byte in byte > 0x20 }) {
            let number = index + 1
            do {
                turns.append(try Turn(try JSON(parsing: line), line: number))
            } catch let error as JSON.ParseError {
                throw TranscriptError(
                    path: path, line: number, reason: "column \(error.column): \(error.reason)")
            } catch {
                throw TranscriptError(path: path, line: number, reason: "\(error)")
            }
        }
        guard !turns.isEmpty else { throw TranscriptError(path: path, line: nil, reason: "it holds no turn") }
        self.turns = turns
        self.path = path
    }
}

extension Transcript.Turn {
    fileprivate init(_ json: JSON, line: Int) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        let known: Set<String> = ["text", "calls", "usage", "expects", "pace"]
        for member in json.objectValue ?? [:] where !known.contains(member.key.text) {
            throw JSON.FormatError("no such member", at: "/\(member.key)")
        }
        self.line = line
        text = try members.value("text", or: "")
        calls = try members.value("calls", or: [])
        usage = try members.value("usage", or: Run.Usage())
        expects = try members.value("expects", or: [])
        pace = try members.value("pace", or: 0)
        if text.isEmpty, calls.isEmpty { throw JSON.FormatError("a turn needs a text or calls") }
    }
}

extension Transcript.Expectation: JSONRepresentable {
    public var json: JSON { ["name": .string(name), "output": output] }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        name = try members.value("name")
        output = try members.value("output", or: .object([:]))
    }
}

/// A transcript that cannot be used.
public struct TranscriptError: Error, Hashable, Sendable, CustomStringConvertible {
    public let path: String
    public let line: Int?
    public let reason: String

    public var description: String {
        let place = line.map { line in "\(path), line \(line)" } ?? path
        return "\(place): this is no transcript: \(reason)."
    }
}
