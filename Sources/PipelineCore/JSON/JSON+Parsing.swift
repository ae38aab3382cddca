extension JSON {
    /// Reads the one value a UTF-8 document consists of.
    ///
    /// The document must be JSON to the letter of RFC 8259, and besides: valid UTF-8 without a byte order mark, no
    /// key twice in an object, no surrogate without its other half, no number beyond the range of doubles unless
    /// it is an integer with all its digits. A number too close to zero for a double is zero.
    public init(parsing bytes: [UInt8], limits: Limits = Limits()) throws(ParseError) {
        guard bytes.count <= limits.bytes else {
            throw ParseError(.tooLong(limit: limits.bytes), at: max(0, limits.bytes), in: bytes)
        }
        var parser = Parser(bytes: bytes, depth: min(limits.depth, Limits.greatestDepth))
        self = try parser.document()
    }

    /// Reads the one value a part of some bytes consists of; places in errors count from the start of the part.
    public init(parsing bytes: ArraySlice<UInt8>, limits: Limits = Limits()) throws(ParseError) {
        try self.init(parsing: Array(bytes), limits: limits)
    }

    /// Reads the one value a text consists of.
    public init(parsing text: String, limits: Limits = Limits()) throws(ParseError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }
}
