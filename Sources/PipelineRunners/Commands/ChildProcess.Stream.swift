extension ChildProcess {
    /// Where a piece of output was written.
    package enum Stream: Hashable, Sendable {
        case stdout
        case stderr
    }
}
