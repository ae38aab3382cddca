/// SHA-256 over bytes that come in parts; FIPS 180-4, section 6.2.
public struct ContentHasher: Sendable {
    private var state = SIMD8<UInt32>(
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
        0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19
    )
    /// The bytes since the last whole block, fewer than 64.
    private var pending: [UInt8] = []
    private var count: UInt64 = 0

    public init() {}

    /// Takes note of more bytes; how they are divided into calls does not matter.
    public mutating func update(_ bytes: some Sequence<UInt8>) {
        let isDone: Void? = bytes.withContiguousStorageIfAvailable { update(contiguous: $0) }
        if isDone == nil { ContiguousArray(bytes).withUnsafeBufferPointer { update(contiguous: $0) } }
    }

    /// The 32 bytes of the digest.
    public consuming func finish() -> [UInt8] {
        ContentDigest(self).bytes
    }

    /// The digest as eight words, the first byte the most significant of the first.
    consuming func finishWords() -> SIMD8<UInt32> {
        let bits = count &* 8
        let zeros = pending.count < 56 ? 55 - pending.count : 119 - pending.count
        var padding: [UInt8] = [0x80]
        padding += repeatElement(0, count: zeros)
        for shift in stride(from: 56, through: 0, by: -8) {
            padding.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
        update(padding)
        return state
    }

    private mutating func update(contiguous bytes: UnsafeBufferPointer<UInt8>) {
        count &+= UInt64(bytes.count)
        var rest = UnsafeRawBufferPointer(bytes)[...]
        if !pending.isEmpty {
            let missing = rest.prefix(64 - pending.count)
            pending += missing
            rest = rest.dropFirst(missing.count)
            guard pending.count == 64 else { return }
            pending.withUnsafeBytes { state.compress($0[...]) }
            pending.removeAll(keepingCapacity: true)
        }
        let whole = rest.prefix(rest.count & ~63)
        state.compress(whole)
        pending += rest.dropFirst(whole.count)
    }
}
