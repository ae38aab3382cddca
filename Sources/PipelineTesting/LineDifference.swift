import PipelineCore

/// What was expected against what came, line by line.
struct LineDifference {
    /// A line as it is written, and the directive that it stands for where one was given.
    struct Line: Hashable, Sendable {
        let text: String
        let directive: Run.Directive?

        init(_ text: String) {
            self.text = text
            directive = nil
        }

        init(_ directive: Run.Directive) {
            text = directive.line
            self.directive = directive
        }

        /// Texts by their bytes; directives whole, where both sides have one.
        func matches(_ other: Line) -> Bool {
            guard text.utf8.elementsEqual(other.text.utf8) else { return false }
            guard let directive, let others = other.directive else { return true }
            return directive == others
        }

        /// With all that the short line leaves out.
        var whole: String { directive.map { directive in "\(text): \(directive)" } ?? text }
    }

    private enum Row {
        case same(Line)
        case missing(Line)
        case surplus(Line)
    }

    private let rows: [Row]
    private let isPartial: Bool
    /// Everything that was expected came, and nothing else unless that is allowed.
    let isEmpty: Bool

    /// - Parameter isPartial: more may come than is expected, before, between and after.
    init(expected: [Line], actual: [Line], isPartial: Bool) {
        self.isPartial = isPartial
        if isPartial {
            var rest = expected[...]
            for line in actual where rest.first?.matches(line) ?? false { rest.removeFirst() }
            isEmpty = rest.isEmpty
        } else {
            isEmpty = expected.elementsEqual(actual) { a, b in a.matches(b) }
        }
        rows = LineDifference.align(expected, actual)
    }

    /// The shortest way from one to the other.
    private static func align(_ expected: [Line], _ actual: [Line]) -> [Row] {
        var missing: Set<Int> = []
        var surplus: Set<Int> = []
        for change in actual.difference(from: expected, by: { a, b in a.matches(b) }) {
            switch change {
            case .remove(let offset, _, _): missing.insert(offset)
            case .insert(let offset, _, _): surplus.insert(offset)
            }
        }
        var rows: [Row] = []
        var next = 0
        for (index, line) in expected.enumerated() {
            if missing.contains(index) {
                rows.append(.missing(line))
                continue
            }
            while next < actual.count, surplus.contains(next) {
                rows.append(.surplus(actual[next]))
                next += 1
            }
            if next < actual.count { rows.append(.same(actual[next])) }
            next += 1
        }
        for line in actual.dropFirst(next) { rows.append(.surplus(line)) }
        return rows
    }

    /// One line each, with `-` before what did not come and `+` before what was not expected.
    var lines: [String] {
        let missing = rows.compactMap { row in if case .missing(let line) = row { line } else { nil } }
        let surplus = rows.compactMap { row in if case .surplus(let line) = row { line } else { nil } }
        // Two directives with one short line differ in what it leaves out.
        let alike = Set(missing.filter { line in line.directive != nil }.map(\.text))
            .intersection(surplus.map(\.text))
        return rows.map { row in
            switch row {
            case .same(let line): "    \(line.text)"
            case .missing(let line): "  - \(alike.contains(line.text) ? line.whole : line.text)"
            case .surplus(let line):
                "  \(isPartial ? " " : "+") \(alike.contains(line.text) ? line.whole : line.text)"
            }
        }
    }
}
