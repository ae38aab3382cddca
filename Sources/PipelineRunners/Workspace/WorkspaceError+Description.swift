#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension WorkspaceError: CustomStringConvertible {
    /// One sentence: the path, what is wrong with it, and what to do.
    public var description: String {
        let path = self.path.debugDescription
        return switch reason {
        case .emptyPath:
            "The path is empty: name a file, or use \".\" for the root of the workspace."
        case .outside:
            "\(path) leads outside the workspace: give a path relative to its root, without \"..\"."
        case .zeroByte:
            "\(path) has a zero byte in it: leave it out."
        case .nameTooLong(let limit):
            "\(path) is too long or has a name of more than \(limit) bytes: choose a shorter one."
        case .tooDeep(let limit):
            "\(path) has more than \(limit) folders below each other: use a flatter tree."
        case .link:
            "\(path) is or passes a symbolic link, which is never followed: name the real file instead."
        case .missing:
            "\(path) does not exist: list its folder to see what does."
        case .notAFile:
            "\(path) is not a regular file: name one."
        case .notAFolder:
            "\(path) is or passes something that is not a folder: name a folder."
        case .alreadyExists:
            "\(path) already exists or is not empty: choose another name."
        case .insideSource:
            "\(path) lies within the folder to copy: choose a destination elsewhere."
        case .tooLarge(let size, let limit):
            "\(path) has \(size) bytes, more than the \(limit) permitted: use a smaller file."
        case .tooManyEntries(let limit):
            "\(path) has more than \(limit) entries: work in a smaller folder."
        case .emptyText:
            "The text to look for in \(path) is empty: give at least one character."
        case .notFoundText:
            "The text to replace does not occur in \(path): read the file and copy the text exactly."
        case .notUnique(let count):
            "The text to replace occurs \(count) times in \(path): give more of the lines around it."
        case .controlCharacter:
            "\(path) has a control character in it: leave it out, or rename the file by other means."
        case .changedMeanwhile:
            "\(path) was changed by somebody else meanwhile: read it and try again."
        case .denied:
            "\(path) may not be used that way: change its permissions or name another."
        case .system(let call, let errno):
            "\(call) failed on \(path) with \(Self.explanation(of: errno)): try again or see to the disk."
        }
    }

    private static func explanation(of code: Int32) -> String {
        guard let text = strerror(code) else { return "error \(code)" }
        return "error \(code) (\(String(cString: text)))"
    }
}
