import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

/// What the gateway makes of how a sub-runner ends: failures, cancellation, sizes, and flags.
struct GatewayResultTests {
    /// Something that is no failure of ours.
    private struct Oddity: Error, CustomStringConvertible {
        let description = "the cable is loose"
    }

    @Test(arguments: [
        Run.Failure.Category.transport, .auth, .validation, .crashed, .provider, .limitExceeded,
    ])
    func `a thrown failure keeps its category and its text`(category: Run.Failure.Category) {
        let failure = Run.Failure(category, "as thrown", isRetryable: false)
        #expect(ending(of: Tool("work", "") { _ in throw failure }) == failure)
    }

    @Test func `any other error is unknown, with its text`() {
        #expect(
            ending(of: Tool("work", "") { _ in throw Oddity() })
                == Run.Failure(.unknown, "the cable is loose"))
    }

    @Test func `a retryable failure of an idempotent tool is tried again, of any other tool not`() {
        for isIdempotent in [true, false] {
            let called = Log<JSON>()
            let tool = Tool("work", "", isIdempotent: isIdempotent) { arguments in
                called.append(arguments)
                throw Run.Failure(.transport, "reset")
            }
            let bench = bench(with: tool)
            bench.open()
            for _ in 1...3 { bench.advance(by: 1_000) }
            #expect(called.entries.count == (isIdempotent ? 3 : 1))
            #expect(bench.state()?.finished.last?.status == .completed)
        }
    }

    @Test func `a tool that throws its cancellation, in either form, is canceled and not failed`() {
        for error in [CancellationError(), Run.Failure(.canceled, "stopped")] as [any Error] {
            let bench = bench(with: Tool("work", "") { _ in throw error })
            bench.open()
            #expect(bench.journal.lines.contains { line in line.contains("canceled r/3/1 begun applied") })
            #expect(bench.state()?.finished.last?.status == .completed)
        }
    }

    @Test func `whether a call may be repeated is what the tool says, never what the model says`() {
        var gateway = Gateway.judging { _ in .allowed }
        gateway.register(Tool("safe", "", isIdempotent: true) { _ in "x" })
        gateway.register(Tool("unsafe", "", isIdempotent: false) { _ in "x" })
        gateway.register(
            Strategy { execution in
                guard execution.context.count == 1 else { return Run.Result(output: "Done.") }
                let calls = ["safe", "unsafe", "unknown"].flatMap { name in
                    [Run.Call.safe("\(name) safe", name), .once("\(name) once", name)]
                }
                return Run.Result(output: "", calls: calls)
            })
        let bench = Bench(gateway)
        bench.open()
        let results = bench.journal.records.compactMap { record in
            if case .completed(.r(2, 1), let result) = record.signal.kind { result } else { nil }
        }
        #expect(results.first?.calls.map(\.isIdempotent) == [true, true, false, false, false, false])
    }

    // MARK: Size

    @Test func `an output of just the limit is kept whole`() {
        let text = String(repeating: "x", count: Gateway.Limits.standard.output)
        let result = output(of: Tool("work", "") { _ in .string(text) })
        #expect(result?.output == .string(text) && result?.truncation == nil)
    }

    @Test func `a longer output is cut between characters, and its size is told`() {
        // Each of the characters has 11 bytes, and the limit is no multiple of that.
        let family = "👩‍🚀"
        let size = family.utf8.count
        let count = Gateway.Limits.standard.output / size + 10
        let result = output(of: Tool("work", "") { _ in .string(String(repeating: family, count: count)) })
        let kept = Gateway.Limits.standard.output / size
        #expect(Gateway.Limits.standard.output % size != 0)
        #expect(result?.output == .string(String(repeating: family, count: kept)))
        #expect(result?.truncation == Run.Truncation(originalBytes: count * size, keptBytes: kept * size))
    }

    @Test func `a longer value that is no text becomes text`() {
        let value = JSON.array(Array(repeating: "1234567", count: 40_000))
        let result = output(of: Tool("work", "") { _ in value })
        #expect(result?.truncation?.originalBytes == value.canonicalBytes.count)
        #expect(result?.output == .string(String(value.description.prefix(Gateway.Limits.standard.output))))
    }

    @Test func `a result that is nested too deeply is a validation failure`() {
        var deep: JSON = "bottom"
        for _ in 0...JSON.greatestPayloadDepth { deep = ["in": deep] }
        let value = deep
        #expect(ending(of: Tool("work", "") { _ in value })?.category == .validation)

        var gateway = Gateway.judging { _ in .allowed }
        gateway.register(
            Strategy { execution in
                guard execution.context.count == 1 else { return Run.Result(output: "Done.") }
                let call = Run.Call(id: "1", name: "work", arguments: value)
                return Run.Result(output: "", calls: [call])
            })
        let bench = Bench(gateway)
        bench.open()
        #expect(bench.state()?.finished.last?.failure?.category == .validation)
    }

    // MARK: Helpers

    private func bench(with tool: Tool) -> Bench {
        var gateway = Gateway.judging { _ in .allowed }
        gateway.register(.model(calling: "work"))
        gateway.register(tool)
        return Bench(gateway)
    }

    /// The failure of the tool's attempt.
    private func ending(of tool: Tool) -> Run.Failure? {
        let bench = bench(with: tool)
        bench.open()
        return bench.journal.records.compactMap { record in
            if case .failed(.r(3, 1), let failure) = record.signal.kind { failure } else { nil }
        }.first
    }

    /// The result of the tool's attempt.
    private func output(of tool: Tool) -> Run.Result? {
        let bench = bench(with: tool)
        bench.open()
        return bench.journal.records.compactMap { record in
            if case .completed(.r(3, 1), let result) = record.signal.kind { result } else { nil }
        }.first
    }
}
