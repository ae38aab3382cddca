extension SIMD8<UInt32> {
    /// Takes the working state through whole blocks of 64 bytes; FIPS 180-4, section 6.2.2.
    ///
    /// Its loops count by themselves: every journal's records go through here, and a debug build runs an iterator step by step.
    mutating func compress(_ blocks: Slice<UnsafeRawBufferPointer>) {
        let constants = roundConstants
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
            guard let words = schedule.baseAddress else { return }
            var start = blocks.startIndex
            while start < blocks.endIndex {
                var index = 0
                while index < 16 {
                    let word = blocks.base.loadUnaligned(fromByteOffset: start + index * 4, as: UInt32.self)
                    words[index] = UInt32(bigEndian: word)
                    index += 1
                }
                while index < 64 {
                    words[index] =
                        words[index - 2].smallSigma(17, 19, 10) &+ words[index - 7]
                        &+ words[index - 15].smallSigma(7, 18, 3) &+ words[index - 16]
                    index += 1
                }
                compress(words, constants)
                start += 64
            }
        }
    }

    /// The 64 rounds of one block.
    private mutating func compress(_ words: UnsafeMutablePointer<UInt32>, _ constants: [UInt32]) {
        var (a, b, c, d) = (self[0], self[1], self[2], self[3])
        var (e, f, g, h) = (self[4], self[5], self[6], self[7])
        var index = 0
        while index < 64 {
            let choice = (e & f) ^ (~e & g)
            let majority = (a & b) ^ (a & c) ^ (b & c)
            let first = h &+ e.bigSigma(6, 11, 25) &+ choice &+ constants[index] &+ words[index]
            let second = a.bigSigma(2, 13, 22) &+ majority
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
            index += 1
        }
        self &+= SIMD8(a, b, c, d, e, f, g, h)
    }
}

extension UInt32 {
    /// The three rotations of section 4.1.2, exclusively or'ed.
    @inline(__always)
    fileprivate func bigSigma(_ first: UInt32, _ second: UInt32, _ third: UInt32) -> UInt32 {
        rotated(by: first) ^ rotated(by: second) ^ rotated(by: third)
    }

    /// Two rotations and a shift.
    @inline(__always)
    fileprivate func smallSigma(_ first: UInt32, _ second: UInt32, _ shift: UInt32) -> UInt32 {
        rotated(by: first) ^ rotated(by: second) ^ (self &>> shift)
    }

    @inline(__always)
    private func rotated(by bits: UInt32) -> UInt32 {
        self &>> bits | self &<< (32 &- bits)
    }
}

/// The constants of section 4.2.2.
private let roundConstants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
]
