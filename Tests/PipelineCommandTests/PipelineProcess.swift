import CPipelineSystem

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The real program, started as a child, its output read line by line on threads of its own.
///
/// Whoever lets go of it kills it, so that no test leaves one behind.
final class PipelineProcess: Sendable {
    struct Line: Sendable {
        enum Stream: Sendable { case output, errors }

        let stream: Stream
        /// Counted from 1 within its stream.
        let number: Int
        let text: String
    }

    /// What the program shall be sent as soon as it has written a line; nil for nothing.
    typealias Reaction = @Sendable (Line) -> CInt?

    private let shared: Shared

    /// Starts it with these words in this folder, for a person of this name.
    init(
        _ words: [String], in folder: String, for user: String = "tester",
        reacting reaction: @escaping Reaction = { _ in nil }
    ) throws {
        let program = try PipelineProcess.program()
        var variables = ["USER=\(user)"]
        for name in ["PATH", "HOME", "LANG"] {
            if let value = getenv(name) { variables.append("\(name)=\(String(cString: value))") }
        }
        var out: [CInt] = [-1, -1]
        var err: [CInt] = [-1, -1]
        try HarnessError.check("pipe", pipeline_pipe(&out))
        try HarnessError.check("pipe", pipeline_pipe(&err))
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        var number: pid_t = 0
        let error = CStrings.with([program] + words) { arguments in
            CStrings.with(variables) { environment in
                pipeline_spawn(program, arguments, environment, directory, out[1], err[1], -1, &number)
            }
        }
        for descriptor in [directory, out[1], err[1]] where descriptor >= 0 { close(descriptor) }
        shared = Shared(number, reaction)
        try HarnessError.check("posix_spawn", directory < 0 ? ENOENT : error)
        for (stream, reader) in [(Line.Stream.output, out[0]), (.errors, err[0])] {
            let shared = shared
            try Thread.run { shared.read(stream, from: reader) }
        }
    }

    deinit { send(SIGKILL) }

    /// Sends it a signal, if it has not ended.
    func send(_ signal: CInt) { shared.send(signal) }

    /// The first line of which this is true, as soon as it is written; nil when it ends without one.
    func line(where predicate: @Sendable (Line) -> Bool) async -> Line? {
        await shared.wait { state in
            let found = state.lines.first(where: predicate)
            return found != nil || state.ending != nil ? .some(found) : nil
        }
    }

    /// How it ended and what it wrote. A test that is out of time kills it.
    func outcome() async -> Outcome {
        await shared.wait { state in
            state.ending.map { ending in
                let texts = { (stream: Line.Stream) in
                    state.lines.filter { line in line.stream == stream }.map(\.text)
                }
                return Outcome(ending: ending, output: texts(.output), errors: texts(.errors))
            }
        }
    }
}

extension PipelineProcess {
    /// The program that was built beside the tests.
    static func program(_ name: String = "pipeline") throws -> String {
        let folder = CommandLine.arguments[0].split(separator: "/", omittingEmptySubsequences: false)
            .dropLast().joined(separator: "/")
        let path = "\(folder.isEmpty ? "." : folder)/\(name)"
        guard let found = realpath(path, nil) else {
            throw HarnessError("There is no program at \(path); build the package's product \(name) first.")
        }
        defer { free(found) }
        return String(cString: found)
    }
}
