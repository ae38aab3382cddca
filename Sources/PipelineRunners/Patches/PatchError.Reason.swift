extension PatchError {
    /// What is wrong.
    public enum Reason: Hashable, Sendable {
        /// There is no file in it.
        case empty
        /// The patch has more bytes than the limit.
        case tooLarge(limit: Int)
        case tooManyFiles(limit: Int)
        /// This line is no part of a diff, or not here.
        case unexpected(String)
        /// It ends where more must follow.
        case truncated
        /// This is no header of a hunk.
        case hunkHeader(String)
        /// The hunk has more or fewer lines than its header, this one, counts.
        case count(String)
        /// A hunk has neither an added nor a removed line.
        case noChange
        /// A hunk begins before the end of the one before it.
        case overlap
        /// `\ No newline at end of file` does not follow the last line of a side.
        case endMarker
        /// This is no name of a file.
        case name(String)
        /// The lines that name the file do not agree.
        case names
        /// A new file has an old side, or a deleted one has a new side.
        case side
        /// A path occurs twice.
        case repeated
        case unsupported(Kind)

        /// The file does not have there what the hunk expects; the line is one of the file, `found` nil
        /// beyond its end.
        case mismatch(expected: String, found: String?, fileLine: Int)
        /// The hunk does not fit at its line, and fits at several others, of which these are the first.
        case ambiguous(fileLines: [Int])
        /// The hunk has no line of the old file to find its place by.
        case noContext
        /// Too many hunks are not at the line they name.
        case tooManyMoved(limit: Int)
        /// A line without a line feed would not be the last of the file.
        case notLast
        /// The file to delete holds more than the patch removes.
        case leftover
        /// The files have more bytes in all than the limit.
        case tooMuch(limit: Int)
        /// The call does not list the path among those that it touches.
        case unlisted
        /// The workspace refuses the path or the file system fails.
        case workspace(WorkspaceError.Reason)
        /// It failed midway, and these paths could not be put back as they were.
        case stuck([String], cause: WorkspaceError.Reason)
    }

    /// What a patch may hold elsewhere, and not here.
    public enum Kind: String, Hashable, Sendable {
        case binary
        case copy
        case link
        case submodule
    }
}
