public import PipelineCore

/// Replaces what must stay secret: each value of a secret by `[secret NAME]`, what is declared by `[redacted]`.
///
/// Values are found as they are and in their usual spellings: as JSON writes them, percent-encoded, in Base64. Every
/// byte of every occurrence goes; occurrences that overlap become one label, that of the first and longest. A label is
/// not looked through again: a value that is a part of it, such as the word `secret`, stays in it.
///
/// - Complexity: linear in the text.
public struct Redactor: Sendable {
    private let automaton: Automaton
    private let values: [Key: String]
    private let places: [Redaction.Place]

    /// - Parameters:
    ///   - secrets: those with an empty value are ignored; of two with one value the first gives its name.
    ///   - redaction: what else is secret.
    public init(secrets: [Secret] = [], redaction: Redaction = .none) {
        automaton = Automaton(secrets: secrets, texts: redaction.texts)
        values = Dictionary(secrets.map { secret in (Key(secret.value), "\(secret)") }) { first, _ in first }
        places = redaction.places.map { place in Redaction.Place(place) }
    }

    public func redacted(_ text: String) -> String {
        guard !automaton.isEmpty else { return text }
        var stream = stream()
        return stream.redacted(text) + stream.finish()
    }

    /// For a text that comes in pieces.
    public func stream() -> Stream { Stream(automaton) }

    /// For the rest of a text that another redactor has seen the beginning of, one that knew no more than this one.
    func stream(after other: Stream) -> Stream { Stream(automaton, after: other) }

    /// The output, the calls and the artifacts redacted.
    ///
    /// The declared places are places of the output.
    public func redacted(_ result: Run.Result) -> Run.Result {
        var redacted = result
        redacted.output = redact(result.output, places)
        redacted.calls = result.calls.map { call in
            Run.Call(
                id: self.redacted(call.id), name: self.redacted(call.name),
                arguments: redact(call.arguments, []),
                isIdempotent: call.isIdempotent, isReadOnly: call.isReadOnly,
                needsApproval: call.needsApproval, recovery: call.recovery, defect: call.defect)
        }
        redacted.artifacts = result.artifacts.map { artifact in self.redacted(artifact) }
        return redacted
    }

    /// All its texts redacted. A content that is no text and holds a secret is given up.
    private func redacted(_ artifact: Run.Artifact) -> Run.Artifact {
        let (name, kind) = (redacted(artifact.name), redacted(artifact.mediaType))
        guard let content = artifact.content else {
            let elsewhere = Run.Artifact(
                name: name, mediaType: kind, bytes: artifact.bytes, digest: artifact.digest)
            return artifact.problem.map { problem in elsewhere.lost(redacted(problem)) } ?? elsewhere
        }
        let text = String(validating: content, as: UTF8.self)
        let clean = text.map { text in Array(redacted(text).utf8) } ?? content
        let kept = Run.Artifact(name: name, mediaType: kind, content: clean)
        guard text == nil, automaton.finds(in: content) else { return kept }
        return kept.lost("It is no text and holds a secret.")
    }

    /// The message, the code and the details redacted. The declared places are places of the details.
    public func redacted(_ failure: Run.Failure) -> Run.Failure {
        Run.Failure(
            failure.category, redacted(failure.message), isRetryable: failure.isRetryable,
            code: redacted(failure.code), details: redact(failure.details, places),
            retryAfter: failure.retryAfter, usage: failure.usage)
    }

    /// All texts in a value redacted, keys too, and what stands at the declared places.
    ///
    /// A number becomes a text where it is the whole value of a secret. Of members whose keys become the same, each
    /// later one gets a number behind it.
    public func redacted(_ json: JSON) -> JSON { redact(json, places) }

    private func redact(_ json: JSON, _ places: [Redaction.Place]) -> JSON {
        if places.contains(where: { place in place.isHere }) { return .string(Redaction.label) }
        switch json {
        case .null, .bool: return json
        case .integer, .number: return values[Key(json.description)].map { label in .string(label) } ?? json
        case .string(let text): return .string(redacted(text))
        case .array(let items):
            return .array(
                items.enumerated().map { index, item in
                    redact(item, places.isEmpty ? [] : places.under(Key(String(index))))
                })
        case .object(let members):
            return .object(redact(members, places))
        }
    }

    private func redact(_ members: JSON.Object, _ places: [Redaction.Place]) -> JSON.Object {
        var taken: Set<Key> = []
        let kept = Set(members.map(\.key))
        return JSON.Object(
            members: members.map { member in
                let text = redacted(member.key.text)
                var key = Key(text)
                var count = 1
                while key != member.key && kept.contains(key) || !taken.insert(key).inserted {
                    count += 1
                    key = Key("\(text) \(count)")
                }
                return JSON.Object.Member(key: key, value: redact(member.value, places.under(member.key)))
            })
    }
}

extension Redactor: CustomStringConvertible, CustomReflectable {
    /// Nothing of what it knows.
    public var description: String { "redactor" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension [Redaction.Place] {
    fileprivate func under(_ key: Key) -> [Redaction.Place] { compactMap { place in place.under(key) } }
}
