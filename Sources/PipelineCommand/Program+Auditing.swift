import PipelineCore
import PipelineRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Program {
    static func audit(_ words: [String]) throws(CommandError) -> ExitCode {
        let arguments = try ArgumentList(words, of: .audit, switches: ["--json"], options: ["--conversation"])
        let path = try arguments.operand("JOURNAL", of: .audit)
        let contents = try FileJournalContents(reading: path)
        let named = try arguments.conversation.map { id throws(CommandError) in
            try contents.conversation(id, in: path)
        }
        for id in contents.conversations where named == nil || id == named {
            guard let base = contents.history(of: id).base else { continue }
            Console.error(
                "Earlier history is no longer kept: what is said of \(id) begins after record \(base.sequence)."
                    .printable)
        }
        for entry in Audit(of: contents).entries where named == nil || entry.conversation == named {
            Console.out(arguments.has("--json") ? "\(entry.json.escaped)\n" : "\(entry.line)\n")
        }
        return .completed
    }
}

extension JSON {
    /// The canonical text with what a terminal might obey as `\u` escapes: it is the same JSON.
    fileprivate var escaped: String {
        var text = ""
        for scalar in description.unicodeScalars {
            switch scalar.value {
            case 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension Run.Milliseconds {
    /// As `2026-11-26T12:00:00.000Z`.
    var asInstant: String {
        let milliseconds = ((self % 1_000) + 1_000) % 1_000
        var seconds = time_t((self - milliseconds) / 1_000)
        var parts = tm()
        guard gmtime_r(&seconds, &parts) != nil else { return "\(self)" }
        func digits(_ number: CInt, _ count: Int) -> String {
            let text = "\(number)"
            return String(repeating: "0", count: Swift.max(0, count - text.utf8.count)) + text
        }
        let date = [digits(parts.tm_year + 1_900, 4), digits(parts.tm_mon + 1, 2), digits(parts.tm_mday, 2)]
        let time = [digits(parts.tm_hour, 2), digits(parts.tm_min, 2), digits(parts.tm_sec, 2)]
        return date.joined(separator: "-") + "T" + time.joined(separator: ":")
            + ".\(digits(CInt(milliseconds), 3))Z"
    }
}
