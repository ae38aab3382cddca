extension Policy {
    /// What a word of a command might name: programs read paths out of their arguments in many ways.
    ///
    /// `--output=/etc/x`, `-o/etc/x`, `@file`, `-v/etc:/mnt`, `type=bind,src=/etc`, `cat /etc/x`: the word
    /// itself and each part between `=`, `:`, `,`, `;`, `@`, white space, quotes and brackets counts as a
    /// path, and of a part that begins with `-` also what follows its first letter and what begins at its
    /// first `/`, `.` or `~`.
    struct WordParts: Sendable {
        private(set) var paths: [String] = []
        private(set) var addresses: [String] = []
        /// The name before the first `=`, where it could be a variable's.
        let variable: String?

        init(of word: String) {
            variable = WordParts.variable(in: word)
            guard !word.isEmpty else { return }
            // A URL is a path as well: there may be a folder named "https:".
            add(word)
            if Address.isLikely(word) { addresses.append(word) }
            guard Address(word) == nil else { return }
            for part in WordParts.split(word, at: "=") {
                if Address(part) != nil {
                    addresses.append(part)
                    add(part)
                } else {
                    takeApart(part, of: word)
                }
            }
        }

        private mutating func takeApart(_ text: String, of word: String) {
            if text.utf8.count < word.utf8.count { add(text) }
            for part in WordParts.split(text, at: "=:,;@ \t\n\r'\"`()[]{}<>|&$") {
                if part.utf8.count < text.utf8.count { add(part) }
            }
        }

        private mutating func add(_ text: String) {
            paths.append(text)
            let bytes = text.utf8
            guard bytes.first == UInt8(ascii: "-") else { return }
            let attached = bytes.dropFirst(2)
            if bytes.dropFirst().first != UInt8(ascii: "-"), !attached.isEmpty {
                paths.append(String(decoding: attached, as: UTF8.self))
            }
            let place = bytes.firstIndex { byte in "/.~".utf8.contains(byte) }
            if let place, !bytes.contains(UInt8(ascii: "=")) {
                paths.append(String(decoding: bytes[place...], as: UTF8.self))
            }
        }

        private static func split(_ text: String, at separators: String) -> [String] {
            text.utf8.split { byte in separators.utf8.contains(byte) }.map { part in String(Substring(part)) }
        }

        private static func variable(in word: String) -> String? {
            let name = word.utf8.prefix { byte in byte != UInt8(ascii: "=") }
            guard name.count < word.utf8.count, let first = name.first,
                first.isLetter || first == UInt8(ascii: "_"),
                name.allSatisfy({ byte in byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_") })
            else { return nil }
            return String(Substring(name))
        }
    }
}
