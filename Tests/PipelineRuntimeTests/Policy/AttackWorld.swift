import PipelineCore
import PipelineRunners
import PipelineRuntime

/// A workspace with a secret beside it and every way out, and tools that fetch it for whoever asks.
///
/// Every link leads to a place within the folder itself, and none to the system's own: a test that fails must
/// not be able to harm the machine that it runs on.
///
///     outside/secret   root/sub/file   root/.env   root/keys/…   root/<links>
struct AttackWorld {
    let folder: ScratchFolder
    let contacted = Log<String>()

    init() throws {
        folder = try ScratchFolder()
        for name in ["outside", "outside/deep", "root", "root/sub", "root/keys"] {
            try folder.makeFolder(name)
        }
        for name in [
            "outside/secret", "outside/deep/secret", "root/.env", "root/.env.local", "root/keys/id_rsa",
            "root/keys/server.pem",
        ] { try folder.write(Array("SECRET".utf8), to: name) }
        for name in ["root/sub/file", "root/plain"] { try folder.write(Array("plain".utf8), to: name) }
        for (name, target) in [
            ("out", "../outside"), ("out-file", "../outside/secret"), ("new", "../outside/new"),
            ("absolute", folder["outside"]), ("loop", "loop"),
            ("inside", "sub"), ("chain", "out"), ("sub/up", "../.."), ("link-env", ".env"), ("dots", ".."),
        ] { try folder.link("root/\(name)", to: target) }
    }

    /// What a hostile text becomes here: `{OUT}` and `{ROOT}` are the absolute paths of the two folders.
    func here(_ json: JSON) -> JSON {
        switch json {
        case .string(let text): .string(here(text))
        case .array(let items): .array(items.map(here))
        case .object(let members):
            .object(
                JSON.Object(
                    members: members.map { member in
                        JSON.Object.Member(key: Key(here(member.key.text)), value: here(member.value))
                    }))
        case .null, .bool, .integer, .number: json
        }
    }

    private func here(_ text: String) -> String {
        text.replacing("{OUT}", with: folder["outside"]).replacing("{ROOT}", with: folder["root"])
    }

    /// Everything that an attack could change.
    var tree: [String: String] {
        folder.tree("outside").merging(folder.tree("root")) { first, _ in first }
    }

    static func rules() -> [Policy.Rule] {
        [
            Policy.Rule(
                "files", .allow, names: ["*_file", "list_directory", "search_files", "*_careless*"],
                paths: ["**"]),
            Policy.Rule(
                "commands", .allow, names: ["run_command"], paths: ["**"],
                commands: ["cat", "touch", "cp", "tee", "ls"].map { program in [program, "**"] }),
            Policy.Rule(
                "web", .allow, names: ["fetch", "browse"], paths: ["**"], hosts: ["good.com", "*.good.com"],
                schemes: ["https"]),
        ]
    }

    func gateway(_ policy: Policy) throws -> Gateway {
        let root = folder["root"]
        var gateway = Gateway(policy: policy)
        for tool in WorkspaceTools(try Workspace(root: root)).all { gateway.register(tool) }
        gateway.register(
            RunCommandTool(in: CommandEnvironment(directory: root, variables: ["PATH": "/usr/bin:/bin"])))
        gateway.register(
            Tool("read_careless", "", touches: [.path("/path")]) { arguments in
                AttackWorld.read(arguments["path"] ?? .null, below: root)
            })
        gateway.register(
            Tool("write_careless", "", touches: [.path("/path")]) { arguments in
                guard let path = arguments["path"]?.stringValue else { return .null }
                let place = path.utf8.first == UInt8(ascii: "/") ? path : "\(root)/\(path)"
                return .bool(ScratchFolder.writeCarelessly(place, "ESCAPED"))
            })
        gateway.register(
            Tool("read_careless_anywhere", "") { arguments in AttackWorld.read(arguments, below: root) })
        let fetch: @Sendable (JSON) -> JSON = { arguments in
            contacted.append(arguments["url"]?.stringValue ?? "\(arguments)")
            return "SECRET"
        }
        gateway.register(Tool("fetch", "", touches: [.url("/url")]) { arguments in fetch(arguments) })
        gateway.register(Tool("browse", "") { arguments in fetch(arguments) })
        return gateway
    }

    /// Opens whatever is in the arguments, as a tool does that trusts its policy with all.
    private static func read(_ json: JSON, below root: String) -> JSON {
        switch json {
        case .string(let text):
            let place = text.utf8.first == UInt8(ascii: "/") ? text : "\(root)/\(text)"
            return ScratchFolder.readCarelessly(place).map { text in .string(text) } ?? .null
        case .array(let items): return .array(items.map { item in read(item, below: root) })
        case .object(let members):
            return .array(
                members.map { member in
                    [read(.string(member.key.text), below: root), read(member.value, below: root)]
                })
        case .null, .bool, .integer, .number: return .null
        }
    }

    static func call(_ name: String, _ arguments: JSON) -> Run.Execution {
        Run.Execution(
            id: .r(2, 1), kind: .tool, name: name, arguments: arguments, mode: "coding", correlation: "r",
            cause: "r")
    }
}
