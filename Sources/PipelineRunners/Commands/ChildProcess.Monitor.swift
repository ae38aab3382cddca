import CPipelineSystem

extension ChildProcess {
    /// The thread that owns one child, from the spawn until it is reaped.
    ///
    /// A thread of its own because everything here may block: the spawn, the polling, the reaping.
    final class Monitor: Sendable {
        private let command: Command
        private let mailbox: Mailbox
        private let control: Int32

        /// - Parameter control: A descriptor that becomes readable when the child is to end, open until the
        ///   last report.
        init(command: Command, mailbox: Mailbox, control: Int32) {
            self.command = command
            self.mailbox = mailbox
            self.control = control
        }

        /// Starts the thread; the mailbox receives the output and, as the last report, the end.
        func start() throws(SpawnError) {
            let monitor = Unmanaged.passRetained(self)
            let body: @convention(c) (UnsafeMutableRawPointer) -> Void = { pointer in
                Unmanaged<Monitor>.fromOpaque(pointer).takeRetainedValue().main()
            }
            let error = pipeline_thread(body, monitor.toOpaque())
            guard error == 0 else {
                monitor.release()
                throw .system(call: "pthread_create", errno: error)
            }
        }

        private func main() {
            let result: Result<Exit, SpawnError>
            do throws(SpawnError) { result = .success(try watch()) } catch { result = .failure(error) }
            mailbox.post(.ended(result))
        }

        private func watch() throws(SpawnError) -> Exit {
            if Platform.waitUntilReady([control], milliseconds: 0) == [true] { throw .canceled }
            let child = try Child(command)
            var output = OutputReader(limit: command.outputLimit, mailbox: mailbox)
            let told = follow(child, &output)

            // The child is a zombie, so its group cannot be mistaken for another: first end what is left of
            // it, then take the output that is there, then let go of the number.
            child.send(Platform.kill)
            output.drain(child)
            let ending = try child.reap()
            return output.exit(ending, told: told)
        }

        /// Reads output until the child has exited, and returns how it was told to.
        private func follow(_ child: borrowing Child, _ output: inout OutputReader) -> Termination {
            var ending = Termination(grace: command.grace)
            while true {
                let descriptors = [
                    child.exit.number, output.isOpen(.stdout) ? child.stdout.number : -1,
                    output.isOpen(.stderr) ? child.stderr.number : -1, ending.isRequested ? -1 : control,
                ]
                let ready = Platform.waitUntilReady(descriptors, milliseconds: ending.millisecondsLeft)
                // Unable to wait, it counts as ended: what follows kills it first.
                guard let ready, !ready[0] else { return ending }
                if ready[1] { output.read(.stdout, of: child) }
                if ready[2] { output.read(.stderr, of: child) }
                if ready[3], ending.request() { child.send(Platform.terminate) }
                if ending.isOverdue() { child.send(Platform.kill) }
            }
        }
    }
}
