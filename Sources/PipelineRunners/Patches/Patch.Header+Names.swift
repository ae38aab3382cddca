extension Patch.Header {
    /// A name as it stands, or between quotes as git writes one with unusual characters.
    static func name(_ text: ArraySlice<UInt8>, _ line: Int) throws(PatchError) -> String {
        var bytes = Array(text)
        if text.first == UInt8(ascii: "\"") {
            guard let (name, rest) = quoted(text), rest.allSatisfy({ byte in byte == 0x09 }) else {
                throw PatchError(.name(PatchError.excerpt(text)), line: line)
            }
            bytes = name
        }
        guard !bytes.isEmpty, let name = String(validating: bytes, as: UTF8.self) else {
            throw PatchError(.name(PatchError.excerpt(text)), line: line)
        }
        return name
    }

    /// The path that both names of a `diff --git` line mean; nil where they differ.
    ///
    /// Names with spaces are not quoted: that both are the same says where the first one ends.
    static func sharedName(_ text: ArraySlice<UInt8>) -> String? {
        if text.first == UInt8(ascii: "\"") {
            guard let (first, rest) = quoted(text), rest.first == 0x20,
                let (second, end) = quoted(rest.dropFirst()), end.isEmpty
            else { return nil }
            return common(first, second)
        }
        let half = text.count / 2
        guard !text.count.isMultiple(of: 2), text[text.startIndex + half] == 0x20 else { return nil }
        return common(Array(text.prefix(half)), Array(text.suffix(half)))
    }

    private static func common(_ old: [UInt8], _ new: [UInt8]) -> String? {
        guard let old = String(validating: old, as: UTF8.self),
            let new = String(validating: new, as: UTF8.self)
        else { return nil }
        return common(old, new)
    }

    /// The path that an old and a new name mean, with `a/` and `b/` before it or as they are.
    static func common(_ old: String, _ new: String) -> String? {
        if old.utf8.elementsEqual(new.utf8) { return old }
        let (first, second) = (dropping("a/", old), dropping("b/", new))
        let areBoth = first.utf8.count < old.utf8.count && second.utf8.count < new.utf8.count
        return areBoth && first.utf8.elementsEqual(second.utf8) ? first : nil
    }

    /// The name without this beginning, where it has it and more.
    static func dropping(_ prefix: String, _ name: String) -> String {
        guard name.utf8.starts(with: prefix.utf8), name.utf8.count > prefix.utf8.count else { return name }
        return String(decoding: name.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }

    /// The text within quotes at the front, with C's escapes, and what follows it.
    private static func quoted(_ text: ArraySlice<UInt8>) -> (name: [UInt8], rest: ArraySlice<UInt8>)? {
        var name: [UInt8] = []
        var rest = text.dropFirst()
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return (name, rest) }
            guard byte == UInt8(ascii: "\\") else {
                name.append(byte)
                continue
            }
            guard let escaped = rest.popFirst() else { return nil }
            switch escaped {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): name.append(escaped)
            case UInt8(ascii: "a"): name.append(0x07)
            case UInt8(ascii: "b"): name.append(0x08)
            case UInt8(ascii: "t"): name.append(0x09)
            case UInt8(ascii: "n"): name.append(0x0A)
            case UInt8(ascii: "v"): name.append(0x0B)
            case UInt8(ascii: "f"): name.append(0x0C)
            case UInt8(ascii: "r"): name.append(0x0D)
            default:
                let digits = String(decoding: [escaped] + rest.prefix(2), as: UTF8.self)
                guard digits.utf8.count == 3, escaped != UInt8(ascii: "+"), let code = UInt8(digits, radix: 8)
                else { return nil }
                name.append(code)
                rest = rest.dropFirst(2)
            }
        }
        return nil
    }
}
