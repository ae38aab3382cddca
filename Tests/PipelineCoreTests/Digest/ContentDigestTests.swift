import PipelineCore
import Testing

struct ContentDigestTests {
    @Test func `a digest is read from its text`() {
        let digest = ContentDigest(hashing: [1, 2, 3])
        #expect(digest.description.utf8.count == 64)
        #expect(ContentDigest(hex: digest.description) == digest)
        #expect(ContentDigest(hex: digest.description.uppercased()) == digest)
        #expect(digest.bytes == [UInt8](digest.bytes) && digest.bytes.count == 32)
    }

    @Test func `leading zeros stay`() {
        let hex = "000000000000000a" + "0000000000000000" + "00ff000000000000" + "0000000000000001"
        let digest = ContentDigest(hex: hex)
        #expect(digest?.description == hex)
        #expect(digest?.bytes[7] == 10)
        #expect(digest?.bytes[31] == 1)
    }

    @Test(arguments: [
        "", "0", String(repeating: "0", count: 63), String(repeating: "0", count: 65),
        String(repeating: "0", count: 63) + "g", String(repeating: "0", count: 62) + "é",
        "0x" + String(repeating: "0", count: 62),
        " " + String(repeating: "0", count: 63),
    ])
    func `anything but 64 hexadecimal digits is no digest`(text: String) {
        #expect(ContentDigest(hex: text) == nil)
    }

    @Test func `digests are stored in 32 bytes`() {
        #expect(MemoryLayout<ContentDigest>.size == 32)
    }
}
