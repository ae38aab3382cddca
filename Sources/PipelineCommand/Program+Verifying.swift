import PipelineCore
import PipelineRuntime

extension Program {
    /// Folds every conversation again, and says where that gives something else than was recorded.
    static func verify(_ words: [String]) throws(CommandError) -> ExitCode {
        let arguments = try ArgumentList(words, of: .verify, options: ["--conversation"])
        let path = try arguments.operand("JOURNAL", of: .verify).withoutEndingSlashes
        let contents = try FileJournalContents(reading: path)
        let named = try arguments.conversation.map { id throws(CommandError) in
            try contents.conversation(id, in: path)
        }
        if contents.tornBytes > 0 {
            Console.error(
                "The last record is cut off (\(contents.tornBytes) bytes); it was never acknowledged.")
        }
        var isSound = true
        for id in contents.conversations where named == nil || id == named {
            let verification = JournalVerification(of: contents.history(of: id))
            for line in verification.lines { Console.out("\(line)\n".printable) }
            if !verification.isSound { isSound = false }
        }
        return isSound ? .completed : .failed
    }

    /// Says where two journals part.
    static func diff(_ words: [String]) throws(CommandError) -> ExitCode {
        let arguments = try ArgumentList(words, of: .diff, options: ["--conversation"])
        let paths = try arguments.operands("A", "B", of: .diff)
        let (a, b) = (paths.0.withoutEndingSlashes, paths.1.withoutEndingSlashes)
        let (first, second) = (try FileJournalContents(reading: a), try FileJournalContents(reading: b))
        let id = try first.conversation(arguments.conversation, in: a)
        // Where none is named, that of the same name, or the first.
        let isInBoth = arguments.conversation != nil || second.conversations.contains(id)
        let other = try second.conversation(isInBoth ? id : nil, in: b)
        let comparison: JournalComparison
        do throws(JournalError) {
            comparison = try JournalComparison(first.history(of: id), second.history(of: other))
        } catch {
            throw CommandError(error)
        }
        for line in comparison.lines(a, b) { Console.out("\(line)\n".printable) }
        return comparison.isSame ? .completed : .failed
    }
}

extension JournalVerification {
    /// One line where all is well; else what is not, line by line.
    fileprivate var lines: [String] {
        var parts = ["\(records) records", snapshots == 1 ? "1 snapshot" : "\(snapshots) snapshots"]
        if let base { parts.append("earlier history is no longer kept, up to record \(base)") }
        if undigested > 0 { parts.append("the last \(undigested) have no digest") }
        let what = "\(conversation): \(parts.joined(separator: ", "))"
        guard !isSound else { return ["sound    \(what)"] }
        return ["diverges \(what)"] + findings.flatMap { finding in finding.lines }
    }
}

extension JournalVerification.Finding {
    fileprivate var lines: [String] {
        switch self {
        case .record(let divergence, let since):
            let record = divergence.record
            var lines = [
                "record \(record.sequence) (\(record.signal.kind.word)) is not what it was, or decides something else now:",
                "  recorded    \(divergence.recorded)", "  recomputed  \(divergence.recomputed)",
            ]
            if since < record.sequence, divergence.isOfDigestAlone {
                lines.append("  its digest stands for records \(since) to \(record.sequence): one of these")
            }
            return lines
        case .snapshot(let finding):
            var lines = ["the snapshot after record \(finding.sequence) is not the state that was folded:"]
            if let problem = finding.problem { lines.append("  it cannot be used: \(problem)") }
            return lines + (finding.state + finding.rest).lines
        }
    }
}

extension JournalDivergence {
    /// The same signal would be decided in the same way.
    fileprivate var isOfDigestAlone: Bool { disposition == record.disposition && deeds == record.deeds }

    var recorded: String {
        JournalDivergence.words(record.disposition, record.deeds, record.digest)
    }

    var recomputed: String { JournalDivergence.words(disposition, deeds, digest) }

    private static func words(
        _ disposition: Run.Disposition, _ deeds: [String], _ digest: JournalDigest?
    ) -> String {
        let parts = [disposition.line] + deeds + (digest.map { digest in ["digest \(digest)"] } ?? [])
        return parts.joined(separator: "; ")
    }
}

extension JournalComparison {
    fileprivate func lines(_ a: String, _ b: String) -> [String] {
        let from = start > 1 ? ["begins   with record \(start): one of them keeps no earlier ones"] : []
        guard let first else {
            return from
                + (isSame ? ["same     all records, and the states at their end"] : ["end"] + end.lines)
        }
        var lines = from
        switch (one, other) {
        case (let one?, let other?):
            let words = "\(one.signal.kind.word) and \(other.signal.kind.word)"
            lines.append("differs  record \(first): \(words)")
        case (let one?, nil):
            lines.append("differs  record \(first): \(one.signal.kind.word) in \(a), and \(b) has ended")
        case (nil, let other?):
            lines.append("differs  record \(first): \(other.signal.kind.word) in \(b), and \(a) has ended")
        case (nil, nil): lines.append("differs  the states after record \(first)")
        }
        if one != nil, other != nil { lines += record.lines }
        lines.append("state    after it, \(state.isEmpty ? "the same" : "\(state.count) fields differ:")")
        lines += state.lines
        lines.append("end      of both, \(end.isEmpty ? "the same" : "\(end.count) fields differ:")")
        return lines + end.lines
    }
}

extension [JSON.Difference] {
    /// One line for each, values cut to what fits.
    var lines: [String] {
        map { difference in
            let place = difference.pointer.isEmpty ? "the whole" : difference.pointer
            return "  \(place): \(difference.first.excerpt) → \(difference.second.excerpt)"
        }
    }
}

extension JSON? {
    fileprivate var excerpt: String {
        guard let self else { return "nothing" }
        let text = self.description
        return text.count <= 80 ? text : "\(text.prefix(80))…"
    }
}
