extension JSON {
    /// One pass over a document, without recursion.
    ///
    /// The finished parts of all open containers lie on two stacks, those of the innermost one on top:
    ///
    ///     document        {"a": [1, 2, {"b": 3,
    ///     containers      {  [  {
    ///     elements        1  2
    ///     members         a: null, b: 3
    ///
    /// A member has the value null until its own is finished. When a container closes, its parts leave the stack.
    struct Parser {
        let bytes: [UInt8]
        let depth: Int
        var offset = 0
        /// The content of a string that has escapes, while it is being read.
        var unescaped: [UInt8] = []
        var containers: [Container] = []
        var elements: [JSON] = []
        var members: [Object.Member] = []
        /// Where the key of each of `members` stands.
        var keyOffsets: [Int] = []

        init(bytes: [UInt8], depth: Int) {
            self.bytes = bytes
            self.depth = depth
        }

        struct Container {
            let isObject: Bool
            /// Where its parts start on their stack.
            let start: Int
            /// Whether each key so far is greater than the one before.
            var isOrdered = true
        }
    }
}

extension JSON.Parser {
    /// Reads the whole document.
    mutating func document() throws(JSON.ParseError) -> JSON {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw error(.byteOrderMark, at: 0) }
        while true {
            skipWhitespace()
            guard var value = try beginValue() else { continue }
            while let container = containers.last {
                guard let closed = try endPart(value, of: container) else { break }
                value = closed
            }
            if containers.isEmpty {
                skipWhitespace()
                guard offset == bytes.count else { throw error(.trailingContent, at: offset) }
                return value
            }
        }
    }

    /// Reads a value that has no parts, or opens a container up to its first part and returns nil.
    private mutating func beginValue() throws(JSON.ParseError) -> JSON? {
        guard let byte = current else { throw error(.unexpectedEnd, at: offset) }
        switch byte {
        case UInt8(ascii: "\""):
            return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return try number()
        case UInt8(ascii: "["):
            try open(Container(isObject: false, start: elements.count))
            guard current == UInt8(ascii: "]") else { return nil }
            offset += 1
            containers.removeLast()
            return .array([])
        case UInt8(ascii: "{"):
            try open(Container(isObject: true, start: members.count))
            guard current == UInt8(ascii: "}") else {
                try beginMember()
                return nil
            }
            offset += 1
            containers.removeLast()
            return .object(JSON.Object())
        case UInt8(ascii: "t"):
            return try word("true", .bool(true))
        case UInt8(ascii: "f"):
            return try word("false", .bool(false))
        case UInt8(ascii: "n"):
            return try word("null", .null)
        default:
            throw error(.valueExpected, at: offset)
        }
    }

}

extension JSON.Parser {
    /// The next byte; nil at the end.
    var current: UInt8? {
        offset < bytes.count ? bytes[offset] : nil
    }

    mutating func skipWhitespace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): offset += 1
            default: return
            }
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(JSON.ParseError) -> JSON {
        for index in 0..<word.utf8CodeUnitCount {
            guard let byte = current else { throw error(.unexpectedEnd, at: offset) }
            guard byte == word.utf8Start[index] else { throw error(.valueExpected, at: offset) }
            offset += 1
        }
        return value
    }

    func error(_ reason: JSON.ParseError.Reason, at offset: Int) -> JSON.ParseError {
        JSON.ParseError(reason, at: offset, in: bytes)
    }
}
