extension Run {
    /// What an execution that completed gives back.
    public struct Result: Hashable, Sendable {
        /// A strategy's text, a tool's value, a command's exit code and output.
        public var output: JSON
        /// What a strategy asks for next; empty for anything else, and in a final answer.
        public var calls: [Call]
        public var usage: Usage
        public var truncation: Truncation?
        /// What it made that is too large, or too much its own, for the output.
        public var artifacts: [Artifact]
        /// Of a probe, whether the effect happened; nil of anything else.
        public var finding: Finding?
        /// From the request to the answer; set by the reducer.
        public internal(set) var duration: Milliseconds?

        public init(
            output: JSON, calls: [Call] = [], usage: Usage = Usage(), truncation: Truncation? = nil,
            artifacts: [Artifact] = [], finding: Finding? = nil
        ) {
            self.output = output
            self.calls = calls
            self.usage = usage
            self.truncation = truncation
            self.artifacts = artifacts
            self.finding = finding
        }
    }

    /// What a probe found out about the attempt that it looked at.
    public enum Finding: String, Hashable, Sendable, JSONRepresentable {
        /// It took effect; the output is its result.
        case done
        /// It certainly did not.
        case notDone
        /// It was tried and failed for good.
        case failed
        case unknown
    }

    /// What executions consumed. Additions stop at the largest integer.
    public struct Usage: Hashable, Sendable {
        public var tokensIn: Int64
        public var tokensOut: Int64
        /// In millionths of the host's currency.
        public var cost: Int64

        public init(tokensIn: Int64 = 0, tokensOut: Int64 = 0, cost: Int64 = 0) {
            self.tokensIn = max(0, tokensIn)
            self.tokensOut = max(0, tokensOut)
            self.cost = max(0, cost)
        }

        public var tokens: Int64 { tokensIn.addingClamped(tokensOut) }

        public static func + (a: Usage, b: Usage) -> Usage {
            Usage(
                tokensIn: a.tokensIn.addingClamped(b.tokensIn),
                tokensOut: a.tokensOut.addingClamped(b.tokensOut), cost: a.cost.addingClamped(b.cost))
        }
    }

    /// How much of an output was kept, in bytes.
    public struct Truncation: Hashable, Sendable {
        public let originalBytes: Int
        public let keptBytes: Int

        public init(originalBytes: Int, keptBytes: Int) {
            self.originalBytes = originalBytes
            self.keptBytes = keptBytes
        }
    }
}

extension Run.Result {
    /// Whether its values have more levels than a record can hold.
    public var isTooDeep: Bool {
        output.isDeeper(than: JSON.greatestPayloadDepth)
            || calls.contains { call in call.arguments.isDeeper(than: JSON.greatestPayloadDepth) }
    }

    /// The same with at most this many bytes of output; an output that is longer becomes text that is cut off.
    public func truncated(to limit: Int) -> Run.Result {
        let text = output.stringValue ?? output.description
        let size = text.utf8.count
        guard size > limit else { return self }
        let kept = text.truncated(to: limit)
        var result = self
        result.output = .string(kept)
        result.truncation = Run.Truncation(originalBytes: size, keptBytes: kept.utf8.count)
        return result
    }
}

extension Int64 {
    /// How much later this is: 0 when it is not, the largest value when the difference does not fit.
    package func since(_ earlier: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(earlier)
        return overflow ? (self > earlier ? .max : 0) : Swift.max(0, difference)
    }

    /// The sum, or the nearest value that fits.
    func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other > 0 ? .max : .min) : sum
    }
}

extension Run.Result: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("output", output)
        object.set("calls", calls, unless: [])
        object.set("usage", usage, unless: Run.Usage())
        object.set("truncation", truncation)
        object.set("artifacts", artifacts, unless: [])
        object.set("finding", finding)
        object.set("duration", duration)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        output = try members.value("output")
        calls = try members.value("calls", or: [])
        usage = try members.value("usage", or: Run.Usage())
        truncation = try members.optional("truncation")
        artifacts = try members.value("artifacts", or: [])
        finding = try members.optional("finding")
        duration = try members.optional("duration")
    }
}

extension Run.Usage: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("tokensIn", tokensIn, unless: 0)
        object.set("tokensOut", tokensOut, unless: 0)
        object.set("cost", cost, unless: 0)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        self.init(
            tokensIn: try members.value("tokensIn", or: 0), tokensOut: try members.value("tokensOut", or: 0),
            cost: try members.value("cost", or: 0))
    }
}

extension Run.Truncation: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("originalBytes", originalBytes)
        object.set("keptBytes", keptBytes)
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        originalBytes = try members.value("originalBytes")
        keptBytes = try members.value("keptBytes")
    }
}
