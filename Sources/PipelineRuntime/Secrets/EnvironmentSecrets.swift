import PipelineCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Secrets from variables of this process's environment: those that are listed, and no other.
///
/// A variable is read when it is asked for. Nothing may change the environment meanwhile: the C library does not allow it.
public struct EnvironmentSecrets: SecretStore {
    private let names: Set<Key>

    /// - Parameter names: the variables that arguments may name.
    public init(names: [String]) { self.names = Set(names.map { name in Key(name) }) }

    public func secret(_ name: String) async -> String? {
        guard names.contains(Key(name)), !name.utf8.contains(0) else { return nil }
        return getenv(name).map { value in String(cString: value) }
    }
}
