extension ChildProcess {
    /// What to run, and within which bounds.
    package struct Command: Hashable, Sendable {
        /// The program and its arguments, at least one.
        ///
        /// A program with a slash is a path, relative to the child's directory; one without is searched for
        /// in the `PATH` of `environment`, or in `/bin:/usr/bin` when that names none.
        package var arguments: [String]

        /// The child's whole environment; nothing is inherited.
        package var environment: [String: String]

        /// The child's working directory; nil is the directory of this process.
        package var directory: String?

        /// A folder below `directory` to work in instead; led to name by name, never through a link.
        package var folder: String?

        /// How many bytes of text are kept and delivered, standard output and standard error together.
        package var outputLimit: Int

        /// How long the child has to end by itself after SIGTERM.
        package var grace: Duration

        package init(
            arguments: [String], environment: [String: String] = [:], directory: String? = nil,
            folder: String? = nil, outputLimit: Int = 262_144, grace: Duration = .seconds(2)
        ) {
            self.arguments = arguments
            self.environment = environment
            self.directory = directory
            self.folder = folder
            self.outputLimit = outputLimit
            self.grace = grace
        }
    }
}

extension ChildProcess.Command {
    /// Refuses what a C string or an environment entry cannot express, rather than let it be cut short.
    func validate() throws(SpawnError) {
        guard let program = arguments.first, !program.isEmpty else { throw .emptyArguments }
        for argument in arguments where argument.utf8.contains(0) { throw .invalidArgument(argument) }
        for (name, value) in environment {
            if name.isEmpty || name.utf8.contains(0) || name.utf8.contains(UInt8(ascii: "=")) {
                throw .invalidArgument(name)
            }
            if value.utf8.contains(0) { throw .invalidArgument(value) }
        }
        if let directory, directory.utf8.contains(0) { throw .invalidArgument(directory) }
    }
}
