import PipelineCore
import PipelineRuntime
import PipelineTesting

/// What an engine does with a journal, on a simulated disk, and what it was told of it.
///
/// Three conversations take turns; groups are of one to three records, some flushed and some not; files are small, so that
/// several are filled; now and then a snapshot, and a compaction once.
struct DiskSession {
    let disk: SimulatedDisk
    /// What was acknowledged.
    private(set) var acknowledged: [Conversation.ID: Int] = [:]
    /// What was acknowledged as safe from a loss of power.
    private(set) var flushed: [Conversation.ID: Int] = [:]
    /// What was given to the journal, whatever became of it.
    private(set) var given: [Conversation.ID: Int] = [:]
    private var journal: FileJournal?

    static let folder = "disk"
    static let conversations: [Conversation.ID] = ["a", "b", "c"]
    static let segmentSize = 1_500

    init(on disk: SimulatedDisk) { self.disk = disk }

    /// Opens what is there, or makes what is not.
    static func open(_ disk: SimulatedDisk, segmentSize: Int = segmentSize) throws(JournalError)
        -> FileJournal
    {
        do throws(JournalError) {
            return try FileJournal(
                openingAt: folder, on: disk, lock: nil, takingOver: false, segmentSize: segmentSize)
        } catch {
            guard error.reason == .missing else { throw error }
            return try FileJournal(creatingAt: folder, on: disk, lock: nil, segmentSize: segmentSize)
        }
    }

    /// Does so many things; one that fails ends with its error, and the next one opens the journal again where it must.
    ///
    /// - Returns: how many calls failed.
    @discardableResult
    mutating func run(_ count: Int, _ generator: inout SeededGenerator) async -> Int {
        var failures = 0
        for number in 0..<count {
            do { try await act(number, &generator) } catch {
                failures += 1
                journal = nil
            }
        }
        return failures
    }

    private mutating func act(_ number: Int, _ generator: inout SeededGenerator) async throws {
        let conversation = Self.conversations.randomElement(using: &generator) ?? "a"
        let (size, isFlushing) = (Int.random(in: 1...3, using: &generator), Bool.random(using: &generator))
        let journal = try self.journal ?? Self.open(disk)
        self.journal = journal
        if number == 20 { return try await journal.compact() }
        let known = try await journal.conversations().first { listing in listing.conversation == conversation
        }
        let last = (known?.records.upperBound ?? 1) - 1
        var entries = (last + 1...last + size).map { sequence in
            JournalEntry.record(.note(sequence, in: conversation))
        }
        if number % 7 == 3 { entries.append(.snapshot(.note(last + size, in: conversation))) }
        given[conversation] = max(given[conversation] ?? 0, last + size)
        try await journal.append(entries, flushing: isFlushing)
        acknowledged[conversation] = last + size
        if isFlushing { flushed = acknowledged }
    }
}

extension JournalSnapshot {
    static func note(_ sequence: Int, in conversation: Conversation.ID) -> JournalSnapshot {
        JournalSnapshot(
            conversation: conversation, sequence: sequence, time: 1_000, events: sequence, digest: .start,
            state: ["note": sequence.json])
    }
}
