import PipelineCore
import PipelineRuntime
import Testing

@Suite(.timeLimit(.minutes(10)))
struct VerificationTests {
    private func history(snapshots interval: Int = 512) async throws -> JournalHistory {
        let past = try Past()
        try await past.run(snapshots: interval)
        return try past.history()
    }

    @Test(arguments: [512, 3])
    func `a journal as it was written is sound`(interval: Int) async throws {
        let history = try await history(snapshots: interval)
        let verification = JournalVerification(of: history)
        #expect(verification.isSound, "\(verification.findings)")
        #expect(verification.records == history.records.count && verification.undigested == 0)
        #expect(
            verification.snapshots == history.snapshots.count && (interval > 3 || verification.snapshots >= 2)
        )
    }

    @Test func `whatever is changed in a record is found at the first digest that stands for it`()
        async throws
    {
        let history = try await history()
        for record in history.records {
            let changed = history.changing(record.sequence) { record in record.becoming(.duplicate) }
            try #require(changed != history)
            let found = JournalVerification(of: changed).findings
            guard case .record(let divergence, let since) = found.first, found.count == 1 else {
                Issue.record("record \(record.sequence): \(found)")
                continue
            }
            #expect(divergence.record.sequence == record.sequence && since <= record.sequence)
            #expect(divergence.disposition == .applied && divergence.record.disposition == .duplicate)
        }
    }

    @Test func `an answer that was changed is found by its digest alone`() async throws {
        let history = try await history()
        let answer = try #require(history.records.last { $0.signal.kind.word == "execution.completed" })
        let changed = history.changing(answer.sequence) { record in record.answering("Done!") }
        let found = JournalVerification(of: changed).findings
        guard case .record(let divergence, let since) = found.first else {
            Issue.record("\(found)")
            return
        }
        #expect(found.count == 1 && since <= answer.sequence)
        #expect(divergence.record.sequence >= answer.sequence)
        #expect(divergence.disposition == .applied && divergence.deeds == divergence.record.deeds)
        #expect(divergence.digest != nil && divergence.digest != divergence.record.digest)
    }

    @Test func `deeds that were changed are found also where no digest stands for them`() async throws {
        let history = try await history()
        let undigested = history.records.map { record in record.undigested }
        let plain = JournalHistory(of: "chat", snapshots: [], records: undigested)
        #expect(JournalVerification(of: plain).isSound)
        let changed = plain.changing(1) { record in
            JournalRecord(
                conversation: "chat", sequence: 1, signal: record.signal, disposition: record.disposition,
                deeds: Array(record.deeds.dropLast()) + ["start r/2/1 other"])
        }
        let found = JournalVerification(of: changed).findings
        guard case .record(let divergence, _) = found.first else {
            Issue.record("\(found)")
            return
        }
        #expect(found.count == 1 && divergence.record.sequence == 1 && divergence.digest == nil)
        #expect(divergence.deeds.last == "start r/2/1 code_generation")
    }

    @Test func `a record that is left out is found where the next one stands`() async throws {
        let history = try await history()
        let rest = history.records.filter { record in record.sequence != 3 }
        let found = JournalVerification(of: JournalHistory(of: "chat", snapshots: [], records: rest)).findings
        guard case .record(let divergence, _) = found.first else {
            Issue.record("\(found)")
            return
        }
        #expect(divergence.record.sequence == 4 && divergence.expectedSequence == 3)
    }

    @Test func `after a record that differs the next snapshot names every field, and all goes on from there`()
        async throws
    {
        let history = try await history(snapshots: 3)
        let answer = try #require(history.first("execution.completed"))
        let next = try #require(history.snapshots.first { $0.sequence >= answer })
        let changed = history.changing(answer) { record in record.answering("Let me think.") }
        let found = JournalVerification(of: changed).findings
        #expect(found.count == 2, "\(found)")
        guard case .record(let divergence, _) = found.first, case .snapshot(let finding) = found.last else {
            return
        }
        #expect(divergence.record.sequence >= answer && finding.sequence == next.sequence)
        #expect(finding.problem == nil && finding.rest.isEmpty)
        #expect(
            finding.state.allSatisfy { field in
                field.first == "Let me see." && field.second == "Let me think."
            }, "\(finding.state)")
        #expect(finding.state.contains { field in field.pointer == "/active/steps/1/result/output" })
    }

    @Test func `a snapshot that was changed is named with its field, digested anew or not`() async throws {
        let history = try await history(snapshots: 3)
        for isDigested in [true, false] {
            let snapshots = try history.snapshots.enumerated().map { index, snapshot in
                try index == 1 ? snapshot.changed(isDigested: isDigested) : snapshot
            }
            let changed = JournalHistory(of: "chat", snapshots: snapshots, records: history.records)
            let found = JournalVerification(of: changed).findings
            guard case .snapshot(let finding) = found.first else {
                Issue.record("\(found)")
                continue
            }
            #expect(finding.state.map(\.pointer) == ["/active/spent/steps"])
            #expect(finding.state.first?.first == 9)
            #expect((finding.problem == nil) == isDigested)
            #expect(found.count == 1, "\(found)")
        }
    }

    @Test func `records at the end without a digest are counted`() async throws {
        let past = try Past()
        try await past.run()
        let history = try past.history()
        let last = history.records.count
        let cut = history.changing(last) { record in record.undigested }
        let verification = JournalVerification(of: cut)
        #expect(verification.isSound && verification.undigested >= 1)
    }
}

extension JournalSnapshot {
    /// The same with another count of steps, and with the digest of that or the old one.
    fileprivate func changed(isDigested: Bool) throws -> JournalSnapshot {
        guard case .object(var object)? = state["state"], case .object(var run)? = object["active"],
            case .object(var spent)? = run["spent"]
        else { return self }
        spent["steps"] = 9
        run["spent"] = .object(spent)
        object["active"] = .object(run)
        let changed = JSON.object(object)
        let digest: JSON =
            isDigested
            ? .string(ContentDigest(hashing: changed.canonicalBytes).description) : state["digest"] ?? .null
        return JournalSnapshot(
            conversation: conversation, sequence: sequence, time: time, events: events, digest: self.digest,
            state: ["digest": digest, "state": changed])
    }
}
