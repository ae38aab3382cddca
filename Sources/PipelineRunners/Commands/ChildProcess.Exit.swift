extension ChildProcess {
    /// How a child ended and what it wrote.
    package struct Exit: Hashable, Sendable {
        package enum Ending: Hashable, Sendable {
            /// It ended by itself; 0 means success.
            case exited(code: Int32)

            /// A signal ended it.
            case signaled(Int32)
        }

        package var ending: Ending

        /// The head of standard output, bytes that are not UTF-8 replaced by U+FFFD.
        package var stdout: String

        /// The head of standard error, bytes that are not UTF-8 replaced by U+FFFD.
        package var stderr: String

        /// How many bytes were written to standard output, kept or not.
        package var stdoutByteCount: Int

        /// How many bytes were written to standard error, kept or not.
        package var stderrByteCount: Int

        /// The output limit was reached: text is missing.
        package var truncated: Bool

        /// Bytes that are not UTF-8 were replaced in the text, which therefore does not tell them.
        package var replaced: Bool

        /// The child was told to end before it had ended.
        package var canceled: Bool

        /// It had not ended when its grace period was over, and was killed.
        package var killed: Bool
    }
}
