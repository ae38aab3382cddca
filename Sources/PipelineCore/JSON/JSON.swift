/// A JSON value with one form for each number, so that equal values have equal bytes.
///
/// Strings and member names are compared by their UTF-8 bytes. A value is read with `init(parsing:limits:)` and
/// written in the canonical form of RFC 8785; what is written reads back as an equal value, unless it is deeper or
/// longer than the limits. Comparing, hashing, writing and releasing a value recurse as deep as it is nested:
/// parsing bounds that (``Limits/depth``), a value built in code is as deep as the code made it.
public enum JSON: Sendable {
    case null
    case bool(Bool)
    /// Every integer that fits 64 bits, `1e3`, `1000.0` and `-0` included.
    case integer(Int64)
    /// Any other number: with a fraction, or beyond 64 bits.
    case number(Number)
    case string(String)
    case array([JSON])
    case object(Object)
}
