#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a name in the file system is, as far as links are concerned.
enum SymbolicLink: Hashable, Sendable {
    case link(to: String)
    /// It is there, and no link.
    case other
    case missing
    /// The system does not say, or what it says is not UTF-8.
    case unknown

    init(at path: String) {
        var target = [CChar](repeating: 0, count: 4_097)
        let count = readlink(path, &target, target.count)
        if count >= 0 {
            let bytes = target[..<count].map { character in UInt8(bitPattern: character) }
            let text = count < target.count ? String(validating: bytes, as: UTF8.self) : nil
            if let text { self = .link(to: text) } else { self = .unknown }
        } else {
            switch errno {
            case EINVAL: self = .other
            case ENOENT, ENOTDIR: self = .missing
            default: self = .unknown
            }
        }
    }
}
