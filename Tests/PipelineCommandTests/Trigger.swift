import PipelineRuntime

/// A signal for the program as soon as it has told, in lines of `--json`, all that a test waits for.
final class Trigger: Sendable {
    /// Words that stand in one line.
    typealias Pattern = [String]

    private let signal: CInt
    private let missing: Locked<[Pattern]>

    /// - Parameter patterns: each taken by a line of its own, in any order.
    init(_ signal: CInt, after patterns: [Pattern]) {
        self.signal = signal
        missing = Locked(patterns)
    }

    /// What to start the program with.
    var reaction: PipelineProcess.Reaction {
        { line in line.stream == .output ? self.take(line.text) : nil }
    }

    /// Whether all was told.
    var hasFired: Bool { missing.withLock { missing in missing.isEmpty } }

    private func take(_ text: String) -> CInt? {
        missing.withLock { missing in
            let place = missing.firstIndex { words in words.allSatisfy { word in text.contains(word) } }
            guard let place else { return nil }
            missing.remove(at: place)
            return missing.isEmpty ? signal : nil
        }
    }
}

extension Trigger {
    /// A line about the first attempt of a step.
    static func attempt(_ lifecycle: String, of step: Int) -> Pattern {
        ["/\(step)/1\",", "\"lifecycle_status\":\"\(lifecycle)\""]
    }

    /// The line about the end of a step.
    static func completion(of step: Int) -> Pattern {
        ["\"ordinal\":\(step),", "\"type\":\"conversation.step.completed\""]
    }
}
