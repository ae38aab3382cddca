import PipelineCore

extension Gateway {
    /// What one execution may give back.
    public struct Limits: Hashable, Sendable {
        /// Bytes of an output that are kept; the rest is cut off.
        public let output: Int
        /// Bytes of an artifact up to which it stays in the result; a larger one goes to the artifact store.
        public let inlineArtifact: Int
        /// Reports of progress; with one more the execution has failed.
        public let reports: Int

        /// - Throws: every number that is less than 1.
        public init(
            output: Int = 262_144, inlineArtifact: Int = 131_072, reports: Int = 65_536
        ) throws(Invalid) {
            let named = [("output", output), ("inlineArtifact", inlineArtifact), ("reports", reports)]
            let wrong = named.filter { _, number in number < 1 }
            guard wrong.isEmpty else {
                throw Invalid(problems: wrong.map { name, number in "\(name) is \(number)" })
            }
            self.init(output, inlineArtifact, reports)
        }

        private init(_ output: Int, _ inlineArtifact: Int, _ reports: Int) {
            self.output = output
            self.inlineArtifact = inlineArtifact
            self.reports = reports
        }

        public static let standard = Limits(262_144, 131_072, 65_536)

        /// Limits that let nothing through.
        public struct Invalid: Error, Hashable, Sendable, CustomStringConvertible {
            public let problems: [String]

            public var description: String {
                "The gateway's limits let nothing through: \(problems.joined(separator: ", ")); give at least 1."
            }
        }
    }
}
