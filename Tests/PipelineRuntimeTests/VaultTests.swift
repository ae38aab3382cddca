import PipelineCore
import PipelineTesting
import Synchronization
import Testing

@testable import PipelineRuntime

/// What a gateway knows of secrets whose values change.
struct VaultTests {
    /// A store that gives another value each time.
    private final class Mint: SecretStore {
        private let count = Atomic(0)

        func secret(_ name: String) async throws -> String? {
            "\(name)-\(1_000 + count.add(1, ordering: .relaxed).newValue)"
        }
    }

    private func references(_ name: String = "coin") throws -> SecretReferences {
        try SecretReferences(in: ["token": ["$secret": .string(name)]])
    }

    @Test func `G13 of values that change each time those in use are known, and the last ones`() async throws
    {
        let vault = Vault(Mint())
        let first = try await vault.filled(references())
        for _ in 0..<100 { vault.giveBack(try await vault.filled(references()).secrets) }
        #expect(vault.count == Vault.remembered + 1)
        let text = "coin-1001 coin-1002 coin-1085 coin-1086 coin-1101"
        let known = vault.redactor(.none)?.redacted(text)
        #expect(known == "[secret coin] coin-1002 coin-1085 [secret coin] [secret coin]")
        vault.giveBack(first.secrets)
        #expect(vault.count == Vault.remembered)
        #expect(vault.redactor(.none)?.redacted("coin-1001 coin-1086") == "[secret coin] coin-1086")
    }

    @Test func `G13 a name whose values change makes the values of no other one forgotten`() async throws {
        let vault = Vault(Mint())
        vault.giveBack(try await vault.filled(references("key")).secrets)
        for _ in 0..<100 { vault.giveBack(try await vault.filled(references()).secrets) }
        #expect(vault.redactor(.none)?.redacted("key-1001") == "[secret key]")
    }

    @Test func `G13 an execution that goes on while others come and go keeps its own secret`() async throws {
        let latch = Latch()
        var gateway = Gateway.open(secrets: Mint())
        let calls = ["slow"] + (1...40).map { _ in "quick" }
        gateway.register(
            Plan(
                calls: calls.enumerated().map { index, name in
                    Run.Call(id: "\(index)", name: name, arguments: ["token": ["$secret": "coin"]])
                }))
        gateway.register(
            Crane("slow") { execution, progress in
                let token = execution.arguments["token"]?.stringValue ?? ""
                await progress("began")
                await latch.wait()
                await progress("with \(token)")
                return Run.Result(output: .string("with \(token)"))
            })
        gateway.register(Crane("quick") { _, _ in Run.Result(output: "done") })
        let bench = Bench(gateway)
        var template = Template.coding
        template.limits.steps = 100
        bench.request(.userMessage(Run.Request("Do it.", template: template)), id: "r")
        #expect(gateway.vault.count == Vault.remembered + 1)
        latch.open()
        bench.settle()
        let everything = bench.journal.records.map { record in record.json.description }.joined()
        #expect(everything.contains("with [secret coin]") && !everything.contains("coin-1"))
        #expect(gateway.vault.count == Vault.remembered)
        #expect(bench.state()?.finished.last?.status == .completed)
    }
}
