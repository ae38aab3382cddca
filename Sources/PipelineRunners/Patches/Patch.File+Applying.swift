extension Patch.File {
    /// What became of a file's contents.
    struct Applied {
        var bytes: [UInt8] = []
        /// By how many lines each hunk was moved from where it says it is.
        var offsets: [Int] = []
    }

    /// Applies all hunks to the contents.
    ///
    /// A hunk is taken where it says it is, moved as far as the one before it; otherwise at the only place
    /// after that one where the file has its lines, byte for byte.
    ///
    /// - Parameter moves: how many more hunks may be looked for.
    func applied(to bytes: [UInt8], moves: inout Int) throws(PatchError) -> Applied {
        var result = Applied()
        var floor = Place(line: 0, start: 0)
        var offset = 0
        for hunk in hunks {
            let old = hunk.old
            guard !old.isEmpty || bytes.isEmpty && hunk.linesBefore == 0 else {
                throw failure(.noContext, hunk)
            }
            let expected = hunk.linesBefore + offset
            var place = floor.advanced(to: expected, in: bytes)
            if place.line != expected || !bytes.hold(old, at: place.start) {
                moves -= 1
                guard moves >= 0 else { throw failure(.tooManyMoved(limit: Patch.Limit.moved), hunk) }
                place = try locate(hunk, old, in: bytes, from: floor, expected: place)
            }
            offset = place.line - hunk.linesBefore
            result.offsets.append(offset)
            let (new, end) = (hunk.new, place.start + old.count)
            if let last = new.last, last != UInt8(ascii: "\n"), end < bytes.count {
                throw failure(.notLast, hunk)
            }
            result.bytes += bytes[floor.start..<place.start]
            result.bytes += new
            floor = Place(line: place.line + hunk.oldCount, start: end)
        }
        result.bytes += bytes[floor.start...]
        return result
    }

    /// Where else the file has the lines of a hunk, if there is one such place.
    private func locate(
        _ hunk: Patch.Hunk, _ old: [UInt8], in bytes: [UInt8], from floor: Place, expected: Place
    ) throws(PatchError) -> Place {
        var starts: [Int] = []
        Workspace.BytePattern(old)?.forEachStart(in: bytes) { start in
            let beginsLine = start == 0 || bytes[start - 1] == UInt8(ascii: "\n")
            if start >= floor.start, beginsLine, bytes.hold(old, at: start) { starts.append(start) }
            return starts.count < 4
        }
        guard let start = starts.first else { throw mismatch(hunk, in: bytes, at: expected) }
        let lines = starts.map { start in
            floor.line + bytes[floor.start..<start].count { byte in byte == UInt8(ascii: "\n") }
        }
        guard starts.count == 1, let line = lines.first else {
            throw failure(.ambiguous(fileLines: lines.map { line in line + 1 }), hunk)
        }
        return Place(line: line, start: start)
    }

    /// The first line of the hunk that the file does not have there.
    private func mismatch(_ hunk: Patch.Hunk, in bytes: [UInt8], at place: Place) -> PatchError {
        var place = place
        for line in hunk.lines where line.kind != .added {
            let next = place.advanced(to: place.line + 1, in: bytes)
            let found = bytes[place.start..<next.start]
            if !found.elementsEqual(line.text) {
                let reason = PatchError.Reason.mismatch(
                    expected: PatchError.excerpt(line.text),
                    found: found.isEmpty ? nil : PatchError.excerpt(found), fileLine: place.line + 1)
                return PatchError(reason, path: path, hunk: hunk.number, line: line.number)
            }
            place = next
        }
        return failure(.notLast, hunk)
    }

    private func failure(_ reason: PatchError.Reason, _ hunk: Patch.Hunk) -> PatchError {
        PatchError(reason, path: path, hunk: hunk.number, line: hunk.line)
    }
}

/// The beginning of a line, or the end of the file.
private struct Place {
    /// From 0.
    var line: Int
    /// The byte it begins at.
    var start: Int

    /// The beginning of a later line, or the end where there are not so many.
    func advanced(to target: Int, in bytes: [UInt8]) -> Place {
        var place = self
        while place.line < target, place.start < bytes.count {
            let end = bytes[place.start...].firstIndex(of: UInt8(ascii: "\n"))
            place.start = end.map { end in end + 1 } ?? bytes.count
            place.line += 1
        }
        return place
    }
}

extension [UInt8] {
    /// Whether these are the bytes from here on, whole lines all of them.
    fileprivate func hold(_ text: [UInt8], at start: Int) -> Bool {
        let end = start + text.count
        guard end <= count, self[start..<end].elementsEqual(text) else { return false }
        return text.last == UInt8(ascii: "\n") || end == count
    }
}
