import PipelineCore
import PipelineRuntime

extension JournalConformance {
    /// One check under way.
    struct Trial: Sendable {
        let kit: JournalConformance
        let check: Check

        /// What the check needs and was not given.
        struct Missing: Error {
            let what: String
        }

        func run() async throws {
            switch check {
            case .order: try await order()
            case .unknown: try await unknown()
            case .values: try await values()
            case .identifiers: try await identifiers()
            case .tail: try await tail()
            case .paging: try await paging()
            case .listings: try await listings()
            case .outOfOrder: try await outOfOrder()
            case .compaction: try await compaction()
            case .flush: try await flush()
            case .closed: try await closed()
            case .engine: try await engine()
            case .appends: try await appends()
            case .reads: try await reads()
            case .readsOfCompacted: try await readsOfCompacted()
            case .reopened: try await reopened()
            case .abandoned: try await abandoned()
            case .killed: try await killed()
            case .powerLoss: try await powerLoss()
            case .held: try await held()
            case .fenced: try await fenced()
            case .damage: try await damage()
            }
        }

        /// The name of the check's journal.
        var name: String { "\(check)" }

        func create() async throws -> any Journal { try await kit.create(name) }

        func open(_ name: String? = nil) async throws -> any Journal {
            guard let open = kit.open else { throw Missing(what: "no way to open it again") }
            return try await open(name ?? self.name)
        }
    }
}

extension JournalConformance.Trial {
    func fail(_ summary: String, _ difference: [String] = []) -> JournalConformance.Failure {
        JournalConformance.Failure(check: check, summary: summary, difference: difference)
    }

    /// Compares by bytes, line by line.
    func expect(_ what: String, _ actual: [String], _ expected: [String]) throws(JournalConformance.Failure) {
        let difference = LineDifference(
            expected: expected.map { text in LineDifference.Line(text) },
            actual: actual.map { text in LineDifference.Line(text) }, isPartial: false)
        guard !difference.isEmpty else { return }
        // Of much that is the same, the lines beside the first differences are enough.
        let lines = difference.lines
        let first = lines.firstIndex { line in !line.hasPrefix("   ") } ?? 0
        throw fail(
            "\(what) went otherwise (- expected, + came).", Array(lines[max(0, first - 2)...].prefix(20)))
    }

    func expect(
        _ what: String, _ actual: [JournalRecord], _ expected: [JournalRecord]
    ) throws(JournalConformance.Failure) {
        guard actual != expected else { return }
        try expect(what, actual.map(\.text), expected.map(\.text))
        throw fail("\(what): records that are written alike are not equal.")
    }

    func expect(_ what: String, _ actual: JournalTail, _ expected: JournalTail) throws(JournalConformance
        .Failure)
    {
        guard actual != expected else { return }
        try expect(what, actual.lines, expected.lines)
        throw fail("\(what): tails that are written alike are not equal.")
    }

    func expect(
        _ what: String, _ actual: [JournalListing], _ expected: [JournalListing]
    ) throws(JournalConformance.Failure) {
        guard actual != expected else { return }
        try expect(what, actual.map(\.text), expected.map(\.text))
    }

    /// All records of a conversation, and the tail, where it was never compacted and has no snapshot.
    func expect(
        _ journal: any Journal, holds records: [JournalRecord], of conversation: Conversation.ID,
        _ when: String = ""
    ) async throws {
        let what = "what it holds of \(conversation)\(when.isEmpty ? "" : " \(when)")"
        try expect(what, try await journal.records(of: conversation, from: 1, limit: .max), records)
        try expect("the tail of \(conversation)", try await journal.tail(of: conversation).records, records)
    }

    /// Expects an error of the journal, of this kind where one is named.
    func expectRefusal(
        _ what: String, _ isExpected: (JournalError.Reason) -> Bool = { _ in true },
        _ body: () async throws -> Void
    ) async throws {
        do {
            try await body()
        } catch let error as JournalError {
            guard isExpected(error.reason) else {
                throw fail("\(what) was refused for another reason: \(error)")
            }
            return
        } catch {
            throw fail("\(what) was refused with something other than a JournalError: \(error)")
        }
        throw fail("\(what) was not refused.")
    }
}

extension JournalRecord {
    var text: String { String(decoding: json.canonicalBytes, as: UTF8.self) }
}

extension JournalTail {
    var lines: [String] {
        let first = snapshot.map { snapshot in String(decoding: snapshot.json.canonicalBytes, as: UTF8.self) }
        return [first ?? "no snapshot"] + records.map(\.text)
    }
}

extension JournalListing {
    var text: String {
        let name = String(decoding: conversation.json.canonicalBytes, as: UTF8.self)
        return "\(name) records \(records) snapshot \(snapshot.map { number in "\(number)" } ?? "none")"
    }
}
