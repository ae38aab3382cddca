import Testing

/// How the program ended, and all it wrote.
struct Outcome: Sendable, CustomTestStringConvertible {
    enum Ending: Hashable, Sendable {
        case exited(CInt)
        case signaled(CInt)
    }

    let ending: Ending
    let output: [String]
    let errors: [String]

    /// What it said on standard error, as one text.
    var message: String { errors.joined(separator: "\n") }

    /// A line of standard output, counted from 0; empty where there is none.
    func line(_ index: Int) -> String { output.indices.contains(index) ? output[index] : "" }

    /// Whether it exited with this code.
    func exited(_ code: CInt) -> Bool { ending == .exited(code) }

    /// Whether standard error has each of these words.
    func says(_ words: String...) -> Bool { words.allSatisfy { word in message.contains(word) } }

    var testDescription: String {
        "\(ending), output: \(output.suffix(6)), errors: \(errors)"
    }
}

/// What keeps a test from doing its work.
struct HarnessError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// Throws unless the call gave 0; what it gave is an errno value.
    static func check(_ call: String, _ code: CInt) throws {
        guard code == 0 else { throw HarnessError("\(call) failed with error \(code).") }
    }
}
