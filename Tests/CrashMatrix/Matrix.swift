import PipelineRunners
import PipelineRuntime
import PipelineTesting

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Kills a real process at every boundary and at random moments, and lets others take up what it leaves.
struct Matrix {
    /// The path of this program.
    let program: String
    /// Where the folders of the cases are made, and removed.
    let folder: String
    /// Every how many boundaries there is a case.
    let stride: Int
    /// How many cases there are at random moments, for each journal and durability.
    let moments: Int

    struct Row {
        var cases = 0
        var lives = 0
        var kills = 0
        /// By the first word of a problem.
        var problems: [String: Int] = [:]
        var examples: [String] = []

        static func + (a: Row, b: Row) -> Row {
            var sum = a
            sum.cases += b.cases
            sum.lives += b.lives
            sum.kills += b.kills
            sum.problems.merge(b.problems) { one, other in one + other }
            sum.examples += b.examples
            return sum
        }

        mutating func note(_ problem: String) {
            problems[String(problem.prefix { character in character != ":" }), default: 0] += 1
            if examples.count < 3 { examples.append(problem) }
        }
    }

    /// Prints a row for each journal and durability, and returns how many problems there were.
    func run() async throws -> Int {
        say(
            "| journal | durability | killed | cases | lives | kills | requests lost | effects twice | effects never | runs stuck | digests differ | other |"
        )
        say("| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
        var kills = 0
        var problems = 0
        for backend in Backend.allCases {
            for durability in ["sync", "async"] {
                let name = "\(backend.rawValue)-\(durability)"
                let whole = try await undisturbed(backend, durability, name)
                let first = Array(Swift.stride(from: 1, through: whole.boundaries, by: stride))
                let fuses = [
                    (
                        "at \(stride == 1 ? "each" : "one in \(stride)") of \(whole.boundaries) boundaries",
                        first.map { Fuse.Length.boundary($0) }
                    ),
                    ("at random moments", momentsOf(whole.time, seed: name)),
                ]
                for (when, fuses) in fuses {
                    let row = try await cases(fuses, backend, durability, name, whole.boundaries)
                    kills += row.kills
                    problems += row.problems.values.reduce(0, +)
                    let columns = ["lost", "twice", "never", "stuck", "digest"]
                    let counts = columns.map { word in "\(row.problems[word] ?? 0)" }
                    let others = row.problems.filter { word, _ in !columns.contains(word) }.values.reduce(
                        0, +)
                    say(
                        "| \(backend.rawValue) | \(durability) | \(when) | \(row.cases) | \(row.lives) | \(row.kills) | \(counts.joined(separator: " | ")) | \(others) |"
                    )
                    for example in row.examples { say("    \(example)") }
                }
            }
        }
        say("\n\(kills) kills, \(problems) problems")
        return problems
    }

    private func undisturbed(
        _ backend: Backend, _ durability: String, _ name: String
    ) async throws -> (boundaries: Int, time: UInt64) {
        let place = "\(folder)/\(name)"
        try makeFolders(place)
        let start = Fuse.now
        let exit = try await life(place, backend, durability, .endless)
        let time = Fuse.now - start
        CaseFolder.remove(place)
        guard exit.ending == .exited(code: 0), let count = Int(exit.stdout.split(separator: "\n").last ?? "")
        else {
            throw MatrixError(description: "undisturbed: \(exit)")
        }
        return (count, time)
    }

    private func momentsOf(_ time: UInt64, seed: String) -> [Fuse.Length] {
        var random = SeededGenerator(seed: seed.utf8.reduce(7) { sum, byte in sum &* 31 &+ UInt64(byte) })
        return (0..<moments).map { _ in .nanoseconds(.random(in: 0..<time, using: &random)) }
    }

    private func cases(
        _ fuses: [Fuse.Length], _ backend: Backend, _ durability: String, _ name: String, _ boundaries: Int
    ) async throws -> Row {
        let workers = max(2, sysconf(CInt(_SC_NPROCESSORS_ONLN)))
        return try await withThrowingTaskGroup(of: Row.self) { group in
            for worker in 0..<workers {
                group.addTask {
                    var row = Row()
                    for number in Swift.stride(from: worker, to: fuses.count, by: workers) {
                        let place = "\(self.folder)/\(name)-\(number)"
                        row =
                            row
                            + (try await self.case(
                                place, number, fuses[number], backend, durability, boundaries))
                    }
                    return row
                }
            }
            return try await group.reduce(Row(), +)
        }
    }

    /// A case that shows a problem leaves its folder behind.
    ///
    /// Whoever takes up what a killed process has left is killed as well, with luck; the sixth at the latest is left alone.
    private func `case`(
        _ place: String, _ number: Int, _ first: Fuse.Length, _ backend: Backend, _ durability: String,
        _ boundaries: Int
    ) async throws -> Row {
        try makeFolders(place)
        var random = SeededGenerator(seed: UInt64(number))
        var row = Row()
        row.cases = 1
        var fuse = first
        while true {
            let exit = try await life(place, backend, durability, fuse)
            row.lives += 1
            switch exit.ending {
            case .signaled(SIGKILL): row.kills += 1
            case .exited(code: 0):
                CaseFolder.remove(place)
                return row
            case .signaled(SIGALRM):
                row.note("stuck: \(place) after \(fuse)")
                return row
            default:
                for line in exit.stdout.split(separator: "\n") where line.contains(": ") {
                    row.note("\(line) (\(place), after \(fuse))")
                }
                if exit.stdout.isEmpty { row.note("other: \(exit.ending) \(exit.stderr) (\(place))") }
                return row
            }
            let goesOn = row.lives > 4 || Bool.random(using: &random)
            fuse = goesOn ? .endless : .boundary(.random(in: 1...boundaries, using: &random))
        }
    }

    private func life(
        _ place: String, _ backend: Backend, _ durability: String, _ fuse: Fuse.Length
    ) async throws -> ChildProcess.Exit {
        let end =
            switch fuse {
            case .endless: "endless"
            case .boundary(let number): "boundary=\(number)"
            case .nanoseconds(let time): "nanoseconds=\(time)"
            }
        return try await ChildProcess.run(
            ChildProcess.Command(arguments: [program, "life", place, backend.rawValue, durability, end]))
    }
}

/// Prints a line at once: whoever waits for the table sees it grow.
private func say(_ line: String) {
    print(line)
    fflush(nil)
}

struct MatrixError: Error, CustomStringConvertible {
    let description: String
}
