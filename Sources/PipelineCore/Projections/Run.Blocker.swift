extension Run {
    /// One thing that would move a run. A run that has not ended always has at least one.
    public enum Blocker: Hashable, Sendable {
        /// It waits in the queue for the active run.
        case queued(behind: ID)
        /// It waits in the queue that an interrupted run holds.
        case held(by: ID)
        /// An answer is awaited, until its deadline if it has one.
        case execution(Execution.ID, until: Milliseconds?)
        /// It is allowed, and the gateway has no room for it yet.
        case capacity(Execution.ID, since: Milliseconds)
        /// What was told to end has not answered; it is given up at this instant.
        case settling(Execution.ID, until: Milliseconds)
        /// A person is asked, until the question expires.
        case gate(Ticket, Gate.Kind, until: Milliseconds?)
        /// A pause before an attempt, or a timer step.
        case timer(ordinal: Int, until: Milliseconds)
        /// Somebody must resume it.
        case resume(Ticket)
    }

    /// What would move this run; empty when it has ended.
    ///
    /// Of a pending run only its conversation knows: see ``Conversation/blockers(of:)``.
    public var blockers: [Blocker] {
        var found: [Blocker] = []
        if status == .interrupted, let interruption { found.append(.resume(interruption.ticket)) }
        guard !status.isTerminal else { return [] }
        for index in round {
            let step = steps[index]
            if let attempt = step.attempt, let id = executionID(of: index) {
                if let told = attempt.told {
                    found.append(.settling(id, until: told.until))
                } else if let since = attempt.waitingSince {
                    found.append(.capacity(id, since: since))
                } else {
                    let limit = template.policy(for: step.kind).startToClose
                    found.append(
                        .execution(id, until: limit.map { limit in attempt.since.addingClamped(limit) }))
                }
            } else if let question = step.question {
                let expiry = phase == .running ? question.expires : nil
                found.append(.gate(gateTicket(index), question.kind, until: expiry))
            } else if phase == .running, step.status == .backoff, let due = step.due {
                found.append(.timer(ordinal: step.ordinal, until: due))
            }
        }
        return found
    }
}

extension Conversation {
    /// What would move this run; empty when it has ended or is not known.
    public func blockers(of id: Run.ID) -> [Run.Blocker] {
        guard let run = run(id) else { return [] }
        guard run.status == .pending else { return run.blockers }
        let index = queue.firstIndex { run in run.id == id } ?? 0
        if index > 0 { return [.queued(behind: queue[index - 1].id)] }
        if let active { return [.queued(behind: active.id)] }
        return holder.map { holder in [.held(by: holder)] } ?? []
    }
}

extension Run.Blocker {
    /// One object with a `waitsFor` and what belongs to it.
    public var json: JSON {
        var object = JSON.Builder()
        switch self {
        case .queued(let run):
            object.set("waitsFor", "run")
            object.set("run_id", run)
        case .held(let run):
            object.set("waitsFor", "interruptedRun")
            object.set("run_id", run)
        case .execution(let id, let until):
            object.set("waitsFor", "execution")
            object.set("execution_id", id)
            object.set("until", until)
        case .capacity(let id, let since):
            object.set("waitsFor", "capacity")
            object.set("execution_id", id)
            object.set("since", since)
        case .settling(let id, let until):
            object.set("waitsFor", "settling")
            object.set("execution_id", id)
            object.set("until", until)
        case .gate(let ticket, let kind, let until):
            object.set("waitsFor", kind)
            object.set("ticket", ticket)
            object.set("until", until)
        case .timer(let ordinal, let until):
            object.set("waitsFor", "timer")
            object.set("ordinal", ordinal)
            object.set("until", until)
        case .resume(let ticket):
            object.set("waitsFor", "resume")
            object.set("ticket", ticket)
        }
        return object.json
    }
}
