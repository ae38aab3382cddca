import CPipelineSystem

/// A pipe that no other program inherits.
struct Pipe: ~Copyable, Sendable {
    let reader: Descriptor
    let writer: Descriptor

    /// - Throws: `SpawnError.system`, when there are no descriptors left.
    init() throws(SpawnError) {
        var numbers: (Int32, Int32) = (-1, -1)
        let error = withUnsafeMutableBytes(of: &numbers) { bytes in
            bytes.withMemoryRebound(to: Int32.self) { ends in
                ends.baseAddress.map { pipeline_pipe($0) } ?? 0
            }
        }
        guard error == 0 else { throw .system(call: "pipe", errno: error) }
        reader = Descriptor(number: numbers.0)
        writer = Descriptor(number: numbers.1)
    }

    /// Gives up the write end and keeps the other.
    consuming func readingEnd() -> Descriptor { reader }

    /// Gives up the read end and keeps the other.
    consuming func writingEnd() -> Descriptor { writer }
}
