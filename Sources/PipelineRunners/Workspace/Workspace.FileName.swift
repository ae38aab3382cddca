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

        /// Whether ``text`` leads back to the same bytes.
        var isText: Bool { String(validating: bytes, as: UTF8.self) != nil }
    }
}
