/// How the program ends; documented in the README.
enum ExitCode: Int32 {
    case completed = 0
    case failed = 1
    case canceled = 2
    /// The run can be resumed.
    case interrupted = 3
    /// The command line is wrong.
    case usage = 64
    /// A file or folder that was named cannot be used.
    case badInput = 65
    /// Something could not be written.
    case cannotWrite = 73
    /// Another process holds the journal.
    case held = 75
}

/// What ends a command early: said on standard error, with what to do.
struct CommandError: Error {
    let code: ExitCode
    let message: String

    init(_ code: ExitCode, _ message: String) {
        self.code = code
        self.message = message
    }
}
