import PipelineCore

extension Gateway {
    /// What one execution may give back.
    public struct Limits: Hashable, Sendable {
        /// Bytes of an output that are kept; the rest is cut off.
        public let output: Int
        /// Bytes of artifacts, together, up to which they stay in the result; what has no room goes to the artifact store.
        public let inlineArtifact: Int
        /// Reports of progress; with one more the execution has failed.
        public let reports: Int
        /// Artifacts that are kept; the others are left out.
        public let artifacts: Int
        /// Bytes of progress that are passed on; the rest is left out.
        public let progress: Int
        /// Calls of a strategy's answer; with one more the execution has failed.
        public let calls: Int
        /// Bytes of a call's arguments; a call with more fails.
        public let arguments: Int

        /// Bytes of a short text: the id or the name of a call, the name or the kind of an artifact.
        static let label = 1_024

        /// - Throws: every number that is less than 1.
        public init(
            output: Int = 262_144, inlineArtifact: Int = 131_072, reports: Int = 65_536, artifacts: Int = 256,
            progress: Int = 8_388_608, calls: Int = 1_024, arguments: Int = 262_144
        ) throws(Invalid) {
            let named = [
                ("output", output), ("inlineArtifact", inlineArtifact), ("reports", reports),
                ("artifacts", artifacts), ("progress", progress), ("calls", calls), ("arguments", arguments),
            ]
            let wrong = named.filter { _, number in number < 1 }
            guard wrong.isEmpty else {
                throw Invalid(problems: wrong.map { name, number in "\(name) is \(number)" })
            }
            self.init(output, inlineArtifact, reports, artifacts, progress, calls, arguments)
        }

        private init(
            _ output: Int, _ inlineArtifact: Int, _ reports: Int, _ artifacts: Int, _ progress: Int,
            _ calls: Int, _ arguments: Int
        ) {
            self.output = output
            self.inlineArtifact = inlineArtifact
            self.reports = reports
            self.artifacts = artifacts
            self.progress = progress
            self.calls = calls
            self.arguments = arguments
        }

        public static let standard = Limits(262_144, 131_072, 65_536, 256, 8_388_608, 1_024, 262_144)

        /// Limits that let nothing through.
        public struct Invalid: Error, Hashable, Sendable, CustomStringConvertible {
            public let problems: [String]

            public var description: String {
                "The gateway's limits let nothing through: \(problems.joined(separator: ", ")); give at least 1."
            }
        }
    }
}
