public import PipelineCore

/// Stands for everything that was decided in a conversation up to a record: 128 bits of a SHA-256.
///
/// Each is made of the one before, so that no record can be changed, left out or put between others unseen.
public struct JournalDigest: Hashable, Sendable, CustomStringConvertible {
    private let first: UInt64
    private let second: UInt64

    /// The one before the first record of a conversation.
    public static let start = JournalDigest(first: 0, second: 0)

    private init(first: UInt64, second: UInt64) {
        self.first = first
        self.second = second
    }

    init(_ digest: ContentDigest) {
        let words = digest.leadingWords
        self.init(first: words.0, second: words.1)
    }

    /// 32 lowercase hexadecimal digits.
    public var description: String {
        [first, second].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }.joined()
    }
}

extension JournalDigest: JSONRepresentable {
    public var json: JSON { .string(description) }

    public init(json: JSON) throws(JSON.FormatError) {
        guard let text = json.stringValue, text.utf8.count == 32,
            text.utf8.allSatisfy({ byte in byte != 43 }),
            let first = UInt64(text.prefix(16), radix: 16), let second = UInt64(text.suffix(16), radix: 16)
        else { throw JSON.FormatError("expected 32 hexadecimal digits") }
        self.init(first: first, second: second)
    }
}

/// Makes the digests of one conversation's records, one for each append.
struct JournalChain: Sendable {
    /// The digest of the last record that has one.
    private(set) var last: JournalDigest
    private var pending = ContentHasher()
    private(set) var isEmpty = true

    init(_ last: JournalDigest = .start) { self.last = last }

    /// Takes in a record and what was decided by it.
    mutating func add(_ record: JournalRecord, _ directives: [Run.Directive]) {
        if isEmpty { pending.update(last.description.utf8) }
        isEmpty = false
        pending.update(record.undigested.json.canonicalBytes)
        for directive in directives {
            pending.update(directive.line.utf8)
            pending.update(CollectionOfOne(UInt8(ascii: "\n")))
        }
    }

    /// The digest of all that was added since the last one, and of the state that it came to.
    mutating func close(with state: Conversation) -> JournalDigest {
        pending.update(state.fingerprint.canonicalBytes)
        last = JournalDigest(ContentDigest(pending))
        pending = ContentHasher()
        isEmpty = true
        return last
    }
}
