import PipelineCore
import Synchronization

/// The secrets that were filled in so far: whatever an execution gives back is searched for all of them.
final class Vault: Sendable {
    private let store: (any SecretStore)?
    private let known = Mutex<[Key: Secret]>([:])

    init(_ store: (any SecretStore)?) { self.store = store }

    /// The arguments with the secrets that they name.
    func filled(_ references: SecretReferences) async throws(Run.Failure) -> JSON {
        guard !references.names.isEmpty else { return try references.filled(with: []) }
        let secrets = try await references.resolved(by: store ?? MemorySecrets([]))
        known.withLock { known in
            for secret in secrets { known[Key(secret.value)] = secret }
        }
        return try references.filled(with: secrets)
    }

    /// Finds what is known by now, and what a tool declares; nil when that is nothing.
    func redactor(_ redaction: Redaction) -> Redactor? {
        let secrets = known.withLock { known in
            known.sorted { a, b in a.key < b.key }.map { entry in entry.value }
        }
        guard !secrets.isEmpty || redaction != .none else { return nil }
        return Redactor(secrets: secrets, redaction: redaction)
    }
}
