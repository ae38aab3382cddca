public import PipelineCore

/// Where two histories part, and how far they have come apart.
public struct JournalComparison: Hashable, Sendable {
    /// The first record that both keep.
    public let start: Int
    /// The number of the first record that differs, or that only one of them has; nil where there is none.
    ///
    /// Digests are not compared: they stand for what came before, and for what was appended together.
    public private(set) var first: Int?
    /// The record of that number in the one history, if it has one.
    public private(set) var one: JournalRecord?
    /// The record of that number in the other.
    public private(set) var other: JournalRecord?
    /// The fields of these records that differ.
    public private(set) var record: [JSON.Difference] = []
    /// The fields of the states right after them that differ.
    public private(set) var state: [JSON.Difference] = []
    /// The fields of the last states that differ.
    public private(set) var end: [JSON.Difference] = []

    public var isSame: Bool { first == nil && end.isEmpty }

    /// - Throws: `unreachable` where one goes no longer back to where the other ends, `diverged` where one cannot be
    ///   folded.
    public init(_ a: JournalHistory, _ b: JournalHistory) throws(JournalError) {
        let base = max(a.base?.sequence ?? 0, b.base?.sequence ?? 0)
        start = base + 1
        var first = try a.replay(before: start)
        var second = try b.replay(before: start)
        // What comes before may differ already, where it is no longer kept record by record.
        state = first.state.json.differences(from: second.state.json)
        if base > 0, !state.isEmpty { self.first = base }
        let (left, right) = (a.records(from: start), b.records(from: start))
        for index in 0..<max(left.count, right.count) {
            let one = index < left.count ? left[left.startIndex + index] : nil
            let other = index < right.count ? right[right.startIndex + index] : nil
            if let one { _ = first.take(one) }
            if let other { _ = second.take(other) }
            guard self.first == nil, one?.compared != other?.compared else { continue }
            self.first = start + index
            (self.one, self.other) = (one, other)
            record = (one?.compared ?? .null).differences(from: other?.compared ?? .null)
            state = first.state.json.differences(from: second.state.json)
        }
        end = first.state.json.differences(from: second.state.json)
    }
}

extension JournalHistory {
    fileprivate func replay(before sequence: Int) throws(JournalError) -> JournalReplay {
        sequence == 1 ? JournalReplay(conversation) : try replay(to: sequence - 1)
    }

    fileprivate func records(from sequence: Int) -> ArraySlice<JournalRecord> {
        records.drop { record in record.sequence < sequence }
    }
}

extension JournalRecord {
    /// Without what it does not say itself.
    fileprivate var compared: JSON {
        guard case .object(var object) = undigested.json else { return .null }
        object["conversation"] = nil
        return .object(object)
    }
}
