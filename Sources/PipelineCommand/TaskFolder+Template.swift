import PipelineCore
import PipelineRuntime

extension TaskFolder {
    /// The definition that a run of this task keeps: the mode that the command line or task.json names, with the
    /// task's extensions.
    ///
    /// - Parameter given: what `--mode` says, which wins; a file is relative to the working directory then.
    func template(mode given: String?) throws(CommandError) -> Template {
        let base: Template
        if let given {
            base = try TaskFolder.template(given, at: given) { () -> CommandError in
                Subcommand.run.misuse("\"\(given)\" is no mode; \(TaskFolder.modes).")
            }
        } else if let mode {
            base = try TaskFolder.template(mode, at: "\(path)/\(mode)") { () -> CommandError in
                let what = "/mode: \"\(mode)\" is no mode; \(TaskFolder.modes)"
                return CommandError(.badInput, "\(path)/\(TaskFolder.file): \(what).")
            }
        } else {
            base = .coding
        }
        return try extend(base)
    }

    static let modes =
        "there are coding, planning and engineering, or name the file of a template"

    /// The template of a built-in mode, or the one in a file.
    ///
    /// - Parameter unknown: the error for a name that is neither.
    static func template(
        _ name: String, at file: String, else unknown: () -> CommandError
    ) throws(CommandError) -> Template {
        if let template = Template.builtIn(Key(name)) { return template }
        let isFileName = name.hasSuffix(".json")
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try FileDescriptor(opening: file, .reading).readAll()
        } catch {
            guard error.isMissing else {
                throw CommandError(.badInput, "\(file) cannot be read as a mode: \(error.reason).")
            }
            guard isFileName else { throw unknown() }
            throw CommandError(.badInput, "There is no \(file); \(modes).")
        }
        let template: Template
        do {
            template = try Template(unchecked: try JSON(parsing: bytes))
        } catch let error as JSON.ParseError {
            throw CommandError(.badInput, "\(file) cannot be read as a mode: \(error)")
        } catch {
            throw CommandError(.badInput, "\(file): \(error). Correct it and run again.")
        }
        return try check(template.problems.map { problem in "\(file): \(problem)" }, template)
    }

    private func extend(_ base: Template) throws(CommandError) -> Template {
        guard let extensions else { return base }
        let file = "\(path)/\(TaskFolder.file)"
        let changes: [Template.Extension]
        do throws(JSON.FormatError) {
            changes = try Template.Extension.list(json: extensions)
        } catch {
            let place = JSON.FormatError(error.reason, at: "/extensions\(error.pointer)")
            throw CommandError(.badInput, "\(file): \(place). Correct it and run again.")
        }
        do throws(Template.Invalid) {
            return try base.extended(by: changes)
        } catch {
            let own = changes.map { change in "/\(change.point.rawValue)" }
            return try TaskFolder.check(
                error.problems.map { problem in
                    own.contains(problem.pointer)
                        ? "\(file): /extensions\(problem)"
                        : "\(file): /extensions: they make the mode unusable, \(problem)"
                }, base)
        }
    }

    /// The template, unless something is wrong with it: then everything, one thing a line.
    private static func check(_ problems: [String], _ template: Template) throws(CommandError) -> Template {
        guard !problems.isEmpty else { return template }
        throw CommandError("The mode", cannotBeUsed: problems)
    }
}

extension Template {
    /// The strategies that its steps ask, by the names under which they must be registered.
    var strategies: [String] {
        steps.compactMap { step in
            if case .strategy(let strategy) = step.action { strategy.name } else { nil }
        }
    }
}
