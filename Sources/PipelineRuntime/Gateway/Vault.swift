import PipelineCore

/// The secrets that were filled in so far: whatever an execution gives back is searched for all of them.
///
/// A store may give another value each time. Of one name those that executions under way were given are known, and the
/// last of the others.
final class Vault: Sendable {
    private let store: (any SecretStore)?
    private let state = Locked(State())

    /// Values of one name that are known though nobody uses them any more.
    static let remembered = 16

    fileprivate struct State {
        /// By their values.
        var known: [Key: Known] = [:]
        /// What finds all that is known, for each declaration of what else is secret.
        var redactors: [Redaction: Redactor] = [:]
        var uses = 0
        var version = 0
    }

    fileprivate struct Known {
        let secret: Secret
        /// Executions under way that were given it.
        var users = 0
        var lastUse = 0
    }

    init(_ store: (any SecretStore)?) { self.store = store }

    /// How many secrets are known by now.
    var count: Int { state.withLock { state in state.known.count } }

    /// When it changes, there is a new redactor.
    var version: Int { state.withLock { state in state.version } }

    /// The arguments with the secrets that they name, and these: they must be given back.
    func filled(
        _ references: SecretReferences
    ) async throws(Run.Failure) -> (arguments: JSON, secrets: [Secret]) {
        guard !references.names.isEmpty else { return (try references.filled(with: []), []) }
        let secrets = try await references.resolved(by: store ?? MemorySecrets([]))
        let arguments = try references.filled(with: secrets)
        state.withLock { state in
            for secret in secrets { state.use(secret) }
        }
        return (arguments, secrets)
    }

    /// The execution that was given them has ended.
    func giveBack(_ secrets: [Secret]) {
        state.withLock { state in
            for secret in secrets { state.giveBack(secret) }
        }
    }

    /// Finds what is known by now, and what a tool declares; nil when that is nothing.
    func redactor(_ redaction: Redaction) -> Redactor? {
        state.withLock { state in
            guard !state.known.isEmpty || redaction != .none else { return nil }
            if let redactor = state.redactors[redaction] { return redactor }
            let secrets = state.known.sorted { a, b in a.key < b.key }.map { entry in entry.value.secret }
            let redactor = Redactor(secrets: secrets, redaction: redaction)
            state.redactors[redaction] = redactor
            return redactor
        }
    }
}

extension Vault.State {
    fileprivate mutating func use(_ secret: Secret) {
        let value = Key(secret.value)
        uses += 1
        if known[value] == nil {
            known[value] = Vault.Known(secret: secret)
            change()
        }
        known[value]?.users += 1
        known[value]?.lastUse = uses
    }

    fileprivate mutating func giveBack(_ secret: Secret) {
        let value = Key(secret.value)
        guard let name = known[value]?.secret.name else { return }
        uses += 1
        known[value]?.users -= 1
        known[value]?.lastUse = uses
        let unused = known.filter { _, known in known.users == 0 && Key(known.secret.name) == Key(name) }
        guard unused.count > Vault.remembered,
            let oldest = unused.min(by: { a, b in a.value.lastUse < b.value.lastUse })
        else { return }
        known[oldest.key] = nil
        change()
    }

    private mutating func change() {
        version += 1
        redactors = [:]
    }
}
