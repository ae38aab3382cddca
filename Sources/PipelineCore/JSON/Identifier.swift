/// A name that a host gives or the core derives; equal when its UTF-8 is equal.
public protocol Identifier: Hashable, JSONRepresentable, CustomStringConvertible, ExpressibleByStringLiteral {
    var key: Key { get }
    init(key: Key)
}

extension Identifier {
    public init(_ text: String) { self.init(key: Key(text)) }
    public init(stringLiteral text: String) { self.init(key: Key(text)) }

    public var text: String { key.text }
    public var description: String { key.text }

    public var json: JSON { .string(key.text) }
    public init(json: JSON) throws(JSON.FormatError) { self.init(try String(json: json)) }
}
