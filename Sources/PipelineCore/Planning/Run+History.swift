extension Run {
    /// What the run itself has added to its context so far: answers with calls, and the calls' results.
    var history: [Message] {
        var messages: [Message] = []
        messages.reserveCapacity(steps.count)
        for index in steps.indices where steps[index].status.isTerminal { steps[index].show(in: &messages) }
        return messages
    }

    /// What the run leaves behind: what was changed, or the accepted answers of these steps.
    func makeArtifact(of sources: [Key]) -> JSON {
        guard let first = sources.first else { return changes }
        guard sources.count > 1 else { return answers[first.text] ?? .null }
        var parts: JSON.Object = [:]
        for source in sources { parts[source.text] = answers[source.text] }
        return .object(parts)
    }

    /// Summary, files changed, commands with their exit codes, usage.
    ///
    /// It is made from the steps that are kept; `cut` says that earlier ones are in the journal alone. A tool
    /// that changes a file says so in its output: `path`, `before` (absent for a new file), `after`. One that
    /// changes several says so in `files`, an array of such objects, in which `after` is absent for a file
    /// that is gone.
    var changes: JSON {
        var files: [JSON.Object] = []
        var commands: [JSON] = []
        for step in steps {
            guard let output = step.result?.output else { continue }
            if step.kind == .command {
                var command: JSON.Object = ["name": .string(step.name)]
                command["exitCode"] = output["exitCode"]
                command["signal"] = output["signal"]
                commands.append(.object(command))
            } else if step.kind == .tool {
                let isOne = output["path"] != nil && output["after"] != nil
                for change in output["files"]?.arrayValue ?? (isOne ? [output] : []) {
                    files.note(change)
                }
            }
        }
        return .object([
            "summary": .string(answer ?? ""), "files": .array(files.map { file in .object(file) }),
            "commands": .array(commands), "usage": spent.usage.json,
            "cut": .bool((steps.first?.ordinal ?? 1) > 1),
        ])
    }
}

extension Run.Step {
    /// What a model is shown of a step that has ended.
    fileprivate func show(in messages: inout [Run.Message]) {
        if let call {
            // What the template calls is shown as if it had been asked for: no result without its call.
            if reason != .call { messages.append(.assistant("", calls: [call])) }
            messages.append(
                .tool(
                    call: call.id, name: call.name, output: result?.output ?? failure.explained,
                    failed: status != .completed))
        } else if kind == .llm, let result {
            messages.append(.assistant(result.text, calls: result.calls))
        }
    }
}

extension [JSON.Object] {
    /// Takes a change to a file in; what was before is what was before the first one.
    fileprivate mutating func note(_ change: JSON) {
        guard let path = change["path"], change["before"] != nil || change["after"] != nil else { return }
        if let index = firstIndex(where: { file in file["path"] == path }) {
            self[index]["after"] = change["after"]
            // Made and removed again: nothing was changed.
            if self[index]["before"] == nil, change["after"] == nil { remove(at: index) }
        } else {
            var file: JSON.Object = ["path": path]
            file["before"] = change["before"]
            file["after"] = change["after"]
            append(file)
        }
    }
}

extension Run.Result {
    /// The text of a strategy's answer.
    public var text: String { output.stringValue ?? (output == .null ? "" : output.description) }
}

extension Run.Failure? {
    /// A failure as the model sees it.
    fileprivate var explained: JSON {
        var failure = self
        // Which attempt it was decides nothing for a model.
        failure?.attempt = nil
        return .object(["error": failure?.json ?? .null])
    }
}

extension String {
    /// Nothing but white space.
    var isBlank: Bool { unicodeScalars.allSatisfy { scalar in scalar.properties.isWhitespace } }
}
