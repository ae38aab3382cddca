import PipelineCore
import Synchronization
import Testing

/// Runs each test of a suite twice: as it is, and with every `World` going through its snapshot after every signal.
/// Both must give the same, byte for byte.
struct BothModes: SuiteTrait, TestTrait, TestScoping {
    /// Whether a `World` restores when nothing else is said.
    @TaskLocal static var isRestoring = false
    /// Where worlds note what becomes of each signal.
    @TaskLocal static var log: Log?

    var isRecursive: Bool { true }

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let plain = Log()
        try await BothModes.$log.withValue(plain) { try await function() }
        let restoring = Log()
        try await BothModes.$isRestoring.withValue(true) {
            try await BothModes.$log.withValue(restoring) { try await function() }
        }
        #expect(plain.count == restoring.count, "the modes have not seen as many signals")
        #expect(plain.firstDifference(from: restoring) == nil, "the modes part ways")
    }

    /// What became of each signal, in order, as bytes.
    final class Log: Sendable {
        private struct Note: Equatable {
            let signal: [UInt8]
            let disposition: [UInt8]
            /// As they are dumped: equal texts here have equal bytes, which `String`'s own `==` does not ask for.
            let directives: [[UInt8]]
            let conversation: [UInt8]
        }

        private let notes = Mutex<[Note]>([])

        func append(
            _ signal: Run.Signal, _ disposition: Run.Disposition, _ directives: [Run.Directive],
            _ conversation: Conversation
        ) {
            let note = Note(
                signal: signal.json.canonicalBytes, disposition: disposition.json.canonicalBytes,
                directives: directives.map { directive in Array("\(directive)".utf8) },
                conversation: conversation.json.canonicalBytes)
            notes.withLock { notes in notes.append(note) }
        }

        var count: Int { notes.withLock { notes in notes.count } }

        /// The first signal of which something else became.
        func firstDifference(from other: Log) -> String? {
            let others = other.notes.withLock { notes in notes }
            let pairs = zip(notes.withLock { notes in notes }, others)
            return pairs.first { a, b in a != b }.map { a, _ in String(decoding: a.signal, as: UTF8.self) }
        }
    }
}

extension Trait where Self == BothModes {
    static var bothModes: BothModes { BothModes() }
}

struct BothModesTests {
    @Test func `a world that restores gives what one that does not gives`() {
        for restoring in [false, true] {
            var world = World(restoring: restoring)
            world.open()
            #expect(world.complete("r/2/1").events.last == "run.completed")
        }
    }

    @Test func `another directive or another state is a difference`() {
        let logs = ["Done.", "Done?"].map { output in
            let log = BothModes.Log()
            BothModes.$log.withValue(log) {
                var world = World()
                world.open()
                world.complete("r/2/1", .string(output))
            }
            return log
        }
        #expect(logs[0].count == 2)
        #expect(logs[0].firstDifference(from: logs[0]) == nil)
        #expect(logs[0].firstDifference(from: logs[1])?.contains("\"execution_id\":\"r/2/1\"") == true)
    }
}
