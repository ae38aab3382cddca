import PipelineCore
import PipelineRuntime
import PipelineTesting

extension LimitScenarioTests {
    // MARK: What the gateway bounds

    static let gateway = [
        Row(
            testDescription: "output",
            bench: {
                run(.open(limits: try Gateway.Limits(output: 13))) { _, _ in Run.Result(output: "éééééééééé")
                }
            },
            events: ["output 20 of 12", "r/3/1 output"],
            outcome: { bench in
                let cut = bench.result?.truncation
                return "\(bench.result?.output ?? .null), \(cut?.originalBytes ?? 0) bytes, \(bench.end)"
            }, expected: #""éééééé", 20 bytes, completed"#),
        Row(
            testDescription: "artifact",
            bench: {
                run(.open(limits: try Gateway.Limits(inlineArtifact: 8))) { _, _ in
                    let bytes = [UInt8](repeating: 1, count: 9)
                    let artifact = Run.Artifact(name: "a", mediaType: "x", content: bytes)
                    return Run.Result(output: "made", artifacts: [artifact])
                }
            },
            events: ["artifact 9 of 0", "r/3/1 artifact"],
            outcome: { bench in
                let artifact = bench.result?.artifacts.first
                let kept = artifact?.content == nil ? "by reference" : "inline"
                return "\(artifact?.bytes ?? 0) bytes \(kept), \(bench.end)"
            }, expected: "9 bytes by reference, completed"),
        Row(
            testDescription: "signals of one execution",
            bench: {
                run(.open(limits: try Gateway.Limits(reports: 3))) { _, progress in
                    for _ in 0..<20 { await progress("x") }
                    return try await untilCancelled()
                }
            },
            events: ["reports 4 of 3"],
            outcome: { bench in "\(bench.outcome(ofStep: 3) ?? ""), \(bench.end)" },
            expected: "failed limitExceeded, completed"),
        Row(
            testDescription: "concurrency",
            bench: {
                run(.open(capacity: try Capacity(1)), calling: 2) { _, _ in Run.Result(output: "done") }
            },
            events: ["concurrency 1 of 1", "r/4/1 concurrency"],
            outcome: { bench in
                let order = bench.endings.dropFirst().prefix(2).joined(separator: ", ")
                return "\(order), \(bench.end)"
            }, expected: "r/3/1 completed, r/4/1 completed, completed"),
    ]

    // MARK: What the reducer counts

    static let reducer = [
        Row(
            testDescription: "calls of one answer",
            bench: {
                run(.open(), calling: 2, { template in template.callsPerAnswer = 1 }) { _, _ in
                    Run.Result(output: "done")
                }
            },
            events: ["callsPerAnswer 2 of 1"],
            outcome: { bench in
                let steps = [3, 4].map { ordinal in bench.outcome(ofStep: ordinal) ?? "" }
                return steps.joined(separator: ", ") + ", \(bench.end)"
            }, expected: "completed, failed limitExceeded, completed"),
        Row(
            testDescription: "queue",
            bench: {
                let bench = run(.open()) { _, _ in try await untilCancelled() }
                for number in 1...10_001 { _ = bench.submit(.message(Run.Signal.ID("q\(number)"))) }
                bench.settle()
                return bench
            },
            events: ["queue 10000 of 10000"],
            outcome: { bench in
                let last = bench.journal.records.last { record in record.signal.id == "q10001" }
                return "\(last?.disposition ?? .stale), \(bench.state()?.queue.count ?? 0) wait"
            }, expected: "rejected(PipelineCore.Run.Rejection.queueFull), 10000 wait"),
        Row(
            testDescription: "parked",
            bench: {
                let bench = run(.open()) { _, _ in Run.Result(output: "done") }
                for number in 1...8 {
                    let id = Run.Signal.ID("p\(number)")
                    bench.journal.hold(from: "policy.decided \(id)/2/1")
                    _ = bench.submit(.message(id))
                    bench.settle()
                    _ = bench.submit(.interrupt(Run.ID(key: id.key), id: Run.Signal.ID("i\(number)")))
                    bench.journal.release()
                    bench.settle()
                }
                _ = bench.submit(.message("p9"))
                bench.settle()
                return bench
            },
            events: ["parked 8 of 8"],
            outcome: { bench in
                let last = bench.journal.records.last?.disposition ?? .stale
                return "\(last), \(bench.state()?.parked.count ?? 0) parked"
            }, expected: "rejected(PipelineCore.Run.Rejection.parkedFull), 8 parked"),
        Row(
            testDescription: "wall time",
            bench: {
                let bench = run(.open(), calling: 1, { template in template.limits.wall = 500 }) { _, _ in
                    try await untilCancelled()
                }
                bench.advance(by: 500)
                return bench
            },
            events: ["runDeadline 500 of 500"],
            outcome: { bench in "\(bench.outcome(ofStep: 3) ?? ""), \(bench.end)" },
            expected: "canceled canceled, failed runDeadline"),
    ]

    // MARK: What a run may spend, with both of its outcomes

    static let budgets = [Template.OnLimit.interrupt, .fail].flatMap { onLimit -> [Row] in
        let limits: [(String, String, @Sendable (inout Run.Limits) -> Void)] = [
            ("steps", "maxStepsExceeded 1 of 1", { limits in limits.steps = 1 }),
            ("attempts", "maxAttemptsExceeded 1 of 1", { limits in limits.attempts = 1 }),
            ("tokens", "maxTokensExceeded 7 of 7", { limits in limits.tokens = 7 }),
            ("tokens, overrun", "maxTokensExceeded 7 of 5", { limits in limits.tokens = 5 }),
            ("cost", "maxCostExceeded 9 of 9", { limits in limits.cost = 9 }),
            ("cost, overrun", "maxCostExceeded 9 of 2", { limits in limits.cost = 2 }),
        ]
        return limits.map { name, event, limit in
            Row(
                testDescription: "\(name), \(onLimit.rawValue)",
                bench: {
                    let work: Work = { _, _ in Run.Result(output: "done") }
                    return run(
                        .open(),
                        {
                            template in
                            limit(&template.limits)
                            template.onLimit = onLimit
                        }, work)
                },
                events: [event],
                outcome: { bench in
                    let began = bench.journal.lines.contains { line in line.contains(" r/3/1") }
                    return "\(began ? "started" : "not started"), \(bench.end)"
                },
                expected: onLimit == .interrupt
                    ? "not started, interrupted" : "not started, failed limitExceeded")
        }
    }

    // MARK: What a subscriber may miss

    static let buffer = Row(
        testDescription: "event buffer of a slow subscriber",
        bench: {
            run(.open()) { _, progress in
                for _ in 0..<9_000 { await progress("x") }
                return Run.Result(output: "done")
            }
        },
        // It is the subscriber's own: the record of it is the gap.
        events: [],
        outcome: { bench in
            let entries = bench.listen().entries
            guard let first = entries.first, first.missed > 0 else { return "nothing missed" }
            let again = bench.listen(after: first.sequence - 1).entries
            let isCaughtUp =
                again.map(\.event) == entries.map(\.event) && again.allSatisfy { entry in entry.missed == 0 }
            return first.sequence == first.missed + 1 && isCaughtUp
                ? "a gap, then caught up" : "\(first.missed)"
        }, expected: "a gap, then caught up")
}

extension Bench {
    /// What the tool of step 3 has given.
    fileprivate var result: Run.Result? {
        journal.records.compactMap { record in
            if case .completed(.r(3, 1), let result) = record.signal.kind { result } else { nil }
        }.first
    }

    /// What has become of the run, parked or ended.
    fileprivate var end: String { outcome ?? state()?.parked.last?.status.rawValue ?? "running" }
}
