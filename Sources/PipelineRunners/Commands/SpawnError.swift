/// Why a command did not run.
package enum SpawnError: Error, Hashable, Sendable {
    case emptyArguments

    /// The text contains a NUL, or is an environment name that is empty or contains "=".
    case invalidArgument(String)

    case notFound(program: String)

    /// The program exists and nobody has given it execute permission.
    case notExecutable(program: String)

    /// A folder, or something else that is no regular file, has the program's name.
    case notAFile(program: String)

    /// The system does not know the program's format: a script without `#!`, a program for another machine.
    case unknownFormat(program: String)

    /// The program is a script, and what its first line names is not there.
    case missingInterpreter(program: String)

    /// The arguments and the environment together, or one of them alone, have more bytes than the system
    /// passes on.
    case tooLong(bytes: Int)

    case directory(path: String, errno: Int32)

    /// The folder below the working directory cannot be entered.
    case folder(WorkspaceError)

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
        case .emptyArguments, .invalidArgument, .notFound, .notExecutable, .notAFile, .unknownFormat,
            .missingInterpreter, .tooLong, .folder, .canceled:
            nil
        }
    }

    /// Whether it is about what was asked for, rather than about what is installed.
    var isAboutArguments: Bool {
        switch self {
        case .emptyArguments, .invalidArgument, .tooLong, .folder: true
        case .notFound, .notExecutable, .notAFile, .unknownFormat, .missingInterpreter, .directory, .system,
            .canceled:
            false
        }
    }

    /// Its name, by which programs tell it from others.
    var code: String {
        switch self {
        case .emptyArguments: "emptyArguments"
        case .invalidArgument: "invalidArgument"
        case .notFound: "notFound"
        case .notExecutable: "notExecutable"
        case .notAFile: "notAFile"
        case .unknownFormat: "unknownFormat"
        case .missingInterpreter: "missingInterpreter"
        case .tooLong: "tooLong"
        case .directory: "directory"
        case .folder: "folder"
        case .system: "system"
        case .canceled: "canceled"
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
            "The program \(program.debugDescription) has no execute permission: give it to it, "
                + "or run it through its interpreter."
        case .notAFile(let program):
            "\(program.debugDescription) is a folder or no regular file: name the program in it."
        case .unknownFormat(let program):
            "The system does not know the format of \(program.debugDescription): begin a script with a line "
                + "like #!/bin/sh, or run it through its interpreter; build a program for this machine."
        case .missingInterpreter(let program):
            "What the first line of \(program.debugDescription) names as its interpreter is not there: "
                + "install it or correct the line."
        case .tooLong(let bytes):
            "The arguments and the environment have \(bytes) bytes, more than the system passes on at once "
                + "or in one argument: put what is long into a file and name the file."
        case .directory(let path, _):
            "The working directory \(path.debugDescription) cannot be entered (\(reason ?? "")): "
                + "create it, or correct its path or permissions."
        case .folder(let error): "\(error)"
        case .system(let call, _):
            "The system refused \(call) (\(reason ?? "")): "
                + "free what it is short of, or raise the limit, and retry."
        case .canceled:
            "The command was canceled before it started: run it again if it is still wanted."
        }
    }
}
