/// A value with exactly one JSON form, written by the core itself.
///
/// Encoding the value that `init(json:)` gave back yields the same bytes.
public protocol JSONRepresentable: Sendable {
    /// The form in which the value is journaled and shown.
    var json: JSON { get }

    /// Reads the form that `json` writes.
    init(json: JSON) throws(JSON.FormatError)
}

extension JSON: JSONRepresentable {
    public var json: JSON { self }
    public init(json: JSON) throws(FormatError) { self = json }
}

extension String: JSONRepresentable {
    public var json: JSON { .string(self) }
    public init(json: JSON) throws(JSON.FormatError) {
        guard case .string(let text) = json else { throw JSON.FormatError(expected: "a string", found: json) }
        self = text
    }
}

extension Bool: JSONRepresentable {
    public var json: JSON { .bool(self) }
    public init(json: JSON) throws(JSON.FormatError) {
        guard case .bool(let value) = json else {
            throw JSON.FormatError(expected: "true or false", found: json)
        }
        self = value
    }
}

extension Int64: JSONRepresentable {
    public var json: JSON { .integer(self) }
    public init(json: JSON) throws(JSON.FormatError) {
        guard case .integer(let value) = json else {
            throw JSON.FormatError(expected: "an integer", found: json)
        }
        self = value
    }
}

extension Int: JSONRepresentable {
    public var json: JSON { .integer(Int64(self)) }
    public init(json: JSON) throws(JSON.FormatError) {
        guard case .integer(let wide) = json, let value = Int(exactly: wide) else {
            throw JSON.FormatError(expected: "an integer", found: json)
        }
        self = value
    }
}

extension Array: JSONRepresentable where Element: JSONRepresentable {
    public var json: JSON { .array(map { element in element.json }) }
    public init(json: JSON) throws(JSON.FormatError) {
        guard case .array(let items) = json else { throw JSON.FormatError(expected: "an array", found: json) }
        var elements: [Element] = []
        elements.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            do throws(JSON.FormatError) {
                elements.append(try Element(json: item))
            } catch {
                throw error.under("\(index)")
            }
        }
        self = elements
    }
}

extension JSONRepresentable where Self: RawRepresentable, RawValue == String {
    public var json: JSON { .string(rawValue) }
    public init(json: JSON) throws(JSON.FormatError) {
        guard case .string(let word) = json, let value = Self(rawValue: word) else {
            throw JSON.FormatError(expected: "a known word", found: json)
        }
        self = value
    }
}
