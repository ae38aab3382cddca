extension ChildProcess.Command {
    /// The path of the program, as seen from the child's directory.
    ///
    /// The search follows the shell: the first executable file counts; a file without the right to execute it
    /// is passed over, and reported when there is no other.
    func locateProgram(from directory: borrowing Descriptor) throws(SpawnError) -> String {
        guard let program = arguments.first else { throw .emptyArguments }
        var candidates = [program]
        if !program.utf8.contains(UInt8(ascii: "/")) {
            let path = environment["PATH"] ?? "/bin:/usr/bin"
            candidates = path.split(separator: ":", omittingEmptySubsequences: false).map { folder in
                folder.isEmpty ? "./\(program)" : "\(folder)/\(program)"
            }
        }
        var exists = false
        for candidate in candidates {
            let error = Platform.executability(of: candidate, in: directory)
            if error == 0 { return candidate }
            exists = exists || Platform.isNotExecutable(error)
        }
        throw exists ? .notExecutable(program: program) : .notFound(program: program)
    }
}
