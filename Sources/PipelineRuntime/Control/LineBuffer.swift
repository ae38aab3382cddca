/// Takes bytes apart into lines, and keeps at most one line's worth.
struct LineBuffer {
    private var bytes: [UInt8] = []
    /// Bytes at the front that are known to hold no line end.
    private var searched = 0
    /// The longest line, its end included.
    let limit: Int

    init(limit: Int) { self.limit = limit }

    /// A line that is longer than it may be has begun.
    var isOverfull: Bool { searched >= limit }

    mutating func append(_ more: some Collection<UInt8>) { bytes.append(contentsOf: more) }

    /// The next line, without its end; nil until it is whole.
    mutating func next() -> [UInt8]? {
        guard let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
            searched = bytes.count
            return nil
        }
        guard end < limit else {
            searched = end
            return nil
        }
        let line = Array(bytes[..<end])
        bytes.removeFirst(end + 1)
        searched = 0
        return line
    }
}
