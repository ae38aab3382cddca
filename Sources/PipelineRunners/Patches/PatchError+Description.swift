extension PatchError: CustomStringConvertible {
    /// Where and what, and what to do; whether anything was changed.
    public var description: String {
        var place: [String] = []
        if let path { place.append(path.debugDescription) }
        if let hunk { place.append("hunk \(hunk)") }
        if let line { place.append("line \(line) of the patch") }
        let text = place.isEmpty ? explanation : "\(place.joined(separator: ", ")): \(explanation)"
        if case .stuck = reason { return text }
        return text + " Nothing was changed."
    }

    private var explanation: String {
        switch reason {
        case .empty: "There is no file in the patch: give a unified diff."
        case .tooLarge(let limit): "The patch has more than \(limit) bytes: split it."
        case .tooManyFiles(let limit): "The patch has more than \(limit) files: split it."
        case .unexpected(let text):
            "\(text) is no part of a unified diff here: begin each file with its --- and +++ lines and give "
                + "nothing but the diff."
        case .truncated: "The patch ends where more must follow: give it whole."
        case .hunkHeader(let text): "\(text) is no header of a hunk: write \"@@ -12,3 +12,4 @@\"."
        case .count(let text):
            "The hunk does not have as many lines as its header \(text) counts: count its lines again, and "
                + "begin each with a space, \"-\" or \"+\"."
        case .noChange: "The hunk changes nothing: leave it out."
        case .overlap: "The hunk begins before the end of the one before it: order the hunks, and join these."
        case .endMarker:
            "\"\\ No newline at end of file\" may follow the last old and the last new line alone: move it."
        case .name(let text): "\(text) is no name of a file: write a path of UTF-8, in quotes if need be."
        case .names:
            "The lines that name the file do not agree: name one file as a/… and b/…, and /dev/null for "
                + "what is not there before or after."
        case .side:
            "A new file has no old lines, and a deleted one no new ones: correct its names or the hunk."
        case .repeated: "The path occurs twice: give all hunks of a file together."
        case .unsupported(let kind): kind.explanation
        case .mismatch, .ambiguous, .noContext, .tooManyMoved, .notLast, .leftover: misfit
        case .tooMuch(let limit): "The files have more than \(limit) bytes in all: change fewer at once."
        case .unlisted: "The patch touches this path and the call does not list it: add it to the paths."
        case .workspace(let reason): "\(WorkspaceError(path: path ?? "", reason: reason))"
        case .stuck(let paths, let cause):
            "The patch failed midway (\(WorkspaceError(path: path ?? "", reason: cause))) and was taken "
                + "back, except in \(paths.map(\.debugDescription).joined(separator: ", ")): see to them."
        }
    }

    /// What the patch and the file disagree about.
    private var misfit: String {
        switch reason {
        case .mismatch(let expected, let found?, let line):
            "The file has \(found) in line \(line) where the patch expects \(expected), and the hunk fits "
                + "nowhere else: read the file and make the patch anew."
        case .mismatch(let expected, nil, let line):
            "The file ends before line \(line), where the patch expects \(expected), and the hunk fits "
                + "nowhere else: read the file and make the patch anew."
        case .ambiguous(let lines):
            "The hunk is not at its line and fits at several others, from lines "
                + "\(lines.map(String.init).joined(separator: ", ")) on: correct the line, or give more lines."
        case .noContext: "The hunk has no line of the file to find its place by: give the lines around it."
        case .tooManyMoved(let limit): "More than \(limit) hunks are not at their lines: make the patch anew."
        case .notLast:
            "A line without a line feed would not be the last of the file: leave the marker out or give "
                + "the rest."
        case .leftover: "The file holds more than the patch removes: read it and make the patch anew."
        default: ""
        }
    }
}

extension PatchError.Kind {
    fileprivate var explanation: String {
        switch self {
        case .binary: "Binary files cannot be patched: write the file whole."
        case .copy: "Copies are not supported: write the new file whole."
        case .link: "Symbolic links cannot be patched: change the real file."
        case .submodule: "Submodules cannot be patched: change the files in them."
        }
    }
}
