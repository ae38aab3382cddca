/// Why a command did not run.
package enum SpawnError: Error, Hashable, Sendable {
    case emptyArguments

    /// The text contains a NUL, or is an environment name that is empty or contains "=".
    case invalidArgument(String)

    case notFound(program: String)

    /// The program exists, but is no file with execute permission in a format the system can start.
    case notExecutable(program: String)

    case directory(path: String, errno: Int32)

    /// A call that only fails when the system is short of something or a host interferes.
    case system(call: String, errno: Int32)

    /// The task was canceled before there was a child.
    case canceled
}

extension SpawnError {
    /// What the system says about the error, where it said anything.
    package var reason: String? {
        switch self {
        case .directory(_, let errno), .system(_, let errno): Platform.text(forError: errno)
        case .emptyArguments, .invalidArgument, .notFound, .notExecutable, .canceled: nil
        }
    }
}

extension SpawnError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .emptyArguments:
            "The command is empty: name the program to run as its first argument."
        case .invalidArgument(let text):
            "The command contains \(text.debugDescription), which cannot be passed to a program: "
                + "remove NUL characters, and \"=\" from names of environment variables."
        case .notFound(let program):
            "No program \(program.debugDescription) was found: install it, correct its path, "
                + "or add its directory to the PATH of the command's environment."
        case .notExecutable(let program):
            "The program \(program.debugDescription) cannot be executed: give it execute permission, "
                + "and check its format or the interpreter its first line names."
        case .directory(let path, _):
            "The working directory \(path.debugDescription) cannot be entered (\(reason ?? "")): "
                + "create it, or correct its path or permissions."
        case .system(let call, _):
            "The system refused \(call) (\(reason ?? "")): "
                + "free what it is short of, or raise the limit, and retry."
        case .canceled:
            "The command was canceled before it started: run it again if it is still wanted."
        }
    }
}
