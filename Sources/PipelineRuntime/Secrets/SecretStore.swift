/// Knows the secrets that arguments may name.
public protocol SecretStore: Sendable {
    /// The value of a secret; nil where there is none of this name.
    ///
    /// It is asked on the engine's executor, once for each execution that names the secret, and must not block it.
    ///
    /// - Throws: a `Run.Failure` to name the category; of anything else only the type is told, since its text may
    ///   hold what must stay secret.
    func secret(_ name: String) async throws -> String?
}
