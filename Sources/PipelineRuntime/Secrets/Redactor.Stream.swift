extension Redactor {
    /// Redacts a text that comes in pieces: what is given out, put together, is the whole text redacted.
    ///
    /// Held back is only an end that may be the beginning of something to redact; it is never longer than the longest
    /// spelling of a secret.
    public struct Stream: Sendable {
        private let automaton: Automaton
        private var state = 0
        /// How many bytes came in.
        private var end = 0
        /// The last of them, which are not given out yet.
        private var held = Tape<UInt8>()
        /// What is to be replaced in what is not given out yet, in order.
        private var regions = Tape<Region>()
        /// Where the last region that was given out ends: what comes before goes with it.
        private var covered = 0
        /// Where a declared text began that goes on for as long as its characters come.
        private var open: Int?
        private var tries = 0

        /// States tried and elements moved: what the work grows with.
        var steps: Int { tries + held.moves + regions.moves }

        init(_ automaton: Automaton) { self.automaton = automaton }

        /// The same place in the same text, with whatever this automaton finds; it must find all that the other one does.
        ///
        /// What is held back is looked through again; what was given out is not.
        init(_ automaton: Automaton, after other: Stream) {
            self.init(automaton)
            let start = other.end - other.held.count
            end = start
            covered = other.covered
            open = other.open.flatMap { place in place < start ? place : nil }
            for byte in other.held.rest { take(byte) }
        }

        /// Takes the next piece, and gives out all that is certain by now.
        public mutating func redacted(_ piece: String) -> String {
            guard !automaton.isEmpty else { return piece }
            for byte in piece.utf8 { take(byte) }
            return giveOut(until: end - automaton.depth(of: state))
        }

        /// Gives out the rest. What comes after it is another text.
        public mutating func finish() -> String {
            let rest = giveOut(until: end)
            self = Stream(automaton)
            return rest
        }

        private mutating func take(_ byte: UInt8) {
            state = automaton.next(state, byte, tries: &tries)
            held.append(byte)
            end += 1
            if let start = open {
                if byte.continuesDeclaredText {
                    cover(Region(start: start, end: end, label: Redaction.label, isSecret: false))
                } else {
                    open = nil
                }
            }
            if let match = automaton.secret(at: state) {
                cover(Region(start: end - match.length, end: end, label: match.label, isSecret: true))
            }
            // One that is open already reaches into this one, and they become one region.
            if let match = automaton.beginning(at: state) { open = end - match.length }
        }

        /// Notes what is to be replaced, as one with everything that it overlaps.
        ///
        /// Regions come in the order of their ends.
        private mutating func cover(_ region: Region) {
            var merged = region
            while let last = regions.last, last.end > merged.start {
                tries += 1
                regions.removeLast()
                merged = last.merged(with: merged)
            }
            if merged.start < covered { covered = merged.end } else { regions.append(merged) }
        }

        /// Gives out what comes before a place, after which nothing will begin that has not begun.
        private mutating func giveOut(until place: Int) -> String {
            var bytes: [UInt8] = []
            while let region = regions.first, region.start < place {
                give(until: region.start, into: &bytes)
                bytes += region.label.utf8
                covered = region.end
                regions.removeFirst()
            }
            give(until: place, into: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }

        /// Moves held bytes out, without those that are covered.
        private mutating func give(until place: Int, into bytes: inout [UInt8]) {
            var position = end - held.count
            while position < place, let byte = held.first {
                if position >= covered { bytes.append(byte) }
                held.removeFirst()
                position += 1
            }
        }
    }
}

extension Redactor.Stream: CustomStringConvertible, CustomReflectable {
    /// Nothing of what it holds back.
    public var description: String { "redacting stream" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Redactor.Stream {
    /// A part of the text that a label takes the place of.
    private struct Region: Sendable {
        let start: Int
        let end: Int
        let label: String
        let isSecret: Bool

        /// One region of two that overlap: the name is that of the one that starts first, then of a secret, then of
        /// the longer.
        func merged(with later: Region) -> Region {
            let isFirst = start < later.start || start == later.start && isSecret && !later.isSecret
            return Region(
                start: min(start, later.start), end: max(end, later.end),
                label: isFirst ? label : later.label, isSecret: isFirst ? isSecret : later.isSecret)
        }
    }
}

extension UInt8 {
    /// Whether a declared text goes on with it.
    fileprivate var continuesDeclaredText: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "/"),
            UInt8(ascii: "="), UInt8(ascii: "."), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
