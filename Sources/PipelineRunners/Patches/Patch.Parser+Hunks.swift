extension Patch.Parser {
    /// All hunks of one file.
    mutating func hunks(_ path: String) throws(PatchError) -> [Patch.Hunk] {
        var hunks: [Patch.Hunk] = []
        var end = 0
        while isAt("@@ ") {
            let hunk = try hunk(hunks.count + 1, path)
            guard hunk.linesBefore >= end else {
                throw PatchError(.overlap, path: path, hunk: hunk.number, line: hunk.line)
            }
            end = hunk.linesBefore + hunk.oldCount
            hunks.append(hunk)
        }
        return hunks
    }

    private mutating func hunk(_ number: Int, _ path: String) throws(PatchError) -> Patch.Hunk {
        let start = self.number
        func failure(_ reason: PatchError.Reason, at line: Int) -> PatchError {
            PatchError(reason, path: path, hunk: number, line: line)
        }
        guard let line, let header = Counts(line) else {
            throw failure(.hunkHeader(PatchError.excerpt(line ?? [])), at: start)
        }
        skip()
        var hunk = Patch.Hunk(number: number, line: start, linesBefore: header.linesBefore)
        var (old, new) = (header.old, header.new)
        while old > 0 || new > 0 {
            guard let line = self.line else { throw failure(.truncated, at: self.number - 1) }
            if isAt("\\ ") {
                guard mark(&hunk) else { throw failure(.endMarker, at: self.number) }
                continue
            }
            // An empty line is what some programs make of a space alone.
            guard let kind = Patch.Line.Kind(line.first ?? UInt8(ascii: " ")) else {
                throw failure(.count(header.text), at: self.number)
            }
            if kind != .added { old -= 1 }
            if kind != .removed { new -= 1 }
            guard old >= 0, new >= 0 else { throw failure(.count(header.text), at: self.number) }
            let text = Array(line.dropFirst()) + [UInt8(ascii: "\n")]
            hunk.lines.append(Patch.Line(kind: kind, text: text, number: self.number))
            skip()
        }
        if isAt("\\ "), !mark(&hunk) { throw failure(.endMarker, at: self.number) }
        guard !isAtOneMoreLine else { throw failure(.count(header.text), at: self.number) }
        guard hunk.lines.contains(where: { line in line.kind != .kept }) else {
            throw failure(.noChange, at: start)
        }
        if let line = hunk.misplacedEnd { throw failure(.endMarker, at: line) }
        return hunk
    }

    /// Whether a line follows that can only belong to the hunk.
    private var isAtOneMoreLine: Bool {
        guard let line, let first = line.first, Patch.Line.Kind(first) != nil else { return false }
        return !isAtNames && line.contains { byte in byte != 0x20 && byte != 0x0D }
    }

    /// Takes the line feed from the line before; false where there is none.
    private mutating func mark(_ hunk: inout Patch.Hunk) -> Bool {
        guard let last = hunk.lines.indices.last, hunk.lines[last].endsLine else { return false }
        hunk.lines[last].text.removeLast()
        skip()
        return true
    }
}

extension Patch.Parser {
    /// What stands between the `@@` of a hunk.
    private struct Counts {
        let linesBefore: Int
        let old: Int
        let new: Int
        let text: String

        init?(_ line: ArraySlice<UInt8>) {
            var rest = line.dropFirst(3)  // The at signs and the space.
            func take(_ text: String) -> Bool {
                guard rest.starts(with: text.utf8) else { return false }
                rest = rest.dropFirst(text.utf8.count)
                return true
            }
            func number() -> Int? {
                let digits = rest.prefix { byte in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
                guard (1...9).contains(digits.count) else { return nil }
                rest = rest.dropFirst(digits.count)
                return Int(String(decoding: digits, as: UTF8.self))
            }
            func range(_ sign: String) -> (start: Int, count: Int)? {
                guard take(sign), let start = number() else { return nil }
                guard take(",") else { return start > 0 ? (start, 1) : nil }
                guard let count = number(), start > 0 || count == 0 else { return nil }
                return (start, count)
            }
            guard let old = range("-"), take(" "), let new = range("+"), take(" @@"),
                rest.isEmpty || rest.first == 0x20 || rest.first == 0x0D
            else { return nil }
            // With no lines the start is the line before.
            linesBefore = old.count > 0 ? old.start - 1 : old.start
            (self.old, self.new) = (old.count, new.count)
            text = PatchError.excerpt(line[..<rest.startIndex])
        }
    }
}

extension Patch.Line.Kind {
    fileprivate init?(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: " "): self = .kept
        case UInt8(ascii: "-"): self = .removed
        case UInt8(ascii: "+"): self = .added
        default: return nil
        }
    }
}

extension Patch.Hunk {
    /// The line of the patch that has no line feed and yet is not the last of the old or the new side.
    fileprivate var misplacedEnd: Int? {
        for side in [Patch.Line.Kind.added, .removed] {
            let lines = lines.filter { line in line.kind != side }
            if let line = lines.dropLast().first(where: { line in !line.endsLine }) { return line.number }
        }
        return nil
    }
}
