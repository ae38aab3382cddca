import PipelineRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// `CrashMatrix [EVERY] [MOMENTS]` kills processes of its own at every EVERYth boundary and at so many random moments, and prints
/// a table; exit code 1 when something was lost, done twice, stuck or different. `CrashMatrix life …` is such a process.
@main
enum CrashMatrix {
    static func main() async throws {
        let arguments = CommandLine.arguments
        if arguments.count == 6, arguments[1] == "life" { return try await live(Array(arguments[2...])) }
        let numbers = arguments.dropFirst().compactMap { argument in Int(argument) }
        guard numbers.count == arguments.count - 1, numbers.count <= 2, numbers.allSatisfy({ $0 > 0 }) else {
            print("usage: CrashMatrix [EVERY] [MOMENTS]")
            exit(2)
        }
        let folder = try CaseFolder.makeRoot()
        let matrix = Matrix(
            program: arguments[0], folder: folder, stride: numbers.first ?? 1,
            moments: numbers.dropFirst().first ?? 250)
        let problems = try await matrix.run()
        if problems == 0 { CaseFolder.remove(folder) }
        exit(problems == 0 ? 0 : 1)
    }

    /// - Parameter arguments: folder, backend, durability and when to die.
    private static func live(_ arguments: [String]) async throws {
        // Whoever hangs is told from whoever is slow by a minute.
        alarm(60)
        let fuse = Fuse(length(arguments[3]))
        guard let backend = Backend(rawValue: arguments[1]) else { exit(2) }
        let durability: Durability = arguments[2] == "sync" ? .sync : .async(within: 5)
        let life = try Life(arguments[0], backend, durability, fuse)
        let problems = try await life.live()
        for problem in problems { print(problem) }
        print(fuse.count)
        exit(problems.isEmpty ? 0 : 1)
    }

    private static func length(_ text: String) -> Fuse.Length {
        let parts = text.split(separator: "=")
        switch (parts.first, parts.last.flatMap { part in UInt64(part) }) {
        case ("boundary", let number?): return .boundary(Int(number))
        case ("nanoseconds", let time?): return .nanoseconds(time)
        default: return .endless
        }
    }
}
