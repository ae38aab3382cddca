import PipelineCore
import PipelineRunners
import PipelineRuntime

/// A folder with a task: `task.json`, a workspace, a transcript.
///
/// | member of task.json | meaning |
/// | --- | --- |
/// | task | what the model is asked to do |
/// | workspace | the folder that a run copies, relative to this one |
/// | transcript | what the model says, relative to this folder |
/// | commands | name → `arguments` (program first), `description`, `idempotent` |
/// | mode | coding, planning, engineering, or a template's file, relative to this folder; coding when absent |
/// | policy | the file with the rules of a run, relative to this folder; the task's own rules when absent |
/// | extensions | what the task changes in its mode, see `Template.Extension.list(json:)` |
struct TaskFolder {
    let path: String
    let task: String
    let workspace: String
    let transcript: Transcript
    let commands: [CommandSpec]
    let mode: String?
    let policy: String?
    let extensions: JSON?

    struct CommandSpec {
        let name: String
        let description: String
        let arguments: [String]
        let isIdempotent: Bool
    }

    static let file = "task.json"

    /// - Parameters:
    ///   - path: of the folder that a person named, or of a run's own copy.
    ///   - name: of the file that describes it there.
    init(_ path: String, describedBy name: String = TaskFolder.file) throws(CommandError) {
        self.path = path
        let file = "\(path)/\(name)"
        let json = try TaskFolder.parse(file)
        do throws(JSON.FormatError) {
            let members = try JSON.Members(json)
            for member in json.objectValue ?? [:]
            where !TaskFolder.memberNames.contains(member.key.text) {
                throw JSON.FormatError("no such member", at: "/\(member.key)")
            }
            task = try members.value("task")
            guard task.contains(where: { character in !character.isWhitespace }), task.utf8.count <= 16_384
            else {
                throw JSON.FormatError("must not be blank, and have at most 16 KiB", at: "/task")
            }
            workspace = "\(path)/\(try members.value("workspace") as String)"
            let specs: JSON = try members.value("commands", or: [:])
            var commands: [CommandSpec] = []
            for member in specs.objectValue ?? [:] {
                commands.append(try CommandSpec(name: member.key.text, member.value))
            }
            self.commands = commands
            mode = try members.optional("mode")
            policy = try members.optional("policy")
            extensions = try members.optional("extensions")
            let script: String = try members.value("transcript")
            do throws(TranscriptError) {
                transcript = try Transcript.load(from: "\(path)/\(script)")
            } catch {
                throw JSON.FormatError(error.description, at: TaskFolder.notHere)
            }
        } catch {
            let isTranscript = error.pointer == TaskFolder.notHere
            throw CommandError(
                .badInput, isTranscript ? error.reason : "\(file): \(error). Correct it and run again.")
        }
    }

    private static let memberNames = [
        "task", "workspace", "transcript", "commands", "mode", "policy", "extensions",
    ]

    /// Marks an error that names its own file.
    private static let notHere = "transcript"

    private static func parse(_ file: String) throws(CommandError) -> JSON {
        do {
            let bytes = try FileDescriptor(opening: file, .reading).readAll()
            return try JSON(parsing: bytes)
        } catch let error as FileError where error.isMissing {
            throw CommandError(
                .badInput,
                "There is no \(file). Name a folder that holds a task, such as docs/examples/fix-the-test.")
        } catch {
            throw CommandError(.badInput, "\(file) cannot be read: \(error)")
        }
    }
}

extension TaskFolder.CommandSpec {
    fileprivate init(name: String, _ json: JSON) throws(JSON.FormatError) {
        let place = "/commands/\(name)"
        do throws(JSON.FormatError) {
            let members = try JSON.Members(json)
            for member in json.objectValue ?? [:]
            where !["arguments", "description", "idempotent"].contains(member.key.text) {
                throw JSON.FormatError("no such member", at: "/\(member.key)")
            }
            self.name = name
            arguments = try members.value("arguments")
            guard !arguments.isEmpty else { throw JSON.FormatError("names no program", at: "/arguments") }
            description = try members.value("description", or: arguments.joined(separator: " "))
            isIdempotent = try members.value("idempotent", or: false)
        } catch {
            throw JSON.FormatError(error.reason, at: place + error.pointer)
        }
    }
}
