extension Run {
    /// A workflow that did not answer has perhaps opened a child run: the next attempt goes on with that one.
    mutating func keepChild(_ index: Int) {
        guard steps[index].kind == .workflow, steps[index].child == nil else { return }
        steps[index].child = executionID(of: index)?.child
    }

    /// Whatever a step has left behind ends with it.
    mutating func leaveChild(_ index: Int, _ transition: inout Transition) {
        guard let child = steps[index].child else { return }
        steps[index].child = nil
        transition.cancel(child: child)
    }
}
