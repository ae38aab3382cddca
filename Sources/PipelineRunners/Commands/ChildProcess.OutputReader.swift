import CPipelineSystem

extension ChildProcess {
    /// Reads a child's two pipes and posts what is within the limit.
    struct OutputReader {
        private let mailbox: Mailbox
        private var capture: OutputCapture
        private var openStreams: Set<Stream> = [.stdout, .stderr]
        private var buffer = [UInt8](repeating: 0, count: 65_536)

        init(limit: Int, mailbox: Mailbox) {
            self.mailbox = mailbox
            capture = OutputCapture(limit: limit)
        }

        /// The stream has not reached its end, as far as known.
        func isOpen(_ stream: Stream) -> Bool { openStreams.contains(stream) }

        /// Reads once what is there, without waiting.
        mutating func read(_ stream: Stream, of child: borrowing Child) {
            _ = read(stream, of: child, limit: buffer.count)
        }

        /// Reads what the pipes hold at this moment and no more: somebody may go on writing for ever.
        mutating func drain(_ child: borrowing Child) {
            for stream in [Stream.stdout, .stderr] {
                var left = Int(pipeline_readable(child.descriptor(of: stream)))
                while left > 0, isOpen(stream) {
                    let count = read(stream, of: child, limit: left)
                    if count == 0 { break }
                    left -= count
                }
                post(capture.finish(stream), stream)
            }
        }

        func exit(_ ending: Exit.Ending, told: Termination) -> Exit {
            Exit(
                ending: ending, stdout: capture.text(of: .stdout), stderr: capture.text(of: .stderr),
                stdoutByteCount: capture.byteCount(of: .stdout),
                stderrByteCount: capture.byteCount(of: .stderr),
                truncated: capture.isTruncated, replaced: capture.hasReplaced, canceled: told.isRequested,
                killed: told.isKilled)
        }

        private mutating func read(_ stream: Stream, of child: borrowing Child, limit: Int) -> Int {
            switch Platform.readOnce(child.descriptor(of: stream), into: &buffer, limit: limit) {
            case .bytes(let count):
                post(capture.append(buffer[..<count], from: stream), stream)
                return count
            case .nothingYet:
                return 0
            case .end:
                openStreams.remove(stream)
                return 0
            }
        }

        private func post(_ text: String, _ stream: Stream) {
            if !text.isEmpty { mailbox.post(.output(stream, text)) }
        }
    }
}
