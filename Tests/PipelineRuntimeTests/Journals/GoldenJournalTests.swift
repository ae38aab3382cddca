import PipelineCore
import PipelineTesting
import Testing

@testable import PipelineRuntime

/// Journals that were written once: every later version reads them, and the one of their format writes the same bytes.
@Suite(.timeLimit(.minutes(5)))
struct GoldenJournalTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private static let current = GoldenFiles.places(of: GoldenFiles.format)
    private static let isWriting = ScratchFolder.variable("PIPELINE_WRITE_GOLDEN") != nil

    // MARK: All formats

    @Test(arguments: GoldenFiles.places)
    func `E12 every digest and every snapshot of a golden journal is what it was`(place: GoldenFiles.Place)
        throws
    {
        let contents = try FileJournal.contents(of: try folder.copy(place))
        #expect(contents.conversations.count >= 1 && contents.tornBytes == 0)
        for conversation in contents.conversations {
            let verification = JournalVerification(of: contents.history(of: conversation))
            #expect(verification.findings.isEmpty && verification.undigested == 0, "\(conversation)")
        }
    }

    @Test(arguments: GoldenFiles.places)
    func `an engine goes on with a golden journal until nothing is left to do`(place: GoldenFiles.Place)
        async throws
    {
        let path = try folder.copy(place)
        let journal = try FileJournal.open(at: path)
        #expect(journal.repairedBytes == 0)
        let listings = try await journal.conversations()
        let before = try FileJournal.contents(of: path).entries
        let clock = ManualClock(now: before.map(\.time).max() ?? 0)
        let engine = Engine(try GoldenStory.gateway(isStuck: false), journal: journal, clock: clock)
        var unfinished = 0
        for listing in listings { unfinished += try await finish(listing.conversation, engine, clock) }
        #expect(unfinished > 0, "there was nothing to go on with")
        await engine.shutdown(within: .seconds(60))

        let contents = try FileJournal.contents(of: path)
        #expect(contents.entries.starts(with: before))
        for conversation in contents.conversations {
            let history = contents.history(of: conversation)
            #expect(JournalVerification(of: history).isSound, "\(conversation)")
            #expect(try history.replay().state.isUnsettled == false, "\(conversation)")
        }
    }

    /// Answers, resumes and lets time pass until a conversation has nothing more to do.
    ///
    /// - Returns: how many runs had not ended.
    private func finish(
        _ conversation: Conversation.ID, _ engine: Engine, _ clock: ManualClock
    ) async throws -> Int {
        var state = try await engine.state(of: conversation)
        let unfinished = state.parked.count + state.queue.count + (state.active == nil ? 0 : 1)
        guard state.isUnsettled else { return unfinished }
        for await _ in engine.events(of: conversation) {
            state = try await engine.state(of: conversation)
            guard let run = state.active ?? state.parked.first else { break }
            for due in run.steps.compactMap(\.due) { clock.advance(by: due - clock.now) }
            for gate in run.gates {
                let answer: Run.Gate.Answer = gate.kind == .approval ? .approve : .skip
                for person in ["ada", "bob"] as [Key] {
                    try await engine.request(
                        .gateAnswer(gate.ticket, answer), id: Run.Signal.ID("\(gate.ticket) \(person)"),
                        by: .operator(person), in: conversation)
                }
            }
            if state.active == nil, let ticket = run.interruption?.ticket {
                try await engine.request(
                    .resume(run.id, ticket), id: Run.Signal.ID("\(ticket)"), by: .operator("ada"),
                    in: conversation)
            }
        }
        return unfinished
    }

    // MARK: The format of this version

    @Test func `the golden files of this version's format are there`() async throws {
        if Self.isWriting {
            try await GoldenFiles.write(in: folder)
            try GoldenFiles.keep(folder)
        }
        let names = GoldenFiles.places(of: GoldenFiles.format).map(\.journal)
        #expect(
            names == ["compacted", "fork", "story"],
            "write them: PIPELINE_WRITE_GOLDEN=1 swift test --filter GoldenJournalTests")
    }

    @Test func `E4 the same story told again gives the same files, byte for byte`() async throws {
        try await GoldenFiles.write(in: folder)
        for place in Self.current {
            let (old, new) = (try GoldenFiles.read(place.path), try GoldenFiles.read(folder[place.journal]))
            #expect(old.keys.sorted() == new.keys.sorted(), "\(place)")
            for (name, bytes) in old.sorted(by: { a, b in a.key < b.key }) where bytes != new[name] {
                let line = zip(lines(bytes), lines(new[name] ?? [])).enumerated().first { _, pair in
                    pair.0 != pair.1
                }
                Issue.record("\(place)/\(name), line \(line.map { $0.offset + 1 } ?? 0) is another one now")
            }
        }
    }

    @Test(arguments: current)
    func `every line that is read is written as it was`(place: GoldenFiles.Place) throws {
        for (name, bytes) in try GoldenFiles.read(place.path) where name.hasPrefix("journal") {
            if name.hasSuffix(".index") {
                let segment = try #require(JournalHeader.segment(named: "\(name.dropLast(6)).jsonl"))
                let size = try #require(try GoldenFiles.read(place.path)["\(name.dropLast(6)).jsonl"]).count
                let index = try #require(JournalIndex(reading: bytes, segment: segment, size: size))
                #expect(index.bytes(of: segment, size: size) == bytes, "\(name)")
                continue
            }
            let lines = lines(bytes)
            var again = try JournalHeader(decoding: try #require(lines.first)).line
            for line in lines.dropFirst() {
                let decoded = try JournalLine(decoding: line)
                JournalLine.encode(decoded.entry, flushed: decoded.flushed, into: &again)
                guard case .snapshot(let snapshot) = decoded.entry else { continue }
                #expect(try Conversation(snapshot: snapshot.state).snapshot == snapshot.state, "\(name)")
            }
            #expect(again == bytes, "\(place)/\(name)")
        }
    }

    @Test(arguments: ["base", "last", "startsWithSnapshot", "tail", "records", "snapshot"])
    func `an index that lacks a part, or has another in its place, is not believed`(part: String) throws {
        let story = try #require(Self.current.first { place in place.journal == "story" })
        let files = try GoldenFiles.read(story.path)
        let bytes = try #require(files["journal-00000001.index"])
        let size = try #require(files["journal-00000001.jsonl"]).count
        guard case .object(var index) = try JSON(parsing: Array(bytes.dropFirst(65))),
            case .array(var entries)? = index["conversations"], case .object(var entry)? = entries.first
        else { return #expect(Bool(false)) }
        func isBelieved(_ value: JSON?) -> Bool {
            entry[part] = value
            entries[0] = .object(entry)
            index["conversations"] = .array(entries)
            let body = JSON.object(index).canonicalBytes
            let digest = Array("\(ContentDigest(hashing: body)) ".utf8)
            return JournalIndex(reading: digest + body, segment: 1, size: size) != nil
        }
        #expect(isBelieved(entry[part]))
        #expect(!isBelieved(["x"]))
        // A conversation may have no records in a file, or no snapshot.
        #expect(isBelieved(nil) == ["records", "snapshot"].contains(part))
    }

    @Test func `the story has a word for everything that a journal can hold`() throws {
        let story = try #require(Self.current.first { place in place.journal == "story" })
        let contents = try FileJournal.contents(of: try folder.copy(story))
        let words = Set(contents.records.map(\.signal.kind.word))
        #expect(words.sorted() == Self.words, "a signal that is new belongs in the story of the next format")
        let outcomes = Set(contents.records.map(\.disposition))
        #expect(outcomes.isSuperset(of: [.applied, .unchanged, .stale]) && outcomes.count > 12)
        #expect(contents.conversations.count > 2 && contents.snapshots.count > 10)
        let names = try GoldenFiles.read(story.path).keys
        #expect(names.count { name in name.hasSuffix(".index") } > 5)
    }

    private static let words = [
        "conversation.cancel", "conversation.resume", "engine.restarted", "execution.canceled",
        "execution.completed", "execution.exceeded", "execution.failed", "execution.progress",
        "execution.started", "gate.answer", "message.user", "mode.switch", "policy.decided",
        "request.withdraw", "run.cancel", "run.interrupt", "run.resume", "step.cancel", "timer.fired",
    ]

    // MARK: Formats to come

    @Test(arguments: current)
    func `E7 a later format is refused by its number and ours, and stays as it is`(place: GoldenFiles.Place)
        async throws
    {
        let next = GoldenFiles.format + 1
        let path = try folder.copy(place)
        for name in try GoldenFiles.read(path).keys.sorted() where name.hasSuffix(".jsonl") {
            let bytes = try folder.read("\(place.journal)/\(name)")
            let text = String(decoding: bytes, as: UTF8.self)
            let later = text.replacing(
                "\"format\":\(next - 1),\"kind\"", with: "\"format\":\(next),\"kind\"", maxReplacements: 1)
            try folder.write(Array(later.utf8), to: "\(place.journal)/\(name)")
            let files = try GoldenFiles.read(path)
            let expected = JournalError("\(path)/\(name)", .newerFormat(next, known: next - 1))
            #expect(throws: expected) { try FileJournal.open(at: path) }
            #expect(throws: expected) { try FileJournal.contents(of: path) }
            #expect(
                "\(expected)"
                    == "\(path)/\(name) has format \(next), and this version reads formats up to \(next - 1). Nothing was changed; use a later version."
            )
            #expect(try GoldenFiles.read(path) == files)
            try folder.write(bytes, to: "\(place.journal)/\(name)")
        }
    }

    @Test func `a state of a later form is refused by its number and ours`() async throws {
        let next = Conversation.format + 1
        let place = try #require(Self.current.first { place in place.journal == "compacted" })
        let path = try folder.copy(place)
        let bytes = try folder.read("compacted/journal.jsonl")
        var later: [UInt8] = []
        var last: [Conversation.ID: Int] = [:]
        for line in lines(bytes) {
            guard let decoded = try? JournalLine(decoding: line), case .snapshot(let old) = decoded.entry
            else {
                later += line + [UInt8(ascii: "\n")]
                continue
            }
            last[old.conversation] = old.sequence
            JournalLine.encode(.snapshot(old.inFormat(next)), flushed: decoded.flushed, into: &later)
        }
        try folder.write(later, to: "compacted/journal.jsonl")
        let journal = try FileJournal.open(at: path)
        let engine = Engine(try GoldenStory.gateway(isStuck: false), journal: journal, clock: ManualClock())
        let contents = try FileJournal.contents(of: path)
        for (conversation, sequence) in last {
            let expected = JournalError(
                "\(conversation), snapshot of record \(sequence),", .newerFormat(next, known: next - 1))
            #expect(
                "\(expected)".contains("has format \(next), and this version reads formats up to \(next - 1)")
            )
            await #expect(throws: EngineError.journal(expected)) { try await engine.state(of: conversation) }
            #expect(throws: expected) { try contents.history(of: conversation).replay() }
        }
        await engine.shutdown(within: .seconds(60))
        #expect(try folder.read("compacted/journal.jsonl") == later && !last.isEmpty)
    }

    private func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] { bytes.split(separator: UInt8(ascii: "\n")) }
}

extension JournalSnapshot {
    /// The same with a state that says to be of another form, digested anew.
    fileprivate func inFormat(_ format: Int) -> JournalSnapshot {
        guard case .object(var state)? = state["state"] else { return self }
        state["format"] = .integer(Int64(format))
        let digest = ContentDigest(hashing: JSON.object(state).canonicalBytes)
        return JournalSnapshot(
            conversation: conversation, sequence: sequence, time: time, events: events, digest: self.digest,
            state: ["digest": .string(digest.description), "state": .object(state)])
    }
}
