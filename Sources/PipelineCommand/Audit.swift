import PipelineCore
import PipelineRuntime

/// Who decided what in a journal, in order.
struct Audit {
    /// One decision: of the policy, of a person, or about a request.
    struct Entry {
        let time: Run.Milliseconds
        let conversation: Conversation.ID
        /// The record that has it.
        let sequence: Int
        let kind: String
        let by: String
        /// What it is about: an execution, a gate, a run.
        let subject: String
        let verdict: String
        let details: JSON.Object
    }

    private(set) var entries: [Entry] = []
    /// The executions that were started, and who opened the runs.
    private var executions: [Run.Execution.ID: Run.Execution] = [:]
    private var openers: [Run.ID: Run.Actor] = [:]

    init(of contents: FileJournalContents) {
        var states: [Conversation.ID: Conversation] = [:]
        // Where the beginning is no longer kept, a conversation goes on from its first snapshot.
        for snapshot in contents.snapshots where states[snapshot.conversation] == nil {
            let first = contents.records.first { record in record.conversation == snapshot.conversation }
            guard first?.sequence != 1, let replay = try? JournalReplay(from: snapshot) else { continue }
            states[snapshot.conversation] = replay.state
        }
        if let origin = contents.origin {
            let base = contents.history(of: origin.conversation).base
            if let base, base.sequence >= origin.sequence { note(origin, at: base.time) }
        }
        for record in contents.records {
            var directives: [Run.Directive] = []
            let id = record.conversation
            _ = states[id, default: Conversation(id: id)].reduce(record.signal, into: &directives)
            note(record)
            for directive in directives { note(directive, of: record) }
            if let origin = contents.origin, origin.conversation == id, origin.sequence == record.sequence {
                note(origin, at: record.signal.time)
            }
        }
    }

    /// Where the journal parts from the one that it is a fork of.
    private mutating func note(_ origin: JournalOrigin, at time: Run.Milliseconds) {
        entries.append(
            Entry(
                time: time, conversation: origin.conversation, sequence: origin.sequence, kind: "fork",
                by: "operator", subject: origin.journal, verdict: "forked",
                details: ["record": origin.sequence.json, "digest": origin.digest.json]))
    }

    /// What somebody has asked for, and got.
    private mutating func note(_ record: JournalRecord) {
        guard record.disposition == .applied else { return }
        let signal = record.signal
        switch signal.kind {
        case .userMessage: openers[Run.ID(key: signal.id.key)] = signal.actor
        case .interrupt(let run, let reason), .cancel(let run, let reason), .withdraw(let run, let reason):
            add("control", record, "\(run)", signal.kind.word, ["reason": .string(reason)])
        case .cancelStep(let run, let ordinal, let reason):
            add("control", record, "\(run)/\(ordinal)", signal.kind.word, ["reason": .string(reason)])
        case .resume(let run, let ticket, _):
            add("control", record, "\(run)", signal.kind.word, ["ticket": ticket.json])
        case .cancelConversation(let reason):
            add("control", record, "\(record.conversation)", signal.kind.word, ["reason": .string(reason)])
        case .resumeConversation: add("control", record, "\(record.conversation)", signal.kind.word, [:])
        case .switchMode(let change):
            let details: JSON.Object = ["forced": .bool(change.isForced), "reason": .string(change.reason)]
            add("control", record, "\(record.conversation)", signal.kind.word, details)
        case .gateAnswer, .policyDecided, .started, .progress, .exceeded, .completed, .failed, .canceled,
            .timerFired,
            .restarted:
            break
        }
    }

    private mutating func note(_ directive: Run.Directive, of record: JournalRecord) {
        switch directive {
        case .startExecution(let execution): executions[execution.id] = execution
        case .publish(let event): note(event.kind, of: record)
        case .disarmTimer, .withdrawGate, .cancelExecution, .cancelChild, .armTimer, .openGate: break
        }
    }

    private mutating func note(_ event: Run.Event.Kind, of record: JournalRecord) {
        switch event {
        case .policy(let id, let decision):
            var details: JSON.Object = ["rule": .string(decision.rule)]
            if !decision.reason.isEmpty { details["reason"] = .string(decision.reason) }
            if let execution = executions[id] {
                details["name"] = .string(execution.name)
                details["kind"] = execution.kind.json
                details["mode"] = .string(execution.mode)
                details["approval"] = execution.approval?.json
            }
            details["requestedBy"] = openers[id.run]?.json
            add("policy", record, "\(id)", decision.verdict.rawValue, details, by: "policy")
        case .gateAnswered(let ticket, let answer, let actor, let missing):
            var details = answer.json.objectValue ?? [:]
            let verdict = details["answer"]?.stringValue ?? "answered"
            details["answer"] = nil
            if missing > 0 { details["missing"] = missing.json }
            add("gate", record, "\(ticket)", verdict, details, by: "\(actor)")
        case .gateExpired(let ticket): add("gate", record, "\(ticket)", "expired", [:], by: "timer")
        case .request(let word, .rejected(.unauthorized)):
            add("request", record, "\(record.conversation)", "unauthorized", ["request": .string(word)])
        default: break
        }
    }

    private mutating func add(
        _ kind: String, _ record: JournalRecord, _ subject: String, _ verdict: String,
        _ details: JSON.Object, by: String? = nil
    ) {
        entries.append(
            Entry(
                time: record.signal.time, conversation: record.conversation, sequence: record.sequence,
                kind: kind, by: by ?? "\(record.signal.actor)", subject: subject, verdict: verdict,
                details: details))
    }
}

extension Audit.Entry {
    var json: JSON {
        var object = details
        object["time"] = time.json
        object["conversation_id"] = conversation.json
        object["sequence"] = sequence.json
        object["category"] = .string(kind)
        object["by"] = .string(by)
        object["subject"] = .string(subject)
        object["verdict"] = .string(verdict)
        return .object(object)
    }

    /// One line for a person, with nothing in it that could steer a terminal or look like another line.
    var line: String {
        let details = details.map { member in
            "\(member.key)=\(member.value.stringValue ?? member.value.description)"
        }
        return [
            time.asInstant, kind.padded(to: 7), verdict.padded(to: 12), subject.padded(to: 16),
            by.padded(to: 14), details.joined(separator: "; "),
        ].joined(separator: "  ").onOneLine
    }
}

extension String {
    /// With every control character and every one that turns the direction of text made visible.
    fileprivate var onOneLine: String {
        printable.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n")
            .split(separator: "\t", omittingEmptySubsequences: false).joined(separator: "\\t")
    }
}
