import PipelineRunners
import Testing

/// A few of the thousands of kills that `.ci/slow` has.
struct CrashMatrixTests {
    @Test(.timeLimit(.minutes(3)))
    func `E6 wherever a process is killed, nothing is lost, done twice, stuck or different`() async throws {
        let exit = try await ChildProcess.run(
            ChildProcess.Command(arguments: [try PipelineProcess.program("CrashMatrix"), "397", "2"]))
        #expect(exit.ending == .exited(code: 0), "\(exit.stdout)\(exit.stderr)")
        let last = exit.stdout.split(separator: "\n").last?.split(separator: " ") ?? []
        #expect(last.dropFirst() == ["kills,", "0", "problems"] && last.first.flatMap { Int($0) } ?? 0 >= 8)
    }
}
