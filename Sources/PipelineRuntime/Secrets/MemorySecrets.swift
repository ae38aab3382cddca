import PipelineCore

/// Secrets that the host holds in memory.
public struct MemorySecrets: SecretStore {
    private let values: [PipelineCore.Key: String]

    /// - Parameter values: of two of one name the later one counts.
    public init(_ values: some Sequence<(String, String)>) {
        let pairs = values.map { name, value in (PipelineCore.Key(name), value) }
        self.values = Dictionary(pairs) { _, later in later }
    }

    public func secret(_ name: String) async -> String? { values[PipelineCore.Key(name)] }
}

extension MemorySecrets: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral values: (String, String)...) { self.init(values) }
}

extension MemorySecrets: CustomStringConvertible, CustomReflectable {
    private var names: [String] { values.keys.sorted().map(\.text) }

    /// The names alone.
    public var description: String { "secrets \(names.joined(separator: ", "))" }
    public var customMirror: Mirror { Mirror(self, children: ["names": names]) }
}
