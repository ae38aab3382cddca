import PipelineCore

/// The secrets that were filled in so far: whatever an execution gives back is searched for all of them.
final class Vault: Sendable {
    private let store: (any SecretStore)?
    private let state = Locked(State())

    private struct State {
        var known: [Key: Secret] = [:]
        /// What finds all that is known, for each declaration of what else is secret.
        var redactors: [Redaction: Redactor] = [:]
    }

    init(_ store: (any SecretStore)?) { self.store = store }

    /// How many secrets are known by now: when it changes, there is a new redactor.
    var count: Int { state.withLock { state in state.known.count } }

    /// The arguments with the secrets that they name.
    func filled(_ references: SecretReferences) async throws(Run.Failure) -> JSON {
        guard !references.names.isEmpty else { return try references.filled(with: []) }
        let secrets = try await references.resolved(by: store ?? MemorySecrets([]))
        state.withLock { state in
            for secret in secrets where state.known[Key(secret.value)] == nil {
                state.known[Key(secret.value)] = secret
                state.redactors = [:]
            }
        }
        return try references.filled(with: secrets)
    }

    /// Finds what is known by now, and what a tool declares; nil when that is nothing.
    func redactor(_ redaction: Redaction) -> Redactor? {
        state.withLock { state in
            guard !state.known.isEmpty || redaction != .none else { return nil }
            if let redactor = state.redactors[redaction] { return redactor }
            let secrets = state.known.sorted { a, b in a.key < b.key }.map { entry in entry.value }
            let redactor = Redactor(secrets: secrets, redaction: redaction)
            state.redactors[redaction] = redactor
            return redactor
        }
    }
}
