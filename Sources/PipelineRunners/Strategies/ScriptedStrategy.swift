public import PipelineCore
public import PipelineRuntime

/// A strategy that says what a recorded model said, as long as the run goes the way it went then.
///
/// The turn is the run's own count, so a run that was stopped goes on at the right place in another process.
public struct ScriptedStrategy: StrategyRunner {
    public let name: String
    private let transcript: Transcript

    public init(_ transcript: Transcript, name: String = "code_generation") {
        self.transcript = transcript
        self.name = name
    }

    public func run(
        _ execution: Run.Execution, tools: [ToolDeclaration], permit: consuming Permit,
        progress: ProgressReporter
    ) async throws -> Run.Result {
        let number = Int(clamping: execution.arguments["turn"]?.integerValue ?? 0)
        guard transcript.turns.indices.contains(number - 1) else {
            throw departure("it has \(transcript.turns.count) turns, and the run asks for turn \(number)")
        }
        let turn = transcript.turns[number - 1]
        try check(turn, against: execution.context)
        for word in turn.words {
            await progress(word)
            try await Task.sleep(for: .milliseconds(turn.pace), clock: .continuous)
        }
        return Run.Result(output: .string(turn.text), calls: turn.calls, usage: turn.usage)
    }

    private func check(_ turn: Transcript.Turn, against context: [Run.Message]) throws(Run.Failure) {
        var shown: [(name: String, output: JSON)] = []
        for message in context.suffix(while: { message in message.isToolResult }) {
            guard case .tool(_, let name, let output, _) = message else { continue }
            shown.append((name, output))
        }
        guard shown.count == turn.expects.count || turn.expects.isEmpty else {
            throw departure(
                "line \(turn.line) expects \(turn.expects.count) results, and the run shows \(shown.count)")
        }
        for (expected, actual) in zip(turn.expects, shown) {
            guard Key(expected.name) == Key(actual.name) else {
                throw departure(
                    "line \(turn.line) expects a result of \(expected.name), and the run shows \(actual.name)"
                )
            }
            if let place = expected.output.difference(from: actual.output) {
                throw departure(
                    "line \(turn.line) expects another result of \(expected.name) at \"\(place.pointer)\": "
                        + "\(place.expected) and not \(place.actual)")
            }
        }
    }

    private func departure(_ what: String) -> Run.Failure {
        Run.Failure(.validation, "The run departs from the transcript \(transcript.path): \(what).")
    }
}

extension Transcript.Turn {
    /// The text in the pieces in which it is shown, white space kept.
    fileprivate var words: [String] {
        var words: [String] = []
        var word = ""
        for character in text {
            word.append(character)
            if character.isWhitespace {
                words.append(word)
                word = ""
            }
        }
        return word.isEmpty ? words : words + [word]
    }
}

extension Run.Message {
    fileprivate var isToolResult: Bool { if case .tool = self { true } else { false } }
}

extension Array {
    /// The longest end of it of which this is true.
    fileprivate func suffix(while predicate: (Element) -> Bool) -> ArraySlice<Element> {
        self[(lastIndex { element in !predicate(element) }.map { index in index + 1 } ?? startIndex)...]
    }
}

extension JSON {
    /// Where this is not a part of the other: objects may have more members there, all else must be equal.
    fileprivate func difference(
        from actual: JSON, at pointer: String = ""
    ) -> (pointer: String, expected: JSON, actual: JSON)? {
        guard case .object(let members) = self, case .object = actual else {
            return self == actual ? nil : (pointer, self, actual)
        }
        for member in members {
            let place = "\(pointer)/\(member.key)"
            if let found = member.value.difference(from: actual[member.key.text] ?? .null, at: place) {
                return found
            }
        }
        return nil
    }
}
