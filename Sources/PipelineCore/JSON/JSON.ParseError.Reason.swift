extension JSON.ParseError {
    /// What is wrong at the place of the error.
    public enum Reason: Sendable, Hashable {
        /// The document is longer than ``JSON/Limits/bytes``.
        case tooLong(limit: Int)
        /// A container opens within as many others as ``JSON/Limits/depth`` allows.
        case tooDeep(limit: Int)
        case byteOrderMark
        case unexpectedEnd
        case valueExpected
        case keyExpected
        case colonExpected
        case commaOrBracketExpected
        case commaOrBraceExpected
        /// Something follows the value that is the document.
        case trailingContent
        /// The place is that of the second member with the key.
        case duplicateKey(PipelineCore.Key)
        case controlCharacter(UInt8)
        case invalidEscape
        /// A `\u` escape is one half of a surrogate pair, without the other half.
        case loneSurrogate
        case invalidUTF8
        case invalidNumber
        /// A literal with a fraction or an exponent is larger than any double.
        case numberOutOfRange
    }
}

extension JSON.ParseError.Reason: CustomStringConvertible {
    /// What is wrong and what to do, as the part of a sentence.
    public var description: String {
        switch self {
        case .tooLong(let limit):
            "the document is longer than \(limit) bytes, so shorten it or raise the limit"
        case .tooDeep(let limit):
            "containers lie more than \(limit) deep, so flatten the document or raise the limit"
        case .byteOrderMark:
            "the document starts with a byte order mark, so save it as UTF-8 without one"
        case .unexpectedEnd:
            "the document ends too soon, so complete it"
        case .valueExpected:
            "a value must stand here, so write one or remove the comma or colon before it"
        case .keyExpected:
            "a key must stand here, so write one in double quotes or remove the comma before it"
        case .colonExpected:
            "a colon must follow the key, so write one"
        case .commaOrBracketExpected:
            "a comma or ']' must follow the element, so write one"
        case .commaOrBraceExpected:
            "a comma or '}' must follow the member, so write one"
        case .trailingContent:
            "something follows the end of the value, so remove it"
        case .duplicateKey(let key):
            "the object has the key \(Self.excerpt(of: key)) already, so rename or remove one of the two"
        case .controlCharacter(let byte):
            "a string contains the control character \(byte), so write it as an escape"
        case .invalidEscape:
            "the escape is none of JSON's, so correct it or double the backslash"
        case .loneSurrogate:
            "the escape is half of a surrogate pair, so write both halves or U+FFFD"
        case .invalidUTF8:
            "the bytes are not UTF-8, so save the document as UTF-8"
        case .invalidNumber:
            "the number is malformed, so write it as JSON does, such as -0.5 or 12e3"
        case .numberOutOfRange:
            "the number is larger than any double, so write it as a string or as an integer with all its digits"
        }
    }

    /// The key as JSON text, cut where it is long.
    private static func excerpt(of key: PipelineCore.Key) -> String {
        let scalars = key.text.unicodeScalars
        let start = String(String.UnicodeScalarView(scalars.prefix(64)))
        return JSON.string(scalars.dropFirst(64).isEmpty ? start : start + "…").description
    }
}
