import PipelineCore
import PipelineRuntime

extension WorkspaceTools {
    /// `apply_patch`: `{patch, paths}` to `{files: [{path, before, after, offsets}]}`.
    ///
    /// The call must list the paths, so that a policy can judge them without reading the patch; a patch that
    /// touches another one is refused. It is not idempotent: once applied, a patch no longer fits.
    var applyPatch: Tool {
        Tool(
            "apply_patch",
            "Applies a unified diff to files of the workspace, wholly or not at all. Files may be made, "
                + "deleted and renamed as in git's diffs. Lines must match exactly; a hunk may have moved as a whole.",
            arguments: .schema(
                [
                    "patch": .text("The unified diff and nothing else."),
                    "paths": [
                        "type": "array", "items": ["type": "string"], "minItems": 1,
                        "description": "Every path that the diff touches, relative to the workspace.",
                    ],
                ], required: ["patch", "paths"]),
            touches: [.path("/paths/*")]
        ) { json in
            let arguments = try ToolArguments(json, known: ["patch", "paths"])
            return try await apply(try arguments.value("patch"), listed: try arguments.value("paths"))
        }
    }

    @concurrent
    private func apply(_ text: String, listed: [String]) async throws -> JSON {
        do throws(PatchError) {
            let patch = try Patch(parsing: Array(text.utf8))
            try requireListed(patch, listed)
            return try workspace.apply(patch).json
        } catch {
            throw Run.Failure(error)
        }
    }

    private func requireListed(_ patch: Patch, _ listed: [String]) throws(PatchError) {
        func names(_ path: String) throws(PatchError) -> [Workspace.FileName] {
            do throws(WorkspaceError) { return try Workspace.Path(path).names } catch {
                throw PatchError(.workspace(error.reason), path: path)
            }
        }
        var judged: Set<[Workspace.FileName]> = []
        for path in listed { judged.insert(try names(path)) }
        for path in patch.paths where !judged.contains(try names(path)) {
            throw PatchError(.unlisted, path: path)
        }
    }
}

extension Workspace.Patched {
    fileprivate var json: JSON {
        let files = files.map { file -> JSON in
            var object: JSON.Object = ["path": .string(file.path)]
            object["before"] = file.before.map { digest in .string(digest.description) }
            object["after"] = file.after.map { digest in .string(digest.description) }
            if file.offsets.contains(where: { offset in offset != 0 }) {
                object["offsets"] = .array(file.offsets.map(\.json))
            }
            return .object(object)
        }
        var object: JSON.Object = ["files": .array(files)]
        if !modesIgnored.isEmpty {
            object["modesIgnored"] = .array(modesIgnored.map { path in .string(path) })
        }
        return .object(object)
    }
}

extension Run.Failure {
    /// What the model sees of a patch that was not applied: a `validation` failure, with the place in its
    /// details.
    fileprivate init(_ error: PatchError) {
        var details: JSON.Object = [:]
        details["path"] = error.path.map { path in .string(path) }
        details["hunk"] = error.hunk?.json
        details["line"] = error.line?.json
        switch error.reason {
        case .mismatch(let expected, let found, let line):
            details["fileLine"] = line.json
            details["expected"] = .string(expected)
            details["found"] = found.map { text in .string(text) }
            self.init(.validation, error.description, code: "mismatch", details: .object(details))
        case .stuck(let paths, _):
            details["changed"] = .array(paths.map { path in .string(path) })
            // It may be half applied, and nothing but a look at the files tells.
            self.init(.unknown, error.description, code: "stuck", details: .object(details))
        default:
            self.init(.validation, error.description, details: .object(details))
        }
    }
}
