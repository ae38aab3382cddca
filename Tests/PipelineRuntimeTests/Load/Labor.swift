import PipelineCore
import PipelineRuntime
import PipelineTesting
import Synchronization

/// The work of a load: every call says what is to become of it, and a number drawn from its id says how long that takes.
final class Labor: Sendable {
    struct Broken: Error {}

    let clock: ManualClock
    let seed: UInt64
    private let loop: HostLoop?
    private let inside = Atomic(0)
    private let highest = Atomic(0)

    init(clock: ManualClock, seed: UInt64, loop: HostLoop? = nil) {
        self.clock = clock
        self.seed = seed
        self.loop = loop
    }

    /// How many were at work at once, at most.
    var most: Int { highest.load(ordering: .relaxed) }
    /// How many are at work now.
    var now: Int { inside.load(ordering: .relaxed) }

    /// Numbers that belong to an execution, the same whenever it comes.
    func dice(for id: Run.Execution.ID) -> SeededGenerator {
        let number = "\(id)".utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x0100_0000_01b3
        }
        return SeededGenerator(seed: seed ^ number)
    }

    func carryOut(
        _ deed: Deed, _ execution: Run.Execution, _ progress: ProgressReporter
    ) async throws -> Run.Result {
        highest.max(inside.add(1, ordering: .relaxed).newValue, ordering: .relaxed)
        defer { inside.subtract(1, ordering: .relaxed) }
        var dice = dice(for: execution.id)
        let time = Run.Milliseconds.random(in: 1...900, using: &dice)
        switch deed {
        case .done, .asked, .denied: break
        case .waits: try await clock.sleep(until: clock.now + time)
        case .streams:
            for word in 0..<4 {
                await progress("word \(word) ")
                try await clock.sleep(until: clock.now + time / 3)
            }
        case .makes:
            let artifact = Run.Artifact(name: "a", mediaType: "x", content: Array("\(execution.id)".utf8))
            return Run.Result(output: "made", artifacts: [artifact])
        case .fails: throw Run.Failure(.validation, "No.")
        case .mends: if execution.id.attempt == 1 { throw Run.Failure(.transport, "Not now.") }
        case .breaks: throw Broken()
        case .resigns: throw CancellationError()
        case .hangs: return try await untilCancelled()
        case .rests:
            await progress("began")
            return try await untilCancelled()
        case .babbles:
            for _ in 0..<12 { await progress("x") }
            if time.isMultiple(of: 2) { try Task.checkCancellation() }
        case .ignores: await work(for: time)
        case .grumbles:
            await work(for: time)
            throw Run.Failure(.provider, "Late, and no.", usage: Run.Usage(cost: 1))
        }
        return Run.Result(output: "done", usage: Run.Usage(tokensOut: 1))
    }

    /// Is not disturbed by a cancel.
    private func work(for time: Run.Milliseconds) async {
        let end = clock.now + time
        await Task(executorPreference: loop) { try? await self.clock.sleep(until: end) }.value
    }
}
