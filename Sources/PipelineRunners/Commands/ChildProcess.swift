/// Runs one program as a child of this process, to its end, and takes down whatever it leaves behind.
///
/// ```
/// run ── starts ──▶ Monitor (a thread of its own: spawn, poll, kill, reap) ──▶ Child
///  ▲                   │ ▲
///  │                   │ └── a byte through a pipe: the task was canceled
///  └──── Mailbox ◀─────┘ output, in order; then the exit
/// ```
package enum ChildProcess {
    /// Runs the command and returns how it ended, with its output.
    ///
    /// Canceling the calling task sends SIGTERM to the child's process group and, after the command's grace
    /// period, SIGKILL; the call still returns the exit. Once the child has exited, what remains of its group
    /// is killed: nothing it started there outlives the call, and nothing that holds its pipes delays it.
    ///
    /// Blocks no thread of the cooperative pool.
    ///
    /// - Parameter onOutput: Called with each piece of output in the order of arrival, up to the command's
    ///   output limit, in the calling task, and for the last time before this returns.
    /// - Throws: `SpawnError.canceled` when the task was canceled before there was a child, else why there
    ///   could be none.
    package static func run(
        _ command: Command,
        onOutput: (Stream, String) async -> Void = { _, _ in }
    ) async throws(SpawnError) -> Exit {
        guard !Task.isCancelled else { throw .canceled }
        try command.validate()
        let mailbox = Mailbox()
        // Both ends stay open here until the thread has reported its last and the handler is gone.
        let control = try Pipe()
        let monitor = Monitor(command: command, mailbox: mailbox, control: control.reader.number)
        let result = await withTaskCancellationHandler {
            do throws(SpawnError) { try monitor.start() } catch { return Result<Exit, _>.failure(error) }
            while true {
                for report in await mailbox.next() {
                    switch report {
                    case .output(let stream, let text): await onOutput(stream, text)
                    case .ended(let result): return result
                    }
                }
            }
        } onCancel: {
            Platform.writeByte(control.writer.number)
        }
        extendLifetime(control)
        return try result.get()
    }
}
