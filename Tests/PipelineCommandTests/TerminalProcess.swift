import CPipelineSystem
import CTerminal

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The real program on a terminal of its own, with somebody who types when a text appears.
enum TerminalProcess {
    struct Session: Sendable {
        let exitCode: CInt
        /// All that the terminal showed, line ends as it has them.
        let screen: String
    }

    /// Runs it to its end.
    ///
    /// - Parameters:
    ///   - typing: for each text that appears, in this order, the keys that are then pressed.
    ///   - pipe: the last keys wait until somebody writes to this named pipe.
    ///   - listener: is told of each of these texts once its keys are pressed, by its place among them.
    static func run(
        _ words: [String], in folder: String, typing: [(after: String, keys: String)],
        lastAfter pipe: String? = nil, telling listener: AsyncStream<Int>.Continuation? = nil
    ) async throws -> Session {
        var name = [CChar](repeating: 0, count: 128)
        let master = pipeline_terminal(&name, name.count)
        guard master >= 0 else { throw HarnessError("There is no terminal to be had: error \(errno).") }
        let child = try spawn(words, in: folder, on: name)
        return await withCheckedContinuation { continuation in
            let talk = Talk(
                master: master, child: child, typing: typing.map { step in (step.after, step.keys) },
                pipe: pipe, listener: listener)
            do {
                try Thread.run { continuation.resume(returning: talk.run()) }
            } catch {
                continuation.resume(returning: Session(exitCode: -1, screen: "\(error)"))
            }
        }
    }

    private static func spawn(_ words: [String], in folder: String, on terminal: [CChar]) throws -> pid_t {
        let program = try PipelineProcess.program()
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(directory) }
        var child: pid_t = 0
        let error = CStrings.with([program] + words) { arguments in
            CStrings.with(["USER=tester", "PATH=/usr/bin:/bin"]) { environment in
                pipeline_spawn_on_terminal(program, arguments, environment, directory, terminal, &child)
            }
        }
        try HarnessError.check("posix_spawn", directory < 0 ? ENOENT : error)
        return child
    }

    /// One reader and typist, on a thread that may block.
    private struct Talk: Sendable {
        let master: CInt
        let child: pid_t
        let typing: [(String, String)]
        let pipe: String?
        let listener: AsyncStream<Int>.Continuation?

        func run() -> Session {
            var screen = ""
            var seen = 0
            var rest = typing[...]
            var chunk = [UInt8](repeating: 0, count: 4_096)
            while case let count = read(master, &chunk, chunk.count), count > 0 {
                screen += String(decoding: chunk[..<count], as: UTF8.self)
                while let (after, keys) = rest.first,
                    let place = screen.utf8.dropFirst(seen).firstRange(of: after.utf8)
                {
                    seen = screen.utf8.distance(from: screen.utf8.startIndex, to: place.upperBound)
                    rest = rest.dropFirst()
                    if rest.isEmpty, let pipe { waitForWriter(of: pipe) }
                    _ = write(master, keys, keys.utf8.count)
                    listener?.yield(typing.count - rest.count - 1)
                }
            }
            listener?.finish()
            close(master)
            var code: CInt = 0
            var signal: CInt = 0
            _ = pipeline_wait(child, &code, &signal)
            return Session(exitCode: signal == 0 ? code : 128 + signal, screen: screen)
        }

        private func waitForWriter(of pipe: String) {
            let descriptor = open(pipe, O_RDONLY | O_CLOEXEC)
            var byte: UInt8 = 0
            _ = read(descriptor, &byte, 1)
            close(descriptor)
        }
    }
}
