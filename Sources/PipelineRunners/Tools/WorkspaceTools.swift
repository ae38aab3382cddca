import PipelineCore
public import PipelineRuntime

/// The file tools of a coding agent, all confined to one workspace.
///
/// A tool that changes a file says `path`, `before` and `after` (SHA-256 digests) in its output, one that
/// changes several says so of each in `files`.
public struct WorkspaceTools: Sendable {
    let workspace: Workspace

    public init(_ workspace: Workspace) { self.workspace = workspace }

    /// `read_file`, `write_file`, `edit_file`, `apply_patch`, `list_directory` and `search_files`.
    public var all: [Tool] { [readFile, writeFile, editFile, applyPatch, listDirectory, searchFiles] }

    private var readFile: Tool {
        Tool(
            "read_file", "Reads a text file of the workspace.",
            arguments: .schema(["path": .text("Relative to the workspace.")], required: ["path"]),
            touches: [.path("/path")], isReadOnly: true
        ) { json in
            let arguments = try ToolArguments(json, known: ["path"])
            return try await read(try arguments.value("path"))
        }
    }

    private var writeFile: Tool {
        Tool(
            "write_file", "Writes a whole text file, making it and its folders where they are missing.",
            arguments: .schema(
                ["path": .text("Relative to the workspace."), "text": .text("The new contents.")],
                required: ["path", "text"]),
            touches: [.path("/path")], isIdempotent: true
        ) { json in
            let arguments = try ToolArguments(json, known: ["path", "text"])
            return try await write(try arguments.value("path"), try arguments.value("text"))
        }
    }

    private var editFile: Tool {
        Tool(
            "edit_file", "Replaces a text that occurs exactly once in a file.",
            arguments: .schema(
                [
                    "path": .text("Relative to the workspace."), "old": .text("What stands there now."),
                    "new": .text("What should stand there."),
                ], required: ["path", "old", "new"]),
            touches: [.path("/path")]
        ) { json in
            let arguments = try ToolArguments(json, known: ["path", "old", "new"])
            return try await edit(
                try arguments.value("path"), try arguments.value("old"), try arguments.value("new"))
        }
    }

    private var listDirectory: Tool {
        Tool(
            "list_directory", "Lists a folder of the workspace.",
            arguments: .schema(
                ["path": .text("Relative to the workspace; \".\" is its root.")], required: []),
            touches: [.path("/path", or: ".")], isReadOnly: true
        ) { json in
            try await list(try ToolArguments(json, known: ["path"]).value("path", or: "."))
        }
    }

    private var searchFiles: Tool {
        Tool(
            "search_files", "Finds the lines that hold a text, in all files below a folder.",
            arguments: .schema(
                ["text": .text("Taken literally."), "path": .text("Where to look; \".\" is the root.")],
                required: ["text"]),
            touches: [.path("/path", or: ".")], isReadOnly: true
        ) { json in
            let arguments = try ToolArguments(json, known: ["text", "path"])
            return try await search(try arguments.value("text"), try arguments.value("path", or: "."))
        }
    }
}

/// What the tools do; each leaves the engine's executor, since files may be slow.
extension WorkspaceTools {
    @concurrent
    private func read(_ path: String) async throws -> JSON {
        let contents = try attempt { () throws(WorkspaceError) in try workspace.read(path) }
        guard let text = contents.text else {
            throw Run.Failure(.validation, "\(path) is no text: its bytes are not UTF-8.")
        }
        return [
            "path": .string(path), "text": .string(text), "size": contents.size.json,
            "cut": .bool(contents.isCut),
        ]
    }

    @concurrent
    private func write(_ path: String, _ text: String) async throws -> JSON {
        try attempt { () throws(WorkspaceError) in try workspace.write(path, Array(text.utf8)) }.json
    }

    @concurrent
    private func edit(_ path: String, _ old: String, _ new: String) async throws -> JSON {
        try attempt { () throws(WorkspaceError) in try workspace.edit(path, replacing: old, with: new) }.json
    }

    @concurrent
    private func list(_ path: String) async throws -> JSON {
        let listing = try attempt { () throws(WorkspaceError) in try workspace.list(path) }
        let entries = listing.entries.map { entry -> JSON in
            ["name": .string(entry.name), "kind": .string(entry.kind.rawValue), "size": entry.size.json]
        }
        return ["path": .string(path), "entries": .array(entries), "omitted": listing.omitted.json]
    }

    @concurrent
    private func search(_ text: String, _ path: String) async throws -> JSON {
        let found = try attempt { () throws(WorkspaceError) in
            try workspace.search(text, in: path, limit: 200)
        }
        let matches = found.matches.map { match -> JSON in
            ["path": .string(match.path), "line": match.line.json, "text": .string(match.text)]
        }
        return [
            "matches": .array(matches), "skipped": found.skippedCount.json, "cut": .bool(found.cut != nil),
        ]
    }

    /// What the workspace refuses, the model sees as a `validation` failure.
    private func attempt<Value>(_ body: () throws(WorkspaceError) -> Value) throws(Run.Failure) -> Value {
        do throws(WorkspaceError) { return try body() } catch { throw Run.Failure(.validation, "\(error)") }
    }
}

extension Workspace.Change {
    fileprivate var json: JSON {
        var object: JSON.Object = [
            "path": .string(path), "after": .string(after.description), "size": size.json,
        ]
        object["before"] = before.map { digest in .string(digest.description) }
        return .object(object)
    }
}
