import PipelineCore
import PipelineTesting

extension JSON {
    /// A value of any kind, nested at most `depth` deep.
    static func random(depth: Int = 4, using generator: inout SeededGenerator) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 7), using: &generator) {
        case 0: .null
        case 1: .bool(.random(using: &generator))
        case 2: .integer(.random(in: .min ... .max, using: &generator))
        case 3: .integer(.random(in: -1000...1000, using: &generator))
        case 4: JSON(Double(bitPattern: generator.next())) ?? .null
        case 5, 6: .string(.random(using: &generator))
        case 7:
            .array(
                (0..<Int.random(in: 0...5, using: &generator)).map { _ in
                    random(depth: depth - 1, using: &generator)
                })
        default:
            .object(.random(depth: depth - 1, using: &generator))
        }
    }
}

extension JSON.Object {
    static func random(depth: Int, using generator: inout SeededGenerator) -> JSON.Object {
        var object = JSON.Object()
        for _ in 0..<Int.random(in: 0...5, using: &generator) {
            object[.random(using: &generator)] = .random(depth: depth, using: &generator)
        }
        return object
    }
}

extension String {
    /// Up to 20 scalars, picked so that every length of UTF-8 and every kind of escape comes up.
    static func random(using generator: inout SeededGenerator) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...20, using: &generator) {
            let ranges: [ClosedRange<UInt32>] = [
                0x00...0x1F, 0x20...0x7F, 0x20...0x7F, 0x22...0x22, 0x5C...0x5C, 0x80...0x7FF, 0x300...0x301,
                0x800...0xD7FF, 0xE000...0xFFFF, 0x10000...0x10FFFF,
            ]
            let range = ranges[Int.random(in: ranges.indices, using: &generator)]
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &generator)) {
                text.append(scalar)
            }
        }
        return String(text)
    }
}
