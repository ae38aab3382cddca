import PipelineCore

extension ModelChecker {
    /// The ways between states that rules about whole walks need.
    struct Graph {
        /// By answers and timers alone.
        private var byItself: [(from: Int32, to: Int32)] = []
        /// By what a helpful world does.
        private var helpful: [(from: Int32, to: Int32)] = []
        private var places: [Place] = []

        private struct Place {
            /// Nothing is left to do.
            var isEnd = false
            var isCompleted = false
            /// Interrupted, or waiting for a person with nothing else to wait for.
            var waitsForPerson = false
            /// Nothing that has happened prevents it from being completed.
            var isClean = false
        }

        var count: Int { places.count }
        var cleanCount: Int { places.count { place in place.isClean } }

        mutating func addState(_ conversation: Conversation) {
            var place = Place()
            place.isEnd = !conversation.isUnsettled && conversation.queue.isEmpty
            place.isCompleted = place.isEnd && conversation.finished.last?.status == .completed
            place.waitsForPerson = conversation.runs.allSatisfy { run in
                run.status == .interrupted
                    || run.openExecutions.isEmpty && !run.gates.isEmpty && run.timers.isEmpty
            }
            place.isClean =
                !place.isEnd && conversation.cancellation == nil && conversation.finished.isEmpty
                && conversation.queue.isEmpty && conversation.runs.allSatisfy { run in run.canComplete }
            places.append(place)
        }

        mutating func addEdge(from: Int, to: Int, _ move: Move) {
            if move.role == .answer || move.role == .timer { byItself.append((Int32(from), Int32(to))) }
            if move.helps { helpful.append((Int32(from), Int32(to))) }
        }

        /// For each rule about the whole the first state that breaks it, if one does.
        func stuckStates() -> [(Rule, Int?)] {
            let (isDead, cycle) = walkByItself()
            let ends = reach(helpful, from: places.indices.filter { index in places[index].isEnd })
            let completed = reach(helpful, from: places.indices.filter { index in places[index].isCompleted })
            return [
                (.endsByItself, isDead), (.noCycle, cycle),
                (.canBeEnded, places.indices.first { index in !ends[index] }),
                (
                    .canBeCompleted,
                    places.indices.first { index in places[index].isClean && !completed[index] }
                ),
            ]
        }

        /// The first state from which neither answer nor timer leads on, though it is no place to rest; and the first
        /// that lies on a cycle of answers and timers.
        private func walkByItself() -> (dead: Int?, cycle: Int?) {
            var hasWay = places.map { _ in false }
            var arrivals = places.map { _ in Int32(0) }
            for way in byItself where way.from != way.to {
                hasWay[Int(way.from)] = true
                arrivals[Int(way.to)] += 1
            }
            let dead = places.indices.first { index in
                !hasWay[index] && !places[index].isEnd && !places[index].waitsForPerson
            }
            let targets = Adjacency(byItself, count: places.count)
            var free = places.indices.filter { index in arrivals[index] == 0 }
            var done = 0
            var isDone = places.map { _ in false }
            while let state = free.popLast() {
                isDone[state] = true
                done += 1
                for target in targets.of(state) where target != Int32(state) {
                    arrivals[Int(target)] -= 1
                    if arrivals[Int(target)] == 0 { free.append(Int(target)) }
                }
            }
            return (dead, done == places.count ? nil : isDone.firstIndex(of: false))
        }

        /// Which states reach one of these.
        private func reach(_ ways: [(from: Int32, to: Int32)], from goals: [Int]) -> [Bool] {
            let back = Adjacency(ways.map { way in (way.to, way.from) }, count: places.count)
            var isReached = places.map { _ in false }
            var waiting = goals
            for goal in goals { isReached[goal] = true }
            while let state = waiting.popLast() {
                for source in back.of(state) where !isReached[Int(source)] {
                    isReached[Int(source)] = true
                    waiting.append(Int(source))
                }
            }
            return isReached
        }
    }

    /// Where ways lead, packed.
    private struct Adjacency {
        private var starts: [Int]
        private var targets: [Int32]

        init(_ ways: [(from: Int32, to: Int32)], count: Int) {
            starts = [Int](repeating: 0, count: count + 1)
            for way in ways { starts[Int(way.from) + 1] += 1 }
            for index in 1..<starts.count { starts[index] += starts[index - 1] }
            targets = [Int32](repeating: 0, count: ways.count)
            var next = starts
            for way in ways {
                targets[next[Int(way.from)]] = way.to
                next[Int(way.from)] += 1
            }
        }

        func of(_ state: Int) -> ArraySlice<Int32> { targets[starts[state]..<starts[state + 1]] }
    }
}

extension Run {
    /// Neither a stop nor a failure that its template does not get over is in the way.
    fileprivate var canComplete: Bool {
        if let stop, stop.kind != .interrupt { return false }
        guard let first = round.first else { return true }
        let lead = steps[first]
        if lead.status == .failed || lead.status == .canceled { return false }
        if lead.ending != nil || template.failsWithCall { return false }
        return !lead.status.isTerminal || lead.status == .completed
    }
}
