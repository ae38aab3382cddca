extension Run {
    /// What an answer must name to count: used once, and only while it is current.
    public enum Ticket: Hashable, Sendable, CustomStringConvertible {
        /// `<run>/i<n>`: the n-th interruption of a run.
        case interruption(Run.ID, Int)
        /// `<run>/<ordinal>/gate/<n>`: the n-th gate of a step.
        case gate(Run.ID, ordinal: Int, Int)

        public var run: Run.ID {
            switch self {
            case .interruption(let run, _), .gate(let run, _, _): run
            }
        }

        public var description: String {
            switch self {
            case .interruption(let run, let number): "\(run)/i\(number)"
            case .gate(let run, let ordinal, let number): "\(run)/\(ordinal)/gate/\(number)"
            }
        }

        public init?(_ text: String) {
            var parts = IDParts(text)
            guard let last = parts.removeLast() else { return nil }
            if last.utf8.first == UInt8(ascii: "i"), let number = Int(last.dropFirst()) {
                self = .interruption(parts.rest, number)
            } else {
                guard let number = Int(last), parts.removeLast() == "gate",
                    let ordinal = parts.removeLastInt()
                else { return nil }
                self = .gate(parts.rest, ordinal: ordinal, number)
            }
            guard description.utf8.elementsEqual(text.utf8) else { return nil }
        }
    }
}

extension Run.Ticket: JSONRepresentable {
    public var json: JSON { .string(description) }
    public init(json: JSON) throws(JSON.FormatError) {
        guard case .string(let text) = json, let ticket = Run.Ticket(text) else {
            throw JSON.FormatError("expected a ticket, <run>/i<n> or <run>/<ordinal>/gate/<n>")
        }
        self = ticket
    }
}

/// Takes a composed id apart from its end: a run's name may itself hold slashes.
struct IDParts {
    private var text: Substring

    init(_ text: String) { self.text = text[...] }

    var rest: Run.ID { Run.ID(String(text)) }

    mutating func removeLast() -> Substring? {
        guard let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        let part = text[text.utf8.index(after: slash)...]
        text = text[..<slash]
        return part
    }

    mutating func removeLastInt() -> Int? {
        guard let part = removeLast() else { return nil }
        return Int(part)
    }
}
