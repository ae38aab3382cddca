extension Template {
    /// Everything that is wrong, in the order of the JSON form; empty for a template that can be used.
    ///
    /// - Complexity: O(steps²), for at most 64 steps.
    public var problems: [Problem] {
        var found = Findings()
        checkNames(&found)
        checkLimits(&found)
        guard (1...Template.mostSteps).contains(steps.count) else {
            found.add(
                "/steps", "a template has 1 to \(Template.mostSteps) steps; this one has \(steps.count)")
            return found.problems
        }
        for index in steps.indices { check(index, &found) }
        checkCompletion(&found)
        checkReach(&found)
        checkLoops(&found)
        return found.problems
    }

    public var isValid: Bool { problems.isEmpty }

    static let mostSteps = 64
    /// The greatest concurrency, the most calls of an answer, and the most times that a run may come to a step.
    static let mostAtOnce = 1_024
    /// Bytes of a name, and of a text for a model.
    private static let mostBytes = 1_024

    private struct Findings {
        var problems: [Problem] = []

        mutating func add(_ pointer: String, _ message: String) {
            problems.append(Problem(pointer, message))
        }

        mutating func require(_ holds: Bool, _ pointer: String, _ message: @autoclosure () -> String) {
            if !holds { add(pointer, message()) }
        }
    }

    private func checkNames(_ found: inout Findings) {
        for (pointer, name) in [("/id", id), ("/version", version), ("/mode", mode)] {
            let count = name.text.utf8.count
            found.require(
                (1...Template.mostBytes).contains(count), pointer,
                "a name has 1 to 1024 bytes; this has \(count)")
        }
    }

    private func checkLimits(_ found: inout Findings) {
        for (name, policy) in [("llm", llm), ("tool", tool), ("command", command), ("workflow", workflow)] {
            found.require(policy.maxAttempts >= 1, "/\(name)/maxAttempts", "there is at least 1 attempt")
            found.require(policy.backoff >= 0, "/\(name)/backoff", "a pause is 0 ms or more")
            found.require(policy.longestBackoff >= 0, "/\(name)/longestBackoff", "a pause is 0 ms or more")
            found.require((0...100).contains(policy.jitter), "/\(name)/jitter", "jitter is 0 to 100 percent")
            for (member, limit) in [
                ("startToClose", policy.startToClose), ("scheduleToClose", policy.scheduleToClose),
                ("scheduleToStart", policy.scheduleToStart), ("idle", policy.idle),
            ] {
                found.require(limit ?? 1 >= 1, "/\(name)/\(member)", "a timeout is at least 1 ms")
            }
        }
        check(gates, at: "/gates", &found)
        found.require(limits.isValid, "/limits", "steps are 1 to 1000000; other limits are 1 or more")
        found.require(loops.diagnosed >= 1, "/loops/diagnosed", "a loop is seen after 1 failure or more")
        found.require(
            loops.failed >= loops.diagnosed, "/loops/failed",
            "a run fails at no smaller number than it is diagnosed at")
        for (name, count) in [("concurrency", concurrency), ("callsPerAnswer", callsPerAnswer)] {
            found.require(
                (1...Template.mostAtOnce).contains(count), "/\(name)",
                "\(name) is 1 to \(Template.mostAtOnce)")
        }
        found.require(grace >= 0, "/grace", "the grace time is 0 ms or more")
        for (index, point) in extensionPoints.enumerated() where extensionPoints[..<index].contains(point) {
            found.add("/extensionPoints/\(index)", "\(point.rawValue) is there already")
        }
    }

    private func check(_ gate: Gate, at pointer: String, _ found: inout Findings) {
        found.require((1...16).contains(gate.approvers), "\(pointer)/approvers", "1 to 16 people approve")
        found.require(gate.timeout ?? 1 >= 1, "\(pointer)/timeout", "a timeout is at least 1 ms")
        found.require(
            gate.message.utf8.count <= Conversation.mostBytes, "\(pointer)/message",
            "a text has at most \(Conversation.mostBytes) bytes")
    }

    private func check(_ index: Int, _ found: inout Findings) {
        let step = steps[index]
        let pointer = "/steps/\(index)"
        found.require(
            (1...Template.mostBytes).contains(step.name.text.utf8.count), "\(pointer)/name",
            "a step's name has 1 to 1024 bytes")
        if let other = self.index(of: step.name), other < index {
            found.add("\(pointer)/name", "\"\(step.name)\" is the name of step \(other) already")
        }
        for (word, name) in [("next", step.next), ("onFailure", step.onFailure)] {
            guard let name, self.index(of: name) == nil else { continue }
            found.add("\(pointer)/\(word)", "there is no step \"\(name)\"")
        }
        found.require(
            (1...Template.mostAtOnce).contains(step.most ?? 1), "\(pointer)/most",
            "a step is taken 1 to \(Template.mostAtOnce) times")
        switch step.action {
        case .context, .commit: break
        case .strategy(let strategy): check(strategy, at: "\(pointer)/strategy", before: index, &found)
        case .call(let call):
            found.require(
                Key(call.id) == step.name, "\(pointer)/call", "the id of a call is the name of its step")
            found.require(
                (1...Template.mostBytes).contains(call.name.utf8.count), "\(pointer)/call/name",
                "a name has 1 to 1024 bytes")
            found.require(
                call.arguments.objectValue != nil
                    && !call.arguments.isDeeper(than: JSON.greatestPayloadDepth),
                "\(pointer)/call/arguments",
                "arguments are an object of at most \(JSON.greatestPayloadDepth) levels")
        case .wait(let time): found.require(time >= 0, "\(pointer)/wait", "a wait is 0 ms or more")
        case .gate(let gate): check(gate, at: "\(pointer)/gate", &found)
        case .artifact(let sources):
            for (number, source) in sources.enumerated() where !isStructured(source, before: index) {
                found.add(
                    "\(pointer)/artifact/\(number)",
                    "there is no structured strategy step \"\(source)\" before this one")
            }
        }
    }

    private func check(
        _ strategy: Strategy, at pointer: String, before index: Int, _ found: inout Findings
    ) {
        found.require(
            (1...Template.mostBytes).contains(strategy.name.utf8.count), "\(pointer)/name",
            "a strategy's name has 1 to 1024 bytes")
        found.require(
            strategy.instruction.utf8.count <= Conversation.mostBytes, "\(pointer)/instruction",
            "a text has at most \(Conversation.mostBytes) bytes")
        found.require((0...16).contains(strategy.repairs), "\(pointer)/repairs", "0 to 16 repairs")
        for (number, rule) in strategy.rules.enumerated() {
            let place = "\(pointer)/rules/\(number)"
            switch rule {
            case .outcome: continue
            case .schema: break
            case .sections(let names): found.require(!names.isEmpty, place, "name at least one section")
            case .depth(let most): found.require(most >= 1, place, "the depth is at least 1")
            case .alternatives(let least): found.require(least >= 1, place, "ask for at least 1 alternative")
            case .tradeoffs(let step, let criteria):
                found.require(!criteria.isEmpty, place, "name at least one criterion")
                found.require(
                    isStructured(step, before: index), place,
                    "there is no structured strategy step \"\(step)\" before this one")
            case .recommends(let step):
                found.require(
                    isStructured(step, before: index), place,
                    "there is no structured strategy step \"\(step)\" before this one")
            }
            found.require(strategy.isStructured, place, "this rule judges JSON; say \"structured\": true")
        }
    }

    private func isStructured(_ name: Key, before index: Int) -> Bool {
        steps[..<index].contains { step in step.name == name && step.strategy?.isStructured == true }
    }

    private func checkCompletion(_ found: inout Findings) {
        found.require(!completion.isEmpty, "/completion", "name the step with which a run is complete")
        for (number, name) in completion.enumerated() {
            guard let index = index(of: name) else {
                found.add("/completion/\(number)", "there is no step \"\(name)\"")
                continue
            }
            found.require(
                steps[index].next == nil, "/steps/\(index)/next",
                "\"\(name)\" completes the run and goes nowhere")
        }
        for (index, step) in steps.enumerated() where step.next == nil && !completion.contains(step.name) {
            found.add(
                "/steps/\(index)",
                "\"\(step.name)\" goes nowhere: give it a next step, or list it under /completion")
        }
    }

    private func successors(of index: Int) -> [Int] {
        [steps[index].next, steps[index].onFailure].compactMap { name in
            name.flatMap { name in self.index(of: name) }
        }
    }

    private func checkReach(_ found: inout Findings) {
        var reached: [Bool] = steps.map { _ in false }
        var waiting = [0]
        while let index = waiting.popLast() {
            guard !reached[index] else { continue }
            reached[index] = true
            waiting += successors(of: index)
        }
        for (index, step) in steps.enumerated() where !reached[index] {
            found.add("/steps/\(index)", "no step leads to \"\(step.name)\"")
        }
    }

    /// Takes away, again and again, what leads nowhere or is bounded; what is left goes round for ever.
    private func checkLoops(_ found: inout Findings) {
        var left = steps.indices.filter { index in steps[index].most == nil }
        var count = -1
        while count != left.count {
            count = left.count
            left = left.filter { index in successors(of: index).contains { next in left.contains(next) } }
        }
        count = -1
        while count != left.count {
            count = left.count
            left = left.filter { index in left.contains { other in successors(of: other).contains(index) } }
        }
        for index in left {
            found.add(
                "/steps/\(index)",
                "\"\(steps[index].name)\" is in a loop without a bound: give one of its steps \"most\"")
        }
    }
}
