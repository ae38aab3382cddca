extension ChildProcess.Command {
    /// The path of the program, as seen from the child's directory.
    ///
    /// The search follows the shell: the first executable file counts; a file without the right to execute
    /// it, or a folder, is passed over, and reported when there is no other.
    func locateProgram(from directory: borrowing Descriptor) throws(SpawnError) -> String {
        guard let program = arguments.first else { throw .emptyArguments }
        var candidates = [program]
        if !program.utf8.contains(UInt8(ascii: "/")) {
            let path = environment["PATH"] ?? "/bin:/usr/bin"
            candidates = path.split(separator: ":", omittingEmptySubsequences: false).map { folder in
                folder.isEmpty ? "./\(program)" : "\(folder)/\(program)"
            }
        }
        var passedOver: SpawnError?
        for candidate in candidates {
            let error = Platform.executability(of: candidate, in: directory)
            if error == 0 { return candidate }
            if Platform.isNotExecutable(error) { passedOver = .notExecutable(program: program) }
            if Platform.isNotAFile(error) { passedOver = passedOver ?? .notAFile(program: program) }
        }
        throw passedOver ?? .notFound(program: program)
    }

    /// Why the system did not start a program that was found to be executable.
    func failure(toSpawn path: String, errno: Int32) -> SpawnError {
        let program = arguments.first ?? path
        // The file is there, so what is missing is the interpreter of a script.
        if Platform.isMissing(errno) { return .missingInterpreter(program: program) }
        if Platform.isNotExecutable(errno) { return .notExecutable(program: program) }
        if Platform.isUnknownFormat(errno) { return .unknownFormat(program: program) }
        if Platform.isTooLong(errno) {
            let variables = environment.map { entry in entry.key.utf8.count + entry.value.utf8.count + 2 }
            return .tooLong(
                bytes: arguments.map { text in text.utf8.count + 1 }.reduce(0, +) + variables.reduce(0, +))
        }
        return .system(call: "posix_spawn", errno: errno)
    }
}
