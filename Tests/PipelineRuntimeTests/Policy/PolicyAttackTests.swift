import PipelineCore
import PipelineRunners
import PipelineTesting
import Testing

@testable import PipelineRuntime

/// Hostile arguments through a real gateway to real files, programs and careless tools: nothing gets out.
@Suite(.timeLimit(.minutes(5)))
struct PolicyAttackTests {
    private let world: AttackWorld
    private var folder: ScratchFolder { world.folder }

    init() throws { world = try AttackWorld() }

    private func run(_ attack: Attack, under policy: Policy) async throws -> ExecutionAnswer {
        let gateway = try world.gateway(policy)
        return await gateway.run(
            AttackWorld.call(attack.tool, world.here(attack.arguments)), report: ExecutionReporter { _ in })
    }

    private var governed: Policy { Policy(AttackWorld.rules(), root: folder["root"]) }

    @Test func `the table is long, and what it tries is no mistake of the rules`() async throws {
        #expect(Attack.all.count >= 60 && governed.problems.isEmpty)
        for call in [
            Attack("read_file", ["path": "sub/file"]), Attack("write_file", ["path": "a/b", "text": "c"]),
            Attack("read_careless", ["path": "inside/file"]),
            Attack("read_careless_anywhere", ["a": ["sub/file"]]),
            Attack("run_command", ["command": ["cat", "sub/file"]]), Attack("list_directory", [:]),
            Attack("fetch", ["url": "https://www.good.com/x"]), Attack("browse", ["url": "https://good.com"]),
        ] {
            guard case .completed = try await run(call, under: governed) else {
                Issue.record("\(call.testDescription) should be allowed")
                continue
            }
        }
    }

    @Test(arguments: Attack.all)
    func `G6 no attack gets out`(attack: Attack) async throws {
        let before = world.tree
        let answer = try await run(attack, under: governed)
        switch answer {
        case .refused(let decision):
            #expect(decision.verdict == .deny && decision.rule == "none")
            #expect((1..<2_000).contains(decision.reason.utf8.count))
        // What does not fit the tool's schema is not even judged.
        case .failed(let failure): #expect(failure.category == .validation)
        case .completed, .canceled: Issue.record("\(attack.testDescription) gave \(answer)")
        }
        #expect(world.tree == before && world.contacted.entries.isEmpty)
        #expect(!"\(answer)".contains("SECRET"))
    }

    @Test(arguments: Attack.harmlessPaths)
    func `a text that only looks like a way out is none`(path: String) async throws {
        let outside = folder.tree("outside")
        let text = JSON.string(path)
        for attack in [
            Attack("read_file", ["path": text]), Attack("write_file", ["path": text, "text": "x"]),
            Attack("read_careless", ["path": text]), Attack("write_careless", ["path": text]),
            Attack("read_careless_anywhere", ["a": [text]]),
            Attack("run_command", ["command": ["cat", text]]),
            Attack("run_command", ["command": ["touch", text]]),
            Attack("run_command", ["command": ["cp", "plain", text]]),
        ] {
            let answer = try await run(attack, under: governed)
            #expect(!"\(answer)".contains("SECRET"))
        }
        #expect(folder.tree("outside") == outside)
        #expect(folder.tree("root")["root/.env"] == "SECRET")
    }

    /// Only with tools that read: nothing here may write without a policy.
    @Test func `without the policy the same attacks get out, so that the table proves something`()
        async throws
    {
        let readers = ["read_careless", "read_careless_anywhere", "fetch", "browse"]
        let gateway = try world.gateway(Policy { _ in .allowed })
        var escaped: [Key: Int] = [:]
        for attack in Attack.all where readers.contains(attack.tool) {
            let contacts = world.contacted.entries.count
            let call = AttackWorld.call(attack.tool, world.here(attack.arguments))
            let answer = await gateway.run(call, report: ExecutionReporter { _ in })
            if "\(answer)".contains("SECRET") || world.contacted.entries.count > contacts {
                escaped[Key(attack.tool), default: 0] += 1
            }
        }
        for tool in readers { #expect(escaped[Key(tool), default: 0] >= 10, "\(tool) of \(escaped)") }
    }

    @Test(arguments: ["read_file", "write_file", "edit_file", "list_directory", "search_files"])
    func `a link that is put in place between the decision and the use is refused`(tool: String) async throws
    {
        let folder = folder
        let before = folder.tree("outside")
        let swapped = Locked(false)
        for (path, target) in [("sub/file", "../../outside/secret"), ("sub", "../outside")] {
            let isFolder = path == "sub"
            let name = "root/\(path)"
            let file =
                tool == "list_directory" || tool == "search_files" ? path : isFolder ? "sub/secret" : path
            let arguments: JSON =
                switch tool {
                case "write_file": ["path": .string(file), "text": "ESCAPED"]
                case "edit_file": ["path": .string(file), "old": "SECRET", "new": "ESCAPED"]
                case "search_files": ["path": .string(file), "text": "SECRET"]
                default: ["path": .string(file)]
                }
            let gateway = try world.gateway(governed)
            let answer = await gateway.run(
                AttackWorld.call(tool, arguments),
                report: ExecutionReporter { report in
                    guard case .started = report else { return }
                    // The policy has allowed it; the tool has not opened anything.
                    swapped.withLock { swapped in
                        swapped =
                            (try? folder.move(name, to: "root/moved-\(isFolder)")) != nil
                            && (try? folder.link(name, to: target)) != nil
                    }
                })
            #expect(swapped.withLock { swapped in swapped })
            guard case .failed(let failure) = answer, failure.category == .validation else {
                Issue.record("\(tool) \(path) gave \(answer)")
                continue
            }
            #expect(folder.tree("outside") == before)
            try folder.remove(name)
            try folder.move("root/moved-\(isFolder)", to: name)
        }
    }
}
