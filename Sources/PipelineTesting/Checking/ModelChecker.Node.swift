import PipelineCore

extension ModelChecker {
    /// One state of the walk: the conversation, and what the way to it has used of the bounds.
    struct Node {
        var conversation: Conversation
        var used = Used()
        /// Where it stands in the graph.
        var index = 0
    }

    /// What a walk has used up, and what rules must remember beyond the state.
    struct Used: Hashable {
        var asks: UInt8 = 0
        var interrupts: UInt8 = 0
        var crashes: UInt8 = 0
        var cancels: UInt8 = 0
        var reruns: UInt8 = 0
        var stepCancels: UInt8 = 0
        var conversationCancels: UInt8 = 0
        var requests: UInt8 = 0
        var badAnswers: UInt8 = 0
        var hasCalled = false
        /// Of the first run, and of all others together.
        var memories = [Memory(), Memory()]
    }

    /// What rules must remember of a run's round, by bits for its steps.
    struct Memory: Hashable {
        /// The effect may have begun, and may not begin again.
        var doubtful: UInt32 = 0
        /// It may start only with an approval.
        var needApproval: UInt32 = 0
        /// An operator has canceled it.
        var canceled: UInt32 = 0

        mutating func forget(_ bit: UInt32) {
            doubtful &= ~bit
            needApproval &= ~bit
            canceled &= ~bit
        }
    }

    /// What stands for a state: two states with the same one differ only in names.
    ///
    /// 128 bits; that two different states share one is less likely than a fault of the machine.
    struct Fingerprint: Hashable {
        let high: UInt64
        let low: UInt64
    }
}

extension ModelChecker.Node {
    var fingerprint: ModelChecker.Fingerprint {
        var hash = ModelChecker.Mixer()
        var bounds: UInt64 = 0
        for run in conversation.runs { hash.mix(run) }
        hash.mix(0xF1)
        for run in conversation.queue { hash.mix(UInt64(run.id.text.utf8.count)) }
        hash.mix(0xF2)
        for summary in conversation.finished { hash.mix(summary.status) }
        hash.mix(conversation.active == nil ? 0 : 1)
        hash.mix(conversation.cancellation == nil ? 0 : 1)
        hash.mix(conversation.holder == nil ? 0 : 1)
        for count in [
            used.asks, used.interrupts, used.crashes, used.cancels, used.reruns, used.stepCancels,
            used.conversationCancels, used.requests,
        ] {
            bounds = bounds << 8 | UInt64(count)
        }
        hash.mix(bounds)
        hash.mix(UInt64(used.badAnswers) << 1 | (used.hasCalled ? 1 : 0))
        for memory in used.memories {
            hash.mix(UInt64(memory.doubtful) << 32 | UInt64(memory.needApproval))
            hash.mix(UInt64(memory.canceled))
        }
        return hash.fingerprint
    }
}

extension Run {
    /// Which memory of a walk is the run's.
    var slot: Int { id.text.utf8.count > 1 ? 1 : 0 }
}

extension Conversation {
    /// The runs that have begun and not ended: the active one first, then the parked ones.
    var runs: [Run] { (active.map { run in [run] } ?? []) + parked }
}

extension ModelChecker {
    /// Two independent mixing hashes; the same on every platform.
    struct Mixer {
        private var a: UInt64 = 0xcbf2_9ce4_8422_2325
        private var b: UInt64 = 0x9E37_79B9_7F4A_7C15

        var fingerprint: Fingerprint { Fingerprint(high: a, low: b) }

        mutating func mix(_ word: UInt64) {
            a = (a ^ word) &* 0x9FB2_1C65_1E98_DF25
            a ^= a >> 29
            b = (b &+ word) &* 0xFF51_AFD7_ED55_8CCD
            b ^= b >> 32
        }

        mutating func mix(_ text: String) {
            var word: UInt64 = 1
            for byte in text.utf8 {
                word = word << 8 | UInt64(byte)
                if word >> 56 != 0 {
                    mix(word)
                    word = 1
                }
            }
            mix(word)
        }

        mutating func mix(_ status: Run.Status) {
            switch status {
            case .pending: mix(1)
            case .running: mix(2)
            case .interrupted: mix(3)
            case .completed: mix(4)
            case .failed: mix(5)
            case .canceled: mix(6)
            }
        }

        mutating func mix(_ run: Run) {
            mix(run.status)
            mix(UInt64(run.id.text.utf8.count))
            switch run.stop?.kind {
            case nil: mix(0)
            case .interrupt: mix(1)
            case .fail: mix(2)
            case .cancel: mix(3)
            }
            mix(UInt64(run.position) << 32 | UInt64(run.repairs) << 1 | (run.pausedAt == nil ? 0 : 1))
            for count in run.visits { mix(UInt64(count)) }
            mix(run.watched < run.steps.last?.ordinal ?? 0 ? 1 : 0)
            for count in run.loops.counts { mix(UInt64(count.times)) }
            mix(0xF3)
            let first = run.round.lowerBound
            for index in run.round { mix(run.steps[index], isLead: index == first) }
            if run.limits.attempts != nil || run.limits.tokens != nil || run.limits.cost != nil {
                mix(UInt64(run.spent.attempts))
                mix(UInt64(bitPattern: run.spent.usage.tokens))
                mix(UInt64(bitPattern: run.spent.usage.cost))
            }
            mix(UInt64(run.spent.steps) << 32 | UInt64(run.limits.steps))
            for answer in run.answers { mix(answer.key.text) }
        }

        private mutating func mix(_ step: Run.Step, isLead: Bool) {
            mix(step.status.rank)
            mix(step.kind.rank)
            if isLead, let result = step.result { mix(result.calls.isEmpty ? result.text : "calls") }
            guard !step.status.isTerminal else { return }
            mix(UInt64(step.tries) << 32 | UInt64(step.recoveries))
            var flags: UInt64 = 0
            if let attempt = step.attempt {
                flags |= 1
                if attempt.probe > 0 { flags |= 2 }
                switch attempt.lifecycle {
                case .requested: break
                case .started: flags |= 4
                case .progress, .completed, .failed, .canceled: flags |= 8
                }
                switch attempt.told?.why {
                case nil: break
                case .stop: flags |= 0x10
                case .limit: flags |= 0x20
                case .step: flags |= 0x40
                }
            }
            if step.awaitsEvidence { flags |= 0x80 }
            if step.evidence != nil { flags |= 0x100 }
            if step.needsProbe { flags |= 0x200 }
            if step.due != nil { flags |= 0x400 }
            if step.deadline != nil { flags |= 0x800 }
            if let ending = step.ending { flags |= ending.category == .canceled ? 0x1000 : 0x2000 }
            if let question = step.question {
                flags |= question.kind == .approval ? 0x4000 : 0x8000
                flags |= UInt64(question.agreed.count) << 32
                if question.expires != nil { flags |= 0x10000 }
            }
            if step.approval != nil { flags |= 0x20000 }
            if step.child != nil { flags |= 0x40000 }
            if step.attempts > 0 { flags |= 0x80000 }
            if step.attempt?.waitingSince != nil { flags |= 0x100000 }
            mix(flags)
        }
    }
}

extension Run.Step.Status {
    var rank: UInt64 {
        switch self {
        case .gate: 1
        case .ready: 2
        case .open: 3
        case .backoff: 4
        case .unknown: 5
        case .completed: 6
        case .failed: 7
        case .canceled: 8
        }
    }
}

extension Run.Step.Class {
    fileprivate var rank: UInt64 {
        switch self {
        case .llm: 11
        case .tool: 12
        case .command: 13
        case .workflow: 14
        case .timer: 15
        case .humanGate: 16
        case .system: 17
        }
    }
}
