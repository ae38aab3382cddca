public import PipelineCore

extension Conversation.Story {
    /// Gathers what is expected, in order: texts of one line or several, directives, and both from loops and conditions.
    @resultBuilder
    public enum Lines {
        /// One or more expected lines.
        public struct Part: Hashable, Sendable {
            let lines: [LineDifference.Line]
        }

        /// Nothing is expected.
        public static func none() -> Part { Part(lines: []) }

        /// A text has as many lines as it shows; blank ones do not count.
        public static func buildExpression(_ text: String) -> Part {
            let lines = text.split(whereSeparator: { character in character.isNewline })
            return Part(
                lines: lines.filter { line in !line.allSatisfy { character in character.isWhitespace } }
                    .map { line in LineDifference.Line(String(line)) })
        }

        /// A directive must come as it is, contents and all.
        public static func buildExpression(_ directive: Run.Directive) -> Part {
            Part(lines: [LineDifference.Line(directive)])
        }

        public static func buildExpression(_ directives: [Run.Directive]) -> Part {
            Part(lines: directives.map { directive in LineDifference.Line(directive) })
        }

        public static func buildExpression(_ texts: [String]) -> Part {
            buildArray(texts.map { text in buildExpression(text) })
        }

        public static func buildBlock(_ parts: Part...) -> Part { buildArray(parts) }
        public static func buildArray(_ parts: [Part]) -> Part {
            Part(lines: parts.flatMap { part in part.lines })
        }
        public static func buildOptional(_ part: Part?) -> Part { part ?? none() }
        public static func buildEither(first part: Part) -> Part { part }
        public static func buildEither(second part: Part) -> Part { part }
    }
}
