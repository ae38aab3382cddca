import Testing

/// Many cases of one test, some at a time.
enum Sweep {
    /// Runs the body for each case; what it throws counts as an issue of that case.
    static func run<Case: Sendable>(
        over cases: some Sequence<Case>, at once: Int = 3, sourceLocation: SourceLocation = #_sourceLocation,
        _ body: @escaping @Sendable (Case) async throws -> Void
    ) async {
        await withTaskGroup(of: Void.self) { group in
            for (index, item) in cases.enumerated() {
                if index >= once { await group.next() }
                group.addTask {
                    do {
                        try await body(item)
                    } catch {
                        Issue.record(error, "\(item)", sourceLocation: sourceLocation)
                    }
                }
            }
        }
    }
}
