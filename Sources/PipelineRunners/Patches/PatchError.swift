/// Why a ``Patch`` could not be read, or not be applied.
public struct PatchError: Error, Hashable, Sendable {
    public let reason: Reason
    /// The path of the file concerned; nil where the patch has named none yet.
    public let path: String?
    /// Which hunk of the file, from 1; nil where it is about none.
    public let hunk: Int?
    /// Which line of the patch, from 1; nil where it is about none.
    public let line: Int?

    /// Names what is wrong and where.
    public init(_ reason: Reason, path: String? = nil, hunk: Int? = nil, line: Int? = nil) {
        self.reason = reason
        self.path = path
        self.hunk = hunk
        self.line = line
    }

    /// The bytes as a text that is fit to be shown, the first ones alone where there are many.
    static func excerpt(_ bytes: some Sequence<UInt8>) -> String {
        var head = Array(bytes.prefix(201))
        let isCut = head.count > 200
        if isCut { head.removeLast() }
        return String(decoding: head, as: UTF8.self).debugDescription + (isCut ? "…" : "")
    }
}
