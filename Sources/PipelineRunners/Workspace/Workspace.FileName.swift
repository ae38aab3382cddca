extension Workspace {
    /// The name of one entry of a folder, as the bytes the file system knows it by.
    ///
    /// Comes out of a ``Workspace/Path`` or a folder's own listing, so it is never empty, `.` or `..` and has
    /// neither a slash nor a zero byte in it.
    struct FileName: Hashable, Sendable {
        let bytes: [UInt8]

        /// The bytes as a C string.
        var terminated: [CChar] { bytes.map { CChar(bitPattern: $0) } + [0] }

        /// The bytes as text, with U+FFFD in place of what is not UTF-8.
        var text: String { String(decoding: bytes, as: UTF8.self) }

        /// Whether ``text`` leads back to the same bytes and can stand in a path.
        var isText: Bool {
            guard let text = String(validating: bytes, as: UTF8.self) else { return false }
            return !text.unicodeScalars.contains(where: Self.isControl)
        }

        /// Whether it could make a terminal or a list of names show something else than the path.
        static func isControl(_ scalar: Unicode.Scalar) -> Bool {
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        }
    }
}
