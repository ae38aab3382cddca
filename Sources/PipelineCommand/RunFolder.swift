import PipelineCore
import PipelineRunners
import PipelineRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// `.pipeline/<run>`: the copy of the workspace, of the task, of the transcript and of the policy, and by default
/// the journal.
struct RunFolder {
    /// Absolute.
    let path: String

    /// Describes the run's copy as `task.json` does the task: a name of its own, so that no task is taken for a run.
    static let file = "run.json"

    var workspace: String { "\(path)/workspace" }
    var journal: String { "\(path)/journal" }
    var name: String { String(path.split(separator: "/").last ?? "") }

    /// A path in this folder as a person would write it: relative to the working directory where that is shorter.
    func shown(_ inner: String) -> String {
        guard let directory = Console.directory, inner.hasPrefix(directory + "/") else { return inner }
        return String(inner.dropFirst(directory.count + 1))
    }

    /// Makes the first free `.pipeline/<name>-<n>` and copies what the run needs.
    static func create(for task: TaskFolder, under policy: RunPolicy) throws(CommandError) -> RunFolder {
        let name = task.path.split(separator: "/").last { part in part != "." && part != ".." } ?? "task"
        guard let base = Console.directory.map({ directory in "\(directory)/.pipeline" }) else {
            throw CommandError(
                .cannotWrite, "The working directory cannot be found; change to one that exists.")
        }
        do throws(FileError) { try makeFolders(base) } catch {
            throw CommandError(.cannotWrite, "\(error). Choose a folder that can be written.")
        }
        var number = 1
        while try !RunFolder(path: "\(base)/\(name)-\(number)").make() { number += 1 }
        let folder = RunFolder(path: "\(base)/\(name)-\(number)")
        do throws(CommandError) {
            try folder.copy(task, policy)
        } catch {
            // A copy that failed has taken back what it made.
            folder.removeIfEmpty()
            throw error
        }
        return folder
    }

    /// Makes the folder; false when there is one of its name already.
    func make() throws(CommandError) -> Bool {
        if mkdir(path, 0o755) == 0 { return true }
        guard errno == EEXIST else {
            throw CommandError(.cannotWrite, "The folder \(path) cannot be made; make its parent writable.")
        }
        return false
    }

    func removeIfEmpty() { rmdir(path) }

    /// The task, as it was copied.
    func task() throws(CommandError) -> TaskFolder { try TaskFolder(path, describedBy: RunFolder.file) }

    /// Copies the workspace as it is; the run's file comes last and says that the copy is whole.
    private func copy(_ task: TaskFolder, _ policy: RunPolicy) throws(CommandError) {
        do throws(WorkspaceError) {
            try Workspace.copy(from: task.workspace, to: workspace)
        } catch {
            throw CommandError(.badInput, "The workspace of \(task.path) cannot be copied: \(error)")
        }
        var commands: JSON.Object = [:]
        for command in task.commands {
            commands[command.name] = [
                "arguments": command.arguments.json, "description": .string(command.description),
                "idempotent": .bool(command.isIdempotent),
            ]
        }
        let json: JSON = [
            "task": .string(task.task), "workspace": "workspace", "transcript": "transcript.jsonl",
            "commands": .object(commands), "policy": .string(RunPolicy.file),
        ]
        do throws(FileError) {
            let transcript = try FileDescriptor(opening: task.transcript.path, .reading).readAll()
            try FileDescriptor(opening: "\(path)/transcript.jsonl", .createNew).write(transcript)
            try FileDescriptor(opening: "\(path)/\(RunPolicy.file)", .createNew).write(policy.bytes)
            try FileDescriptor(opening: "\(path)/\(RunFolder.file)", .createNew).write(json.canonicalBytes)
        } catch {
            throw CommandError(.cannotWrite, "\(error). Choose a folder that can be written.")
        }
    }
}
