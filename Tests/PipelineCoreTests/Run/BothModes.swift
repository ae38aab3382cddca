import PipelineCore
import PipelineRuntime
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
        #expect(plain.restored == 0 && restoring.restored == restoring.count)
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

        private let notes = Locked<[Note]>([])
        private let restorations = Locked(0)

        func append(
            _ signal: Run.Signal, _ disposition: Run.Disposition, _ directives: [Run.Directive],
            _ conversation: Conversation, isRestored: Bool = false
        ) {
            if isRestored { restorations.withLock { count in count += 1 } }
            let note = Note(
                signal: signal.json.canonicalBytes, disposition: disposition.json.canonicalBytes,
                directives: directives.map { directive in Array("\(directive)".utf8) },
                conversation: conversation.json.canonicalBytes)
            notes.withLock { notes in notes.append(note) }
        }

        var count: Int { notes.withLock { notes in notes.count } }
        /// After how many signals the conversation was replaced with what its snapshot holds.
        var restored: Int { restorations.withLock { count in count } }

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
    @Test func `a world that restores does so after every signal, and gives what one that does not gives`() {
        for (restoring, count) in [(false, 0), (true, 2)] {
            var world = World(restoring: restoring)
            world.open()
            #expect(world.complete("r/2/1").events.last == "run.completed")
            #expect(world.restorations == count)
        }
        BothModes.$isRestoring.withValue(true) {
            var world = World()
            world.open()
            #expect(world.restorations == 1)
        }
    }

    @Test func `another signal, disposition, directive or state is a difference`() throws {
        var world = World()
        let effect = world.open()
        let signal = Run.Signal(id: "r", .restarted, by: .engine, at: 0)
        let other = Run.Signal(id: "r", .restarted, by: .engine, at: 1)
        func log(
            _ signal: Run.Signal, _ disposition: Run.Disposition = .applied,
            _ directives: [Run.Directive] = effect.directives,
            _ conversation: Conversation = world.conversation
        ) -> BothModes.Log {
            let log = BothModes.Log()
            log.append(signal, disposition, directives, conversation)
            return log
        }
        #expect(log(signal).firstDifference(from: log(signal)) == nil)
        for different in [
            log(other), log(signal, .stale), log(signal, .applied, effect.directives.dropLast()),
            log(signal, .applied, effect.directives, Conversation(id: "c")),
        ] {
            #expect(
                log(signal).firstDifference(from: different)
                    == String(decoding: signal.json.canonicalBytes, as: UTF8.self))
        }
    }
}
