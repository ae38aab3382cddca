extension Patch {
    /// Reads a patch line by line.
    struct Parser {
        private let lines: [ArraySlice<UInt8>]
        /// The line that is read next, from 0.
        private(set) var index = 0

        init(_ text: [UInt8]) {
            var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            if lines.last?.isEmpty == true { lines.removeLast() }
            self.lines = lines
        }

        /// The number of the line that is read next, from 1.
        var number: Int { index + 1 }

        var line: ArraySlice<UInt8>? { lines.indices.contains(index) ? lines[index] : nil }

        mutating func skip() { index += 1 }

        /// Whether the next line begins with the text.
        func isAt(_ text: String) -> Bool { line?.starts(with: text.utf8) ?? false }

        /// Whether a file's own header follows, which a removed line that begins with `--` only resembles.
        var isAtNames: Bool {
            isAt("--- ") && lines.indices.contains(index + 1) && lines[index + 1].starts(with: "+++ ".utf8)
        }

        /// What follows the text in the next line, which is passed over; nil where it does not begin with it.
        mutating func rest(after text: String) -> ArraySlice<UInt8>? {
            guard isAt(text), let line else { return nil }
            skip()
            // A patch may come with CR LF; no name ends with a CR.
            let rest = line.dropFirst(text.utf8.count)
            return rest.last == UInt8(ascii: "\r") ? rest.dropLast() : rest
        }

        func unexpected() -> PatchError {
            guard let line else { return PatchError(.truncated, line: lines.count) }
            return PatchError(.unexpected(PatchError.excerpt(line)), line: number)
        }

        /// Everything in the patch.
        mutating func files() throws(PatchError) -> [File] {
            var files: [File] = []
            var seen: Set<[UInt8]> = []
            while true {
                while let line, line.allSatisfy({ byte in byte == 0x20 || byte == 0x0D }) { skip() }
                guard line != nil else { break }
                let start = number
                let file = try file()
                guard files.count < Limit.files else {
                    throw PatchError(.tooManyFiles(limit: Limit.files), line: start)
                }
                for path in file.paths where !seen.insert(Array(path.utf8)).inserted {
                    throw PatchError(.repeated, path: path, line: start)
                }
                files.append(file)
            }
            guard !files.isEmpty else { throw PatchError(.empty) }
            return files
        }

        private mutating func file() throws(PatchError) -> File {
            var header = Header(line: number)
            if let names = rest(after: "diff --git ") {
                header.git = Header.sharedName(names)
                header.isGit = true
                while try header.takeNote(of: &self) {}
            } else if isAt("diff ") {
                skip()  // The command line of a comparison of folders.
            }
            if isAt("Binary files ") { throw PatchError(.unsupported(.binary), line: number) }
            if isAt("--- ") || !header.isGit {
                try header.readNames(&self)
                guard isAt("@@ ") else { throw unexpected() }
            }
            let (path, action) = try header.resolved()
            let hunks = try hunks(path)
            try Header.check(hunks, action, path)
            return File(path: path, action: action, hunks: hunks, asksForMode: header.asksForMode)
        }
    }
}
