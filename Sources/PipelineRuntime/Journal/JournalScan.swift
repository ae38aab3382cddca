import PipelineCore

/// Goes through the lines of one of a journal's files, and tells what was cut off from what is damaged.
///
/// Text has no zero bytes: where a line has some, or has no end, something was not written any more when the process or the
/// machine stopped. That was never acknowledged, unless a later line says that it was flushed. Everything else that is no
/// line is damage.
struct JournalScan {
    let header: JournalHeader
    /// Bytes of the header and all whole lines.
    private(set) var valid: Int
    /// Bytes behind those, of something that was not written to its end, and of space that was never written to.
    private(set) var torn = 0

    /// - Parameters:
    ///   - sealed: how many bytes count, where a later file says so; then nothing can have been cut off.
    ///   - visit: takes a line without its end, and the place of its first byte.
    init(
        _ bytes: [UInt8], path: String, sealed: Int? = nil,
        visit: (ArraySlice<UInt8>, Int) throws(JournalLine.Damage) -> Void
    ) throws(JournalError) {
        let bytes = sealed.map { sealed in bytes.prefix(sealed) } ?? bytes[...]
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { throw JournalError(path, .foreign) }
        do throws(JournalLine.Damage) { header = try JournalHeader(decoding: bytes[..<end]) } catch {
            throw error.located(path, line: 1, offset: 0)
        }
        valid = end + 1
        var number = 1
        if let sealed, sealed > bytes.count {
            throw JournalError(
                path, .corrupt(line: number, offset: bytes.count, "the file ends before its records do"))
        }
        while valid < bytes.count {
            number += 1
            let rest = bytes[valid...]
            do throws(JournalLine.Damage) {
                guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
                    throw .broken("it has no end")
                }
                try JournalLine.check(rest[..<end])
                try visit(rest[..<end], valid)
                valid = end + 1
            } catch {
                guard sealed == nil, JournalScan.isCutOff(rest) else {
                    throw error.located(path, line: number, offset: valid)
                }
                torn = rest.lastIndex { byte in byte != 0 }.map { last in last + 1 - valid } ?? 0
                return
            }
        }
    }

    /// Whether what does not begin with a whole line is something that was not written to its end.
    private static func isCutOff(_ rest: ArraySlice<UInt8>) -> Bool {
        let end = rest.firstIndex(of: UInt8(ascii: "\n"))
        let line = rest[..<(end ?? rest.endIndex)]
        guard end == nil || line.contains(0) else { return false }
        guard zip(line, JournalLine.opening).allSatisfy({ byte, other in byte == other || byte == 0 }) else {
            return false
        }
        for line in rest.split(separator: UInt8(ascii: "\n")).dropFirst() {
            if (try? JournalLine.check(line)) != nil, let prefix = try? JournalLine.Prefix(line),
                prefix.flushed ?? 0 > rest.startIndex
            {
                return false
            }
        }
        return true
    }
}

extension JournalLine {
    /// What a line is about, without reading the record in it.
    struct Prefix {
        let flushed: Int?
        let conversation: Conversation.ID
        let sequence: Int
        let isSnapshot: Bool

        /// - Parameter line: one that was checked.
        init(_ line: ArraySlice<UInt8>) throws(Damage) {
            var rest = line.dropFirst(JournalLine.head)
            flushed = Prefix.skip("\"flushed\":", &rest) ? try Prefix.number(&rest) : nil
            guard Prefix.skip("\"conversation\":", &rest), rest.first == UInt8(ascii: "\"") else {
                throw .broken("it names no conversation")
            }
            var end = rest.startIndex + 1
            while end < rest.endIndex, rest[end] != UInt8(ascii: "\"") {
                end += rest[end] == UInt8(ascii: "\\") ? 2 : 1
            }
            guard end < rest.endIndex, let name = (try? JSON(parsing: Array(rest[...end])))?.stringValue
            else {
                throw .broken("it names no conversation")
            }
            conversation = Conversation.ID(name)
            rest = rest[(end + 1)...]
            guard Prefix.skip(",\"sequence\":", &rest) else { throw .broken("it has no number") }
            sequence = try Prefix.number(&rest)
            isSnapshot = Prefix.skip("\"snapshot\":", &rest)
            guard isSnapshot || Prefix.skip("\"record\":", &rest) else { throw .broken("it holds no record") }
        }

        private static func skip(_ text: StaticString, _ rest: inout ArraySlice<UInt8>) -> Bool {
            let isThere = text.withUTF8Buffer { buffer in rest.starts(with: buffer) }
            if isThere { rest = rest.dropFirst(text.utf8CodeUnitCount) }
            return isThere
        }

        /// A number and the comma after it.
        private static func number(_ rest: inout ArraySlice<UInt8>) throws(Damage) -> Int {
            let digits = rest.prefix { byte in byte != UInt8(ascii: ",") }
            guard let number = Int(String(decoding: digits, as: UTF8.self)), number >= 0 else {
                throw .broken("it has no number")
            }
            rest = rest.dropFirst(digits.count + 1)
            return number
        }
    }
}
