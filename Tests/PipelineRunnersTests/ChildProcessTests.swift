import CPipelineSystem
import PipelineRunners
import PipelineRuntime
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("Child processes", .timeLimit(.minutes(5)))
struct ChildProcessTests {
    // MARK: Exits

    @Test(arguments: [0, 3, 255] as [Int32])
    func `G12 exit code is reported`(code: Int32) async throws {
        let exit = try await ChildProcess.run(shell("exit \(code)"))
        #expect(exit.ending == .exited(code: code))
        #expect(!exit.canceled && !exit.truncated && exit.stdout.isEmpty && exit.stderr.isEmpty)
    }

    @Test func `G12 signal that ended the child is reported`() async throws {
        let exit = try await ChildProcess.run(shell("kill -9 $$"))
        #expect(exit.ending == .signaled(SIGKILL))
        #expect(!exit.canceled)
    }

    // MARK: What cannot run

    @Test(arguments: ["no-such-program", "./no-such-program", "/nowhere/no-such-program"])
    func `G12 missing program is named`(program: String) async {
        await #expect(throws: SpawnError.notFound(program: program)) {
            try await ChildProcess.run(.init(arguments: [program], environment: environment))
        }
    }

    @Test func `G12 no execute right, a folder, an unknown format and a missing interpreter differ`()
        async throws
    {
        let scratch = try Scratch()
        try scratch.file("plain", "#!/bin/sh\n", mode: 0o644)
        try scratch.file("orphan", "#!/nowhere/sh\n", mode: 0o755)
        try scratch.file("tool", "echo no line says for whom\n", mode: 0o755)
        let expected: [SpawnError] =
            ["plain", "./plain", scratch.path + "/plain"].map { program in .notExecutable(program: program) }
            + [scratch.path, "./"].map { program in .notAFile(program: program) }
            + ["tool", "./tool"].map { program in .unknownFormat(program: program) }
            + ["orphan", "./orphan"].map { program in .missingInterpreter(program: program) }
        let programs =
            ["plain", "./plain", scratch.path + "/plain", scratch.path, "./"] + [
                "tool", "./tool", "orphan", "./orphan",
            ]
        for (program, error) in zip(programs, expected) {
            await #expect(throws: error) {
                try await ChildProcess.run(
                    .init(
                        arguments: [program], environment: ["PATH": "/nowhere:\(scratch.path)"],
                        directory: scratch.path))
            }
        }
    }

    @Test func `a command that cannot be passed on is refused`() async {
        await #expect(throws: SpawnError.emptyArguments) { try await ChildProcess.run(.init(arguments: [])) }
        for command: ChildProcess.Command in [
            .init(arguments: ["/bin/echo", "a\0b"]),
            .init(arguments: ["/bin/echo"], environment: ["A=B": ""]),
            .init(arguments: ["/bin/echo"], environment: ["": ""]),
            .init(arguments: ["/bin/echo"], environment: ["A": "\0"]),
            .init(arguments: ["/bin/echo"], directory: "/tmp\0"),
        ] {
            let error = await #expect(throws: SpawnError.self) { try await ChildProcess.run(command) }
            guard case .invalidArgument = error else {
                Issue.record("\(command) was not refused")
                continue
            }
        }
    }

    @Test func `G12 arguments that are longer than the system takes are refused as such`() async {
        let long = String(repeating: "x", count: 3 << 20)
        for arguments in [
            ["/bin/echo", long],
            ["/bin/echo"] + Array(repeating: String(repeating: "x", count: 100_000), count: 80),
        ] {
            let error = await #expect(throws: SpawnError.self) {
                try await ChildProcess.run(.init(arguments: arguments))
            }
            #expect(error == .tooLong(bytes: arguments.map { text in text.utf8.count + 1 }.reduce(0, +)))
            #expect(error?.description.contains("put what is long into a file") == true)
        }
    }

    @Test func `a folder below the directory is entered, and never through a link`() async throws {
        let folder = try #require(TemporaryFolder())
        folder.makeFolder("root")
        folder.makeFolder("root/sub")
        folder.makeFolder("root/sub/deep")
        folder.makeFolder("outside")
        folder.makeLink("root/sub/out", to: "../../outside")
        folder.put("", in: "root/file")
        func place(_ path: String) -> ChildProcess.Command {
            .init(
                arguments: ["pwd", "-P"], environment: environment, directory: folder["root"], folder: path)
        }
        for (path, end) in [(".", ""), ("sub", "/sub"), ("./sub//deep/", "/sub/deep")] {
            #expect(try await ChildProcess.run(place(path)).stdout == folder["root"] + end + "\n")
        }
        for (path, reason) in [
            ("..", .outside), ("sub/../..", .outside), ("/", .outside), ("", .emptyPath), ("\0", .zeroByte),
            ("sub/out", .link), ("file", .notAFolder), ("nowhere", .missing), ("sub\n", .controlCharacter),
        ] as [(String, WorkspaceError.Reason)] {
            await #expect(throws: SpawnError.folder(WorkspaceError(path: path, reason: reason))) {
                try await ChildProcess.run(place(path))
            }
        }
        // What is entered is what was walked to, also for a program that is looked for from there.
        try #require(folder.put("#!/bin/sh\necho here\n", in: "root/sub/tool", mode: 0o755))
        var tool = place("sub")
        tool.arguments = ["./tool"]
        #expect(try await ChildProcess.run(tool).stdout == "here\n")
    }

    @Test func `a directory that is missing is named with the system's reason`() async {
        let error = await #expect(throws: SpawnError.directory(path: "/nowhere", errno: ENOENT)) {
            try await ChildProcess.run(.init(arguments: ["/bin/echo"], directory: "/nowhere"))
        }
        #expect(error?.reason == "No such file or directory")
        #expect(error?.description.contains("\"/nowhere\" cannot be entered (No such file") == true)
    }

    // MARK: What the child is given

    @Test func `the program is found from the child's directory and PATH, and keeps its name`() async throws {
        let scratch = try Scratch()
        try scratch.file("tool", "#!/bin/sh\npwd -P\nprintf '[%s]' \"$@\"\n", mode: 0o755)
        for (program, path) in [("tool", "/nowhere:\(scratch.path)"), ("tool", ":/bin"), ("./tool", "/bin")] {
            let exit = try await ChildProcess.run(
                .init(
                    arguments: [program, "a b", "", "é"], environment: ["PATH": path], directory: scratch.path
                ))
            #expect(exit.stdout == "\(scratch.path)\n[a b][][é]")
        }
        let named = try await ChildProcess.run(.init(arguments: ["sh", "-c", "echo $0"]))
        #expect(named.stdout == "sh\n")
    }

    @Test func `G12 environment is exactly what is given`() async throws {
        let given = ["A": "1", "B": "x=y z", "LC": "é"]
        let exit = try await ChildProcess.run(.init(arguments: ["/usr/bin/env"], environment: given))
        #expect(exit.stdout == "A=1\nB=x=y z\nLC=é\n")
        let bare = try await ChildProcess.run(.init(arguments: ["env"]))
        #expect(bare.stdout.isEmpty && bare.ending == .exited(code: 0))
    }

    @Test func `G12 stdin is /dev/null`() async throws {
        let exit = try await ChildProcess.run(shell("cat; echo end; ls -lL /dev/stdin /dev/null | cut -c1"))
        #expect(exit.stdout == "end\nc\nc\n")
    }

    @Test func `a signal that the host ignores or blocks still ends the child`() async {
        await #expect(processExitsWith: .success) {
            signal(SIGTERM, SIG_IGN)
            var blocked = sigset_t()
            sigfillset(&blocked)
            sigprocmask(SIG_BLOCK, &blocked, nil)
            let exit = try await ChildProcess.run(shell("kill -TERM $$"))
            #expect(exit.ending == .signaled(SIGTERM))
        }
    }

    @Test func `G12 own process group and session`() async throws {
        let seen = Locked<[pid_t]>([])
        let exit = try await runUntilOutput(shell("echo $$; exec sleep 1000")) { text in
            guard let number = pid_t(text.filter { $0 != "\n" }) else { return }
            seen.withLock { $0 = [number, getpgid(number), getsid(number)] }
        }
        let numbers = seen.withLock { $0 }
        #expect(numbers.count == 3 && Set(numbers).count == 1)
        #expect(exit.ending == .signaled(SIGTERM) && exit.canceled)
    }

    @Test func `G12 host descriptors do not leak into the child`() async throws {
        let leaky = fcntl(0, F_DUPFD, 200)
        try #require(leaky >= 200)
        defer { close(leaky) }
        // The 3 is the leash, the 4 the listing's own.
        let exit = try await ChildProcess.run(.init(arguments: ["ls", "/dev/fd/"]))
        #expect(exit.stdout == "0\n1\n2\n3\n4\n")
    }

    #if os(Linux)
        @Test func `a command and its children do not outlive a process that is killed`() async throws {
            let scratch = try Scratch()
            let fifo = scratch.path + "/alive"
            try #require(mkfifo(fifo, 0o600) == 0)
            let reader = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
            try #require(reader >= 0)
            defer { close(reader) }
            await #expect(processExitsWith: .signal(SIGKILL)) { [fifo = fifo as String] in
                let script = "exec 5>\(fifo); echo alive >&5; sleep 1000 & echo ready; sleep 1000"
                let command = ChildProcess.Command(
                    arguments: ["sh", "-c", script], environment: ["PATH": "/usr/bin:/bin"])
                _ = try await ChildProcess.run(command) { _, _ in kill(getpid(), SIGKILL) }
            }
            try #require(fcntl(reader, F_SETFL, 0) == 0)
            var text = [UInt8](repeating: 0, count: 64)
            #expect(read(reader, &text, text.count) == 6, "the command has said that it is alive")
            #expect(read(reader, &text, text.count) == 0, "and everybody who could say more has gone")
        }
    #endif

    // MARK: Output

    @Test func `G12 10 MB of output capped with original size`() async throws {
        let delivered = Locked(0)
        let exit = try await ChildProcess.run(shell("echo head; head -c 10485755 /dev/zero")) { _, text in
            delivered.withLock { $0 += text.utf8.count }
        }
        #expect(exit.stdoutByteCount == 10_485_760 && exit.stderrByteCount == 0)
        #expect(exit.stdout.utf8.count == 262_144 && exit.truncated && exit.stdout.hasPrefix("head\n\0"))
        #expect(delivered.withLock { $0 } == 262_144)
        #expect(exit.ending == .exited(code: 0) && !exit.canceled)
    }

    @Test(arguments: [(7, "éa😀"), (6, "éa"), (3, "éa"), (2, "é"), (1, ""), (0, ""), (-1, "")])
    func `the head is cut between two characters`(limit: Int, kept: String) async throws {
        var command = shell("printf 'éa😀'")
        command.outputLimit = limit
        let exit = try await ChildProcess.run(command)
        #expect(exit.stdout == kept && exit.truncated == (limit < 7) && exit.stdoutByteCount == 7)
    }

    @Test func `both streams share the limit and come in the order they arrive`() async throws {
        let scratch = try Scratch()
        let gate = try Fifo(in: scratch)
        let pieces = Locked<[String]>([])
        let script = "printf 12345; read go <\(gate.path); printf 67890 >&2; read go <\(gate.path); printf x"
        var command = shell(script)
        command.outputLimit = 8
        let exit = try await ChildProcess.run(command) { stream, text in
            pieces.withLock { $0.append("\(stream) \(text)") }
            gate.send("go\n")
        }
        #expect(pieces.withLock { $0 } == ["stdout 12345", "stderr 678"])
        #expect(exit.stdout == "12345" && exit.stderr == "678" && exit.truncated)
        #expect(exit.stdoutByteCount == 6 && exit.stderrByteCount == 5)
    }

    @Test func `G12 binary output becomes text with replacement characters`() async throws {
        let exit = try await ChildProcess.run(
            shell(#"printf '\000\377A\303(\360\237\230'; printf '\200' >&2"#))
        #expect(exit.stdout == "\0\u{FFFD}A\u{FFFD}(\u{FFFD}")
        #expect(exit.stderr == "\u{FFFD}" && !exit.truncated)
        #expect(exit.stdoutByteCount == 8 && exit.stderrByteCount == 1 && exit.replaced)
    }

    @Test(arguments: [
        (#"printf '\357\277\275'"#, false), (#"printf 'a\303\251'"#, false), (#"printf 'a\303'"#, true),
        (#"printf 'a\303' >&2"#, true), (#"printf '\355\240\200'"#, true), (#"printf '\300\200'"#, true),
    ])
    func `G12 only bytes that are replaced count as such`(script: String, replaced: Bool) async throws {
        let exit = try await ChildProcess.run(shell(script))
        #expect(exit.replaced == replaced && !exit.truncated)
    }

    @Test func `a character that the limit cuts through counts as cut and not as replaced`() async throws {
        let scratch = try Scratch()
        let gate = try Fifo(in: scratch)
        // The second half of a character comes when what came before it has used the limit up.
        var command = shell("printf 'abc\\303'; read go <\(gate.path); printf '\\251'")
        command.outputLimit = 3
        let exit = try await ChildProcess.run(command) { _, _ in gate.send("go\n") }
        #expect(exit.stdout == "abc" && exit.truncated && !exit.replaced && exit.stdoutByteCount == 5)
    }

    @Test func `G12 multi-byte characters split across writes stay whole`() async throws {
        let scratch = try Scratch()
        let gate = try Fifo(in: scratch)
        let pieces = Locked<[String]>([])
        let script = #"printf 'a\303'; read go <G; printf '\251b\360\237'; read go <G; printf '\230\200'"#
        let command = shell("G=\(gate.path); " + script.split(separator: "<G").joined(separator: "<$G"))
        let exit = try await ChildProcess.run(command) { _, text in
            pieces.withLock { $0.append(text) }
            gate.send("go\n")
        }
        #expect(pieces.withLock { $0 } == ["a", "éb", "😀"])
        #expect(exit.stdout == "aéb😀")
    }

    // MARK: Cancellation

    @Test func `G12 cancel before spawn spawns nothing`() async throws {
        let scratch = try Scratch()
        let command = shell("touch \(scratch.path)/ran")
        await Task {
            cancelThisTask()
            await #expect(throws: SpawnError.canceled) { try await ChildProcess.run(command) }
        }.value
        #expect(access(scratch.path + "/ran", F_OK) != 0)
    }

    @Test func `a canceled child that ends by itself is not killed, and its last words count`() async throws {
        let pieces = Locked<[String]>([])
        var command = shell("trap 'echo bye; exit 7' TERM; echo ready; sleep 1000 & wait")
        command.grace = .seconds(1000)
        let exit = try await runUntilOutput(command) { text in pieces.withLock { $0.append(text) } }
        #expect(exit.ending == .exited(code: 7) && exit.canceled && !exit.killed)
        #expect(exit.stdout == "ready\nbye\n" && pieces.withLock { $0.joined() } == "ready\nbye\n")
    }

    @Test(arguments: [Duration.zero, .milliseconds(1), .seconds(-5)])
    func `G12 SIGTERM ignored leads to SIGKILL after grace`(grace: Duration) async throws {
        var command = shell("trap '' TERM; echo ready; exec sleep 1000")
        command.grace = grace
        let exit = try await runUntilOutput(command)
        #expect(exit.ending == .signaled(SIGKILL) && exit.canceled && exit.killed)
    }

    @Test func `G12 child of a child killed on cancel`() async throws {
        let scratch = try Scratch()
        let held = try Fifo(in: scratch)
        let command = shell("(exec 3>\(held.path); trap '' TERM; echo ready; exec sleep 1000) & wait")
        let exit = try await runUntilOutput(command) { _ in held.closeWriter() }
        #expect(exit.ending == .signaled(SIGTERM) && exit.canceled)
        #expect(held.isAbandoned(), "the grandchild lives and holds the fifo")
    }

    @Test func `G12 cancel storm leaves every call answered`() async throws {
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<64 {
                group.addTask {
                    let task = Task {
                        try await ChildProcess.run(.init(arguments: ["sleep", "1000"], grace: .zero))
                    }
                    for _ in 0..<index % 8 { await Task.yield() }
                    task.cancel()
                    task.cancel()
                    do {
                        let exit = try await task.value
                        #expect(
                            exit.canceled && [.signaled(SIGTERM), .signaled(SIGKILL)].contains(exit.ending))
                    } catch {
                        #expect(error as? SpawnError == .canceled)
                    }
                }
            }
        }
    }

    // MARK: What is left behind

    @Test func `G12 grandchild holding the pipe does not hang`() async throws {
        let scratch = try Scratch()
        let held = try Fifo(in: scratch)
        let exit = try await ChildProcess.run(
            shell("(exec 3>\(held.path); echo ready; exec sleep 1000) & read line <\(held.path)")
        ) { _, _ in
            held.send("go\n")
            held.closeWriter()
        }
        #expect(exit.ending == .exited(code: 0) && exit.stdout == "ready\n" && !exit.canceled)
        #expect(held.isAbandoned(), "the grandchild lives and holds the fifo")
    }

    #if os(Linux)
        @Test func `a grandchild that left the group and floods the pipe does not hang`() async throws {
            let scratch = try Scratch()
            let gate = try Fifo(in: scratch)
            // Once the pipe is closed its writes fail, so nobody has to kill it.
            let exit = try await ChildProcess.run(shell("setsid yes & read go <\(gate.path)")) { _, _ in
                gate.send("go\n")
            }
            #expect(exit.ending == .exited(code: 0) && exit.stdout.hasPrefix("y\ny\n"))
        }
    #endif

    @Test func `G12 8 concurrent children on a 2-thread pool all run at once`() async throws {
        let count = max(8, 4 * Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let scratch = try Scratch()
        let gate = try Fifo(in: scratch)
        let ready = Counter()
        let command = shell("echo ready; read go <\(gate.path); echo gone")
        let outputs = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<count {
                group.addTask {
                    let exit = try await ChildProcess.run(command) { _, text in
                        guard text.hasPrefix("ready"), ready.next() == count else { return }
                        gate.send(String(repeating: "\n", count: count))
                    }
                    return exit.stdout
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outputs == Array(repeating: "ready\ngone\n", count: count))
    }

    @Test func `G12 a thousand runs leave no descriptor and no zombie`() async {
        // In a process of its own: other tests have children and descriptors too.
        await #expect(processExitsWith: .success) {
            let command = ChildProcess.Command(arguments: ["true"], environment: ["PATH": "/usr/bin:/bin"])
            let faults: [ChildProcess.Command] = [
                .init(arguments: ["/nowhere"]), .init(arguments: ["/"]), .init(arguments: ["/etc/passwd"]),
                .init(arguments: ["/bin/echo", String(repeating: "x", count: 3 << 20)]),
                .init(arguments: ["/bin/echo"], directory: "/", folder: "etc/passwd"),
                .init(arguments: ["/nowhere"], directory: "/", folder: "usr/bin"),
            ]
            _ = try await ChildProcess.run(command)
            let before = openPipesAndProcesses()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<250 { _ = try await ChildProcess.run(command) }
                        for fault in faults {
                            await #expect(throws: SpawnError.self) { try await ChildProcess.run(fault) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            for index in 0..<10 {
                let task = Task {
                    try await ChildProcess.run(index < 5 ? command : .init(arguments: ["/nowhere"]))
                }
                task.cancel()
                _ = await task.result
            }
            #expect(openPipesAndProcesses() == before)
            #expect(waitpid(-1, nil, WNOHANG) == -1 && errno == ECHILD, "there are children left")
        }
    }

    // MARK: The system layer

    @Test func `a watched signal arrives as a byte`() async {
        await #expect(processExitsWith: .success) {
            var pipe: [Int32] = [-1, -1]
            try #require(pipeline_pipe(&pipe) == 0)
            #expect(pipeline_watch_signal(SIGTERM, pipe[1]) == 0)
            kill(getpid(), SIGTERM)
            var byte: UInt8 = 0
            #expect(read(pipe[0], &byte, 1) == 1)
            #expect(byte == UInt8(SIGTERM))
            #expect(pipeline_watch_signal(0, pipe[1]) == EINVAL)
        }
    }

    @Test func `a file is synced, and a descriptor that is none is an error`() throws {
        let scratch = try Scratch()
        let file = pipeline_openat(-1, scratch.path + "/file", O_CREAT | O_WRONLY, 0o600)
        try #require(file >= 0)
        #expect(write(file, "x", 1) == 1)
        #expect(pipeline_sync(file) == 0)
        #expect(fcntl(file, F_GETFD) & FD_CLOEXEC != 0)
        close(file)
        #expect(pipeline_sync(-1) == EBADF)
    }
}

private let environment = ["PATH": "/usr/bin:/bin"]

private func shell(_ script: String) -> ChildProcess.Command {
    .init(arguments: ["/bin/sh", "-c", script], environment: environment)
}

private func cancelThisTask() {
    withUnsafeCurrentTask { $0?.cancel() }
}

/// Runs the command in a task that is canceled at the first output; a task of its own, to spare the test's.
private func runUntilOutput(
    _ command: ChildProcess.Command, onOutput: @escaping @Sendable (String) -> Void = { _ in }
) async throws -> ChildProcess.Exit {
    try await Task {
        try await ChildProcess.run(command) { _, text in
            onOutput(text)
            cancelThisTask()
        }
    }.value
}

/// The open descriptors of the kinds a child takes; timers and queues are the concurrency runtime's own.
private func openPipesAndProcesses() -> [Int32] {
    (0..<1024).filter { number in
        var status = stat()
        guard fstat(number, &status) == 0 else { return false }
        if [S_IFIFO, S_IFDIR].contains(status.st_mode & S_IFMT) { return true }
        var link = [CChar](repeating: 0, count: 64)
        let length = max(0, readlink("/proc/self/fd/\(number)", &link, link.count))
        return String(decoding: link[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self).contains(
            "pidfd")
    }
}

private final class Counter: Sendable {
    private let count = Locked(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}

/// A directory that lives as long as the value.
private final class Scratch: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/child-process-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        // The path as `pwd -P` says it: /tmp is a link on Darwin.
        let resolved = try #require(realpath(template, nil))
        path = String(cString: resolved)
        free(resolved)
    }

    deinit {
        for name in ["plain", "orphan", "tool", "fifo", "file"] { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    func file(_ name: String, _ content: String, mode: mode_t) throws {
        let file = open("\(path)/\(name)", O_CREAT | O_WRONLY | O_CLOEXEC, mode)
        try #require(file >= 0)
        #expect(write(file, content, content.utf8.count) == content.utf8.count)
        close(file)
    }
}

/// A named pipe that scripts wait at; both ends open here, so that no script waits for an opener.
private final class Fifo: Sendable {
    let path: String
    private let reader: Int32
    private let writer: Locked<Int32>

    init(in scratch: Scratch) throws {
        path = scratch.path + "/fifo"
        try #require(mkfifo(path, 0o600) == 0)
        reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        writer = Locked(open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC))
    }

    deinit {
        close(reader)
        closeWriter()
    }

    func send(_ text: String) {
        writer.withLock { _ = write($0, text, text.utf8.count) }
    }

    func closeWriter() {
        writer.withLock { number in
            if number >= 0 { close(number) }
            number = -1
        }
    }

    /// Nobody can write any more; waits until that is so, within reason.
    func isAbandoned() -> Bool {
        var entry = pollfd(fd: reader, events: 0, revents: 0)
        return poll(&entry, 1, 20_000) == 1 && entry.revents & Int16(POLLHUP) != 0
    }
}
