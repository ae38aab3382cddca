import PipelineCore
import PipelineTesting
import Testing

@testable import PipelineRuntime

/// A text that comes in pieces is redacted as the whole is.
struct RedactorStreamTests {
    private func redactor(_ values: [String], _ texts: [String] = []) throws -> Redactor {
        Redactor(
            secrets: values.enumerated().map { place, value in Secret(name: "N\(place)", value: value) },
            redaction: try Redaction(texts: texts))
    }

    @Test(arguments: ["-xxyyzzyx-yy", "sk-12 xx sk-", "xyyzz\u{E9}xxyyz", "aaaxxxxxxsk-x"])
    func `however a text is split, what is given out is the same`(text: String) throws {
        let redactor = try redactor(["xxyy", "yyzz", "yx", "xx"], ["sk-*", "aa*"])
        let whole = redactor.redacted(text)
        let characters = Array(text)
        for cuts in 0..<(1 << (characters.count - 1)) {
            var stream = redactor.stream()
            var given = ""
            var piece = ""
            for (place, character) in characters.enumerated() {
                piece.append(character)
                guard cuts >> place & 1 == 1 else { continue }
                given += stream.redacted(piece)
                piece = ""
            }
            given += stream.redacted(piece) + stream.finish()
            #expect(Key(given) == Key(whole), "cut at \(String(cuts, radix: 2))")
        }
    }

    @Test(arguments: 1...300)
    func `texts of any kind are redacted as a search for each value says`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let letters = ["x", "y", "z", "é", "-", "eHk", "%"]
        func text(_ length: ClosedRange<Int>) -> String {
            (0..<Int.random(in: length, using: &random)).map { _ in
                letters.randomElement(using: &random) ?? ""
            }
            .joined()
        }
        let values = (0..<Int.random(in: 1...5, using: &random)).map { _ in text(0...6) }
        let texts = (0..<Int.random(in: 0...2, using: &random)).map { _ in text(1...2) + "*" }
        let secrets = values.enumerated().map { place, value in Secret(name: "N\(place)", value: value) }
        let redactor = try redactor(values, texts)
        let (plain, model) = (text(0...60), PlainRedactor(secrets: secrets, texts: texts))
        let expected = model.redacted(plain)
        #expect(Key(redactor.redacted(plain)) == Key(expected), "\(plain) \(values) \(texts)")

        var stream = redactor.stream()
        var pieces: [String] = []
        var rest = Substring(plain)
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 0...4, using: &random))
            rest = rest.dropFirst(piece.count)
            pieces.append(stream.redacted(String(piece)))
        }
        pieces.append(stream.finish())
        #expect(Key(pieces.joined()) == Key(expected), "\(plain) \(values) \(texts)")
        for piece in pieces + [expected] { #expect(!model.finds(in: piece), "\(piece)") }
    }

    @Test func `what is clean is given out at once, and no more is held back than may be a secret`() throws {
        var stream = try redactor(["hush-hush"], ["ghp_*"]).stream()
        #expect(stream.redacted("Hello, ") == "Hello, ")
        #expect(stream.redacted("so hush") == "so ")
        #expect(stream.redacted("!") == "hush!")
        #expect(stream.redacted("hush-hu") == "")
        #expect(stream.redacted("sh-hush-hush.") == "[secret N0].")
        #expect(stream.redacted("ghp_") == "")
        #expect(stream.redacted("1") == "[redacted]")
        #expect(stream.redacted("23") == "" && stream.redacted(" gh") == " ")
        #expect(stream.finish() == "gh")
    }

    @Test func `after its end a stream begins another text`() throws {
        var stream = try redactor(["hush"]).stream()
        #expect(stream.redacted("hu") == "" && stream.finish() == "hu")
        #expect(stream.redacted("sh") + stream.finish() == "sh")
    }

    @Test func `a text made to be slow takes steps in proportion to its length`() throws {
        let hard = try redactor(
            [
                String(repeating: "x", count: 400) + "y", "xxxx", "x",
                String(repeating: "xz", count: 200) + "y",
            ],
            ["x*", "yx*"])
        for unit in ["x", "xz", String(repeating: "x", count: 399) + "z", "yx"] {
            let few = steps(of: hard, unit, times: 2_000 / unit.utf8.count)
            let many = steps(of: hard, unit, times: 32_000 / unit.utf8.count)
            #expect(many < 20 * few, "\(unit.prefix(4)): \(few), \(many)")
            #expect(many < 10 * 32_000, "\(unit.prefix(4)): \(many)")
        }
    }

    /// How many steps a text takes that comes a byte at a time.
    private func steps(of redactor: Redactor, _ unit: String, times: Int) -> Int {
        var stream = redactor.stream()
        for _ in 0..<times {
            for character in unit { _ = stream.redacted(String(character)) }
        }
        return stream.steps
    }
}

/// Searches for each spelling at each place.
private struct PlainRedactor {
    let secrets: [Secret]
    let texts: [String]

    private struct Occurrence {
        var range: Range<Int>
        let label: String
    }

    func redacted(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var output: [UInt8] = []
        var place = 0
        for region in merged(occurrences(in: bytes)) {
            output += bytes[place..<region.range.lowerBound] + Array(region.label.utf8)
            place = region.range.upperBound
        }
        return String(decoding: output + bytes[place...], as: UTF8.self)
    }

    func finds(in text: String) -> Bool { !occurrences(in: Array(text.utf8)).isEmpty }

    /// The names of secrets first, since they win where two begin together.
    private func occurrences(in bytes: [UInt8]) -> [Occurrence] {
        var found: [Occurrence] = []
        for secret in secrets {
            for spelling in secret.spellings {
                found += places(of: spelling, in: bytes).map { place in
                    Occurrence(range: place..<place + spelling.count, label: "[secret \(secret.name)]")
                }
            }
        }
        let going = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+/=.-".utf8)
        for text in texts {
            let beginning = Array(text.utf8.dropLast())
            for place in places(of: beginning, in: bytes) {
                let rest = bytes[(place + beginning.count)...].prefix { byte in going.contains(byte) }
                guard !rest.isEmpty else { continue }
                found.append(Occurrence(range: place..<rest.endIndex, label: "[redacted]"))
            }
        }
        return found
    }

    private func places(of part: [UInt8], in bytes: [UInt8]) -> [Int] {
        guard part.count <= bytes.count else { return [] }
        return (0...(bytes.count - part.count)).filter { place in bytes[place...].starts(with: part) }
    }

    private func merged(_ occurrences: [Occurrence]) -> [Occurrence] {
        func rank(_ place: Int) -> (Int, Int, Int, Int) {
            let one = occurrences[place]
            return (
                one.range.lowerBound, one.label == "[redacted]" ? 1 : 0, -one.range.upperBound, place
            )
        }
        var regions: [Occurrence] = []
        for place in occurrences.indices.sorted(by: { a, b in rank(a) < rank(b) }) {
            let next = occurrences[place]
            if let last = regions.last, next.range.lowerBound < last.range.upperBound {
                let end = max(last.range.upperBound, next.range.upperBound)
                regions[regions.count - 1].range = last.range.lowerBound..<end
            } else {
                regions.append(next)
            }
        }
        return regions
    }
}
