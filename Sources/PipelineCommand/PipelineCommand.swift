import PipelineCore
import PipelineRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@main
enum Program {
    static func main() async {
        Console.ignoreBrokenPipes()
        do throws(CommandError) {
            exit(try await dispatch(Array(CommandLine.arguments.dropFirst())))
        } catch {
            Console.error("pipeline: \(error.message.printable)")
            exit(error.code)
        }
    }

    /// How this program was called, for commands that can be copied.
    static var name: String { CommandLine.arguments.first.map { name in name.quoted } ?? "pipeline" }

    static func exit(_ code: ExitCode) -> Never {
        #if canImport(Glibc)
            Glibc.exit(code.rawValue)
        #elseif canImport(Musl)
            Musl.exit(code.rawValue)
        #else
            Darwin.exit(code.rawValue)
        #endif
    }

    private static func dispatch(_ words: [String]) async throws(CommandError) -> ExitCode {
        guard let word = words.first else {
            Console.error(Subcommand.overview)
            return .usage
        }
        let rest = Array(words.dropFirst())
        if ["help", "--help", "-h"].contains(word) {
            Console.out(rest.first.flatMap(Subcommand.init)?.help ?? Subcommand.overview)
            return .completed
        }
        guard let command = Subcommand(rawValue: word) else {
            throw CommandError(
                .usage,
                "\"\(word)\" is no subcommand; there are \(Subcommand.names). See `pipeline help`."
            )
        }
        if rest.contains(where: { word in word == "--help" || word == "-h" }) {
            Console.out(command.help)
            return .completed
        }
        switch command {
        case .run: return try await run(rest)
        case .resume: return try await resume(rest)
        case .approve: return try await approve(rest)
        case .deny: return try await deny(rest)
        case .cancel: return try await cancel(rest)
        case .interrupt: return try await interrupt(rest)
        case .show: return try await show(rest)
        case .audit: return try audit(rest)
        case .replay: return try replay(rest)
        case .verify: return try verify(rest)
        case .diff: return try diff(rest)
        case .fork: return try await fork(rest)
        case .compact: return try await compact(rest)
        case .planUpgrade: return try planUpgrade(rest)
        case .list: return try list(rest)
        case .check: return try check(rest)
        }
    }
}
