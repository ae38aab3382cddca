extension Run {
    /// Whether a step has this child run under way, or goes on with it.
    package func keeps(_ child: ID) -> Bool {
        steps.indices.contains { index in
            steps[index].child == child
                || steps[index].kind == .workflow && steps[index].child == nil
                    && executionID(of: index)?.child == child
        }
    }

    /// A workflow that did not answer has perhaps opened a child run: the next attempt goes on with that one.
    mutating func keepChild(_ index: Int) {
        guard steps[index].kind == .workflow, steps[index].child == nil else { return }
        steps[index].child = executionID(of: index)?.child
    }

    /// What has ended by itself has no child run any more, but for one that it left interrupted, and one that it never
    /// got to.
    mutating func releaseChild(_ index: Int, _ answer: Answer) {
        let neverGotThere = steps[index].attempt?.lifecycle == .requested
        switch answer {
        case .canceled(let cancellation) where cancellation.continues != nil:
            steps[index].child = cancellation.continues
        case .canceled(let cancellation) where !cancellation.effectBegan: break
        case .failed where neverGotThere, .canceled where neverGotThere: break
        case .failed, .canceled, .completed, .abandoned, .lost: steps[index].child = nil
        }
    }

    /// Whatever a step has left behind ends with it.
    mutating func leaveChild(_ index: Int, _ transition: inout Transition) {
        guard let child = steps[index].child else { return }
        steps[index].child = nil
        transition.cancel(child: child)
    }
}
