import PipelineCore

/// Where a run can be when a signal comes: status and stop intent together.
enum Phase: String, CaseIterable {
    case pending, running, stoppingToInterrupt, stoppingToFail, stoppingToCancel, interrupted, ended
}

extension World {
    /// A world whose run `r` is in this phase.
    ///
    /// Where it has begun, step 3 is a tool that may be repeated (open as `r/3/1` until it has answered `canceled`), and
    /// step 4 one that waits for approval at `r/4/gate/1`.
    init(_ phase: Phase, isUnattended: Bool = false) {
        self.init()
        var template = Template.coding
        template.limits.wall = 60_000
        if phase == .pending { send(.userMessage(Run.Request("First.")), id: "q") }
        let request = Run.Request("Fix it.", template: template, isUnattended: isUnattended)
        send(.userMessage(request), id: "r")
        guard phase != .pending else { return }
        complete("r/2/1", calls: [.safe("a", "read_file"), .gated("b", "deploy")])
        switch phase {
        case .pending, .running: break
        case .stoppingToInterrupt: send(.interrupt("r", reason: "x"))
        case .stoppingToFail: fire("r/0/0/run/0")
        case .stoppingToCancel: send(.cancel("r", reason: "x"))
        case .interrupted:
            send(.interrupt("r", reason: "x"))
            cancelAnswer("r/3/1")
        case .ended:
            send(.cancel("r", reason: "x"))
            cancelAnswer("r/3/1")
        }
    }

    /// What has become of a run, also after its end.
    func status(of id: Run.ID) -> Run.Status? {
        conversation.run(id)?.status
            ?? conversation.finished.last { summary in summary.run == id }?.status
    }

    /// The bytes of the whole state.
    var bytes: [UInt8] { conversation.json.canonicalBytes }

    /// Sends what must change nothing: the disposition, no deed, and the state byte for byte as it was.
    mutating func refused(_ kind: Run.Signal.Kind, by actor: Run.Actor? = nil) -> Run.Disposition? {
        let before = bytes
        let effect = send(kind, by: actor)
        guard bytes == before, effect.deeds.isEmpty, effect.disposition != .applied else { return nil }
        switch effect.disposition {
        case .unchanged, .rejected: return effect.events.count == 1 ? effect.disposition : nil
        case .applied, .duplicate, .stale: return effect.events.isEmpty ? effect.disposition : nil
        }
    }
}

extension Run.Call {
    /// A call that waits for a person's approval, and may not be repeated.
    static func gated(_ id: String, _ name: String) -> Run.Call {
        Run.Call(id: id, name: name, arguments: ["for": .string(id)], needsApproval: true)
    }

    /// A call whose runner can look whether it took effect.
    static func probed(_ id: String, _ name: String) -> Run.Call {
        Run.Call(id: id, name: name, arguments: ["for": .string(id)], recovery: .probe)
    }
}

extension Template {
    /// The coding mode with some of it changed.
    static func coding(_ change: (inout Template) -> Void) -> Template {
        var template = Template.coding
        change(&template)
        return template
    }

    /// A mode of a few steps of its own; the last one completes it.
    static func of(_ steps: [Step]) -> Template {
        Template(
            id: "test", version: "1", mode: "test", steps: steps,
            completion: steps.last.map { step in [step.name] } ?? [])
    }
}
