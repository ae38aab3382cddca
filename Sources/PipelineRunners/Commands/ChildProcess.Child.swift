import CPipelineSystem

extension ChildProcess {
    /// A child that was started and not yet reaped, leader of a process group of its own.
    ///
    /// Until it is reaped its number, and with it the group's, belongs to no other process.
    struct Child: ~Copyable {
        let number: Int32
        let stdout: Descriptor
        let stderr: Descriptor

        /// Becomes readable when the child has exited.
        let exit: Descriptor

        /// When this process dies and it closes with it, the system kills the child's group (on Linux).
        let leash: Descriptor

        /// Starts the command.
        init(_ command: Command) throws(SpawnError) {
            let directory = try command.openDirectory()
            let program = try command.locateProgram(from: directory)
            let out = try Pipe()
            let err = try Pipe()
            let leash = try Pipe()
            for end in [out.reader.number, err.reader.number] {
                let error = pipeline_set_nonblocking(end)
                guard error == 0 else { throw .system(call: "fcntl", errno: error) }
            }

            var number: Int32 = 0
            let variables = command.environment.map { "\($0.key)=\($0.value)" }.sorted()
            let error = Self.withCStrings(command.arguments) { arguments in
                Self.withCStrings(variables) { environment in
                    Platform.retryingWhileBusy {
                        pipeline_spawn(
                            program, arguments, environment, directory.number,
                            out.writer.number, err.writer.number, leash.reader.number, &number)
                    }
                }
            }
            guard error == 0 else { throw command.failure(toSpawn: program, errno: error) }

            let leashed = pipeline_leash(leash.reader.number, number)
            let exit = leashed == 0 ? pipeline_exit_descriptor(number) : -1
            guard exit >= 0 else {
                let error = leashed == 0 ? Platform.lastError : leashed
                Platform.send(Platform.kill, toGroup: number)
                _ = try Self.wait(for: number)
                throw .system(call: leashed == 0 ? "pidfd_open" : "fcntl", errno: error)
            }
            self.number = number
            self.stdout = out.readingEnd()
            self.stderr = err.readingEnd()
            self.exit = Descriptor(number: exit)
            self.leash = leash.writingEnd()
        }

        func descriptor(of stream: Stream) -> Int32 {
            stream == .stdout ? stdout.number : stderr.number
        }

        /// Sends a signal to the child and everything in its group.
        func send(_ signal: Int32) {
            Platform.send(signal, toGroup: number)
        }

        /// Waits for the child's end and gives its number back.
        consuming func reap() throws(SpawnError) -> Exit.Ending {
            try Self.wait(for: number)
        }

        private static func wait(for number: Int32) throws(SpawnError) -> Exit.Ending {
            var code: Int32 = 0
            var signal: Int32 = 0
            let error = pipeline_wait(number, &code, &signal)
            // Somebody else reaped it: a host that waits for any child, or ignores SIGCHLD.
            guard error == 0 else { throw .system(call: "waitpid", errno: error) }
            return signal != 0 ? .signaled(signal) : .exited(code: code)
        }

        /// Calls the body with the strings as C has them, a list of pointers that ends with nil.
        private static func withCStrings(
            _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Int32
        ) -> Int32 {
            var characters: [CChar] = []
            var offsets: [Int] = []
            for string in strings {
                offsets.append(characters.count)
                characters.append(contentsOf: string.utf8.lazy.map { CChar(bitPattern: $0) })
                characters.append(0)
            }
            return characters.withUnsafeBufferPointer { characters in
                var pointers = offsets.map { offset in characters.baseAddress.map { $0 + offset } }
                pointers.append(nil)
                return body(pointers)
            }
        }
    }
}
