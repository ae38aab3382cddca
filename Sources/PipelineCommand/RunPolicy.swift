import PipelineCore
import PipelineRuntime

/// The rules of a run, as they are kept in its folder.
struct RunPolicy {
    let rules: [Policy.Rule]

    /// The copy beside `run.json`.
    static let file = "policy.json"

    init(_ rules: [Policy.Rule]) { self.rules = rules }

    /// Reads a file; everything that is wrong with it is one error.
    init(reading file: String) throws(CommandError) {
        let json: JSON
        do {
            json = try JSON(parsing: try FileDescriptor(opening: file, .reading).readAll())
        } catch let error as FileError where error.isMissing {
            throw CommandError(
                .badInput, "There is no \(file); name a file that holds {\"rules\": [...]}.")
        } catch let error as FileError {
            throw CommandError(.badInput, "\(file) cannot be read as a policy: \(error.reason).")
        } catch {
            throw CommandError(.badInput, "\(file) cannot be read as a policy: \(error)")
        }
        do throws(PolicyError) {
            // A run's workspace is made later; that there will be one is all that counts here.
            rules = try Policy(json: json, root: "/").rules ?? []
        } catch {
            let lines = error.problems.map { problem in "\(file): \(problem)" }
            throw CommandError("The policy", cannotBeUsed: lines)
        }
    }

    var bytes: [UInt8] { (Policy(rules).json ?? .null).canonicalBytes }

    /// Of the rules, however they are spelled: a run's journal says by it which policy the run began with.
    var digest: ContentDigest { ContentDigest(hashing: bytes) }

    /// The rules, in force in a workspace.
    func policy(in workspace: String, for attendance: Attendance) -> Policy {
        let isAbsolute = workspace.utf8.first == UInt8(ascii: "/")
        let root = isAbsolute ? workspace : "\(Console.directory ?? "")/\(workspace)"
        let policy = Policy(rules, root: root)
        return attendance == .terminal ? policy : policy.denyingWhatAsks()
    }
}

extension CommandError {
    /// Something that cannot be used, with everything that is wrong with it, one thing a line.
    init(_ what: String, cannotBeUsed problems: [String]) {
        let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
        let lines = problems.map { problem in "\n  \(problem)" }.joined()
        self.init(.badInput, "\(what) cannot be used; it has \(count):\(lines)")
    }
}
