extension Run {
    /// Counts calls that fail again and again in the same way, with nothing changed in between.
    ///
    /// Bounded: of more than 64 different failures the oldest are forgotten.
    package struct LoopWatch: Hashable, Sendable {
        package private(set) var counts: [Count] = []

        package struct Count: Hashable, Sendable {
            /// Of name, arguments and outcome.
            let call: ContentDigest
            let name: String
            package fileprivate(set) var times: Int
        }

        static let mostKept = 64

        /// Takes note of a call that has ended; gives the number of times that it ended just so.
        mutating func note(_ call: Call, _ outcome: Outcome) -> Int {
            let outcomeText: String
            switch outcome {
            case .changed:
                counts = []
                return 0
            case .harmless: return 0
            case .failed(let text): outcomeText = text
            }
            let digest = ContentDigest(
                hashing: JSON.array([.string(call.name), call.arguments, .string(outcomeText)]).canonicalBytes
            )
            guard let index = counts.firstIndex(where: { count in count.call == digest }) else {
                if counts.count >= LoopWatch.mostKept { counts.removeFirst() }
                counts.append(Count(call: digest, name: call.name, times: 1))
                return 1
            }
            counts[index].times += 1
            return counts[index].times
        }

        /// What a call that has ended means for loops.
        enum Outcome {
            /// It succeeded and may have changed something.
            case changed
            /// It succeeded and changed nothing.
            case harmless
            case failed(String)
        }

        /// The call that has failed most often, and how often.
        var worst: Count? { counts.max { a, b in a.times < b.times } }
    }
}

extension Run.LoopWatch: JSONRepresentable {
    package var json: JSON {
        .array(
            counts.map { count in
                .object([
                    "call": .string(count.call.description), "name": .string(count.name),
                    "times": count.times.json,
                ])
            })
    }

    package init(json: JSON) throws(JSON.FormatError) {
        guard let items = json.arrayValue, items.count <= Run.LoopWatch.mostKept else {
            throw JSON.FormatError("expected an array of at most \(Run.LoopWatch.mostKept)")
        }
        for item in items {
            let members = try JSON.Members(item)
            guard let call = ContentDigest(hex: try members.value("call")) else {
                throw JSON.FormatError("expected 64 hexadecimal digits", at: "/call")
            }
            let times: Int = try members.value("times")
            guard (1...Int.max / 2).contains(times) else { throw JSON.FormatError("a count is out of range") }
            counts.append(Count(call: call, name: try members.value("name"), times: times))
        }
    }
}
