extension Conversation {
    /// What signals change most, as a value whose size does not grow with history.
    ///
    /// The digests of a journal's records are made of it, so that a replay that goes another way is found at the record
    /// where it does. The whole state is in the digest of a snapshot.
    package var fingerprint: JSON {
        .array([
            mode.json, cancellation?.json ?? .null, holder?.json ?? .null, waiting.count.json,
            parked.last?.fingerprint ?? .null, parked.count.json, finished.last?.json ?? .null,
            finished.count.json, messages.count.json, active?.fingerprint ?? .null,
        ])
    }
}

extension Run {
    fileprivate var fingerprint: JSON {
        let open = round.filter { index in !steps[index].status.isTerminal }
        return .array([
            id.json, status.json, stop?.json ?? .null, interruptions.json, pausedAt?.json ?? .null,
            deadline?.json ?? .null, lead.json, position.json, turns.json, repairs.json, nextOrdinal.json,
            spent.json, limits.json, .array(open.map { index in steps[index].fingerprint }),
        ])
    }
}

extension Run.Step {
    fileprivate var fingerprint: JSON {
        let told = attempt?.told.map { told -> JSON in
            [told.why.json, told.failure?.category.json ?? .null, told.until.json]
        }
        return .array([
            ordinal.json, status.json, attempts.json, tries.json, recoveries.json, probes.json, gates.json,
            motive.json, due?.json ?? .null, deadline?.json ?? .null, child?.json ?? .null,
            attempt?.lifecycle.json ?? .null, told ?? .null,
        ])
    }
}
