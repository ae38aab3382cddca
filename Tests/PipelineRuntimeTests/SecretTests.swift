import PipelineCore
import PipelineRuntime
import Testing

/// Secrets that arguments name, and where their values come from.
struct SecretTests {
    private let arguments: JSON = [
        "headers": [["name": "Authorization", "value": ["$secret": "TOKEN"]], ["$secret": "COOKIE"]],
        "again": ["$secret": "TOKEN"], "plain": "TOKEN", "z": ["$secret": "PIN"],
    ]

    @Test func `names are listed in the order in which they first occur, each once`() throws {
        #expect(try SecretReferences(in: arguments).names == ["TOKEN", "COOKIE", "PIN"])
        #expect(try SecretReferences(in: ["a": ["b", 1, nil, true]]).names.isEmpty)
    }

    @Test func `values take the place of their names, and nothing else changes`() async throws {
        let references = try SecretReferences(in: arguments)
        let store: MemorySecrets = ["TOKEN": "t0p", "COOKIE": "", "PIN": "12", "OTHER": "x"]
        let secrets = try await references.resolved(by: store)
        #expect(secrets.map(\.name) == ["TOKEN", "COOKIE", "PIN"])
        let filled = try references.filled(with: secrets)
        #expect(
            filled == [
                "headers": [["name": "Authorization", "value": "t0p"], ""],
                "again": "t0p", "plain": "TOKEN", "z": "12",
            ])
    }

    @Test func `a whole value may be a reference, and a value is not looked through for others`() throws {
        let references = try SecretReferences(in: ["$secret": "A"])
        let filled = try references.filled(with: [Secret(name: "A", value: #"{"$secret":"B"}"#)])
        #expect(filled == .string(#"{"$secret":"B"}"#))
    }

    @Test(
        arguments: [
            (["a": ["b/c": [1, ["$secret": "X", "more": 1]]]], "/a/b~1c/1"),
            (["~": ["$secret": 5]], "/~0"),
            (["$secret": nil], ""),
            (["a": ["$secret": ["$secret": "X"]]], "/a"),
        ] as [(JSON, String)])
    func `what is no reference is named by its place`(arguments: JSON, pointer: String) throws {
        let failure = #expect(throws: Run.Failure.self) { try SecretReferences(in: arguments) }
        #expect(failure?.category == .validation && failure?.isRetryable == false)
        #expect(failure?.details == ["pointer": .string(pointer)])
        #expect(failure?.message.contains("\"\(pointer)\"") == true)
    }

    @Test func `an unknown secret is named, and no value is`() async throws {
        let references = try SecretReferences(in: ["a": ["$secret": "KNOWN"], "b": ["$secret": "LOST"]])
        let store: MemorySecrets = ["KNOWN": "hush-hush"]
        let failure = await #expect(throws: Run.Failure.self) { try await references.resolved(by: store) }
        #expect(failure?.category == .config && failure?.details == ["secret": "LOST"])
        #expect(failure?.message.contains("\"LOST\"") == true)
        #expect(failure?.json.description.contains("hush-hush") == false)
        let late = #expect(throws: Run.Failure.self) {
            try references.filled(with: [Secret(name: "KNOWN", value: "hush-hush")])
        }
        #expect(late?.category == .config && late?.message.contains("\"/b\"") == true)
        #expect(late?.json.description.contains("hush-hush") == false)
    }

    @Test func `a store's own failure is kept, and of any other error only the type is told`() async throws {
        let references = try SecretReferences(in: ["$secret": "A"])
        let own = Run.Failure(.transport, "The vault does not answer.")
        let kept = await #expect(throws: Run.Failure.self) {
            try await references.resolved(by: Broken(error: own))
        }
        #expect(kept == own)
        let other = await #expect(throws: Run.Failure.self) {
            try await references.resolved(by: Broken(error: Broken.Leak(value: "hush-hush")))
        }
        #expect(other?.message.contains("Leak") == true && other?.message.contains("hush-hush") == false)
        let canceled = await #expect(throws: Run.Failure.self) {
            try await references.resolved(by: Broken(error: CancellationError()))
        }
        #expect(canceled?.category == .canceled)
    }

    @Test func `only variables that are listed are secrets, and only those that are set`() async throws {
        let store = EnvironmentSecrets(names: ["PATH", "PIPELINE_NOBODY_SETS_THIS"])
        #expect(await store.secret("PATH") == ScratchFolder.variable("PATH"))
        #expect(await store.secret("PATH") != nil)
        #expect(await store.secret("HOME") == nil)
        #expect(await store.secret("PIPELINE_NOBODY_SETS_THIS") == nil)
        #expect(await EnvironmentSecrets(names: ["PATH\0"]).secret("PATH\0") == nil)
    }

    @Test func `whatever prints a secret shows its name alone`() {
        let secret = Secret(name: "TOKEN", value: "hush-hush")
        let store: MemorySecrets = ["TOKEN": "hush-hush"]
        let redactor = Redactor(secrets: [secret])
        var stream = redactor.stream()
        _ = stream.redacted("hush-hus")
        let shown: [Any] = [secret, [secret], Optional(secret) as Any, store, redactor, stream]
        for value in shown {
            var dumped = ""
            dump(value, to: &dumped)
            let text = "\(value) \(String(reflecting: value)) \(dumped)"
            #expect(!text.contains("hush") && !text.contains("104"), "\(text)")
        }
        #expect("\(secret)" == "[secret TOKEN]" && "\(store)" == "secrets TOKEN")
    }
}

/// A store that fails.
private struct Broken: SecretStore {
    struct Leak: Error { let value: String }

    let error: any Error
    func secret(_ name: String) async throws -> String? { throw error }
}
