/// A story that went otherwise than it was told; its description is the difference.
///
///     MyTests/ReviewTests.swift:12: execution.completed s2 went otherwise (- expected, + came).
///     directives
///         disarm r/2/1/attempt/0
///       - start r/3/1 deploy
///       + start r/3/1 read_file
public struct StoryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where the expectation stands: module and file, as `#fileID` gives it.
    public let file: String
    public let line: Int
    /// What went otherwise, in one sentence.
    public let summary: String
    /// The difference, line by line; empty where the summary says all.
    public let difference: [String]

    public var description: String {
        (["\(file):\(line): \(summary)"] + difference).joined(separator: "\n")
    }
}
