import PipelineCore
import PipelineRunners
import PipelineRuntime

extension Program {
    /// Makes another run of the history up to a record.
    static func fork(_ words: [String]) async throws(CommandError) -> ExitCode {
        let arguments = try ArgumentList(
            words, of: .fork, options: ["--at", "--journal", "--conversation"])
        guard let sequence = try arguments.record("--at", of: .fork) else {
            let path = try arguments.operand("JOURNAL", of: .fork)
            throw Subcommand.fork.misuse("--at is missing: the last record of \(path) that the fork has.")
        }
        let view = try JournalView(
            try arguments.operand("JOURNAL", of: .fork), conversation: arguments.conversation)
        let elsewhere = arguments.all("--journal").last?.withoutEndingSlashes
        if let elsewhere { try checkIsFree(elsewhere) }
        let source = try view.folder()
        let folder = try source.makeFork()
        let path = elsewhere ?? folder.shown(folder.journal)
        let notes: JSON = elsewhere == nil ? .null : ["folder": .string(folder.path)]
        do throws(JournalError) {
            try await FileJournal.fork(
                view.path.absolute, at: sequence, of: view.conversation.id, to: path, notes: notes)
        } catch {
            // Whether there is such a record is found out before anything is made in it.
            folder.removeIfEmpty()
            throw CommandError(error)
        }
        try source.copyFiles(to: folder)
        let fork = try JournalView(path, conversation: view.conversation.id)
        Console.out(
            "forked   \(path): \(view.run) as it was after record \(sequence), \(fork.outcome)\n".printable)
        Console.out(
            "files    \(folder.shown(folder.workspace)): copied as they are now, not as they were then\n")
        Console.out("done     what was done up to there stays done, and is not done again\n")
        if fork.live != nil { Console.out("resume   \(fork.resumeCommand)\n") }
        return .completed
    }

    /// Forgets the history of a journal, and keeps what is needed to go on.
    static func compact(_ words: [String]) async throws(CommandError) -> ExitCode {
        let arguments = try ArgumentList(words, of: .compact)
        let path = try arguments.operand("JOURNAL", of: .compact).withoutEndingSlashes
        let journal = try open(path)
        do throws(JournalError) {
            let before = Console.size(ofFilesIn: path)
            let kept = try await journal.conversations()
            let gone = try await journal.compactFully()
            await journal.close()
            let bytes = before - Console.size(ofFilesIn: path)
            let all = kept.reduce(0) { sum, listing in sum + listing.records.count }
            let saved =
                bytes >= 0
                ? "with \(bytes) bytes"
                : "and \(-bytes) bytes more are used: its state is longer than they were"
            Console.out("compacted \(path): \(gone) of \(all) records are gone \(saved)\n".printable)
            if gone > 0 {
                Console.out("Earlier history is no longer kept; each conversation goes on from its state.\n")
            }
        } catch {
            throw CommandError(error)
        }
        return .completed
    }
}

extension RunFolder {
    /// Makes the first free folder beside this one for a fork of it: `<name>-fork-<n>`.
    fileprivate func makeFork() throws(CommandError) -> RunFolder {
        for number in 1...10_000 {
            let fork = RunFolder(path: "\(path)-fork-\(number)")
            if try fork.make() { return fork }
        }
        throw CommandError(.cannotWrite, "There are too many forks of \(path); remove some.")
    }

    /// Copies the workspace as it is, and what the run needs; the run's file comes last and says that all is there.
    fileprivate func copyFiles(to fork: RunFolder) throws(CommandError) {
        do throws(WorkspaceError) {
            try Workspace.copy(from: workspace, to: fork.workspace)
        } catch {
            throw CommandError(.badInput, "The workspace of \(path) cannot be copied: \(error)")
        }
        do throws(FileError) {
            for name in ["transcript.jsonl", RunPolicy.file, RunFolder.file] {
                let bytes: [UInt8]
                do throws(FileError) {
                    bytes = try FileDescriptor(opening: "\(path)/\(name)", .reading).readAll()
                } catch {
                    guard error.isMissing else { throw error }
                    continue
                }
                try FileDescriptor(opening: "\(fork.path)/\(name)", .createNew).write(bytes)
            }
        } catch {
            throw CommandError(.cannotWrite, "\(error). Choose a folder that can be written.")
        }
    }
}

extension String {
    /// The path from the root.
    fileprivate var absolute: String {
        guard utf8.first != UInt8(ascii: "/"), let directory = Console.directory else { return self }
        return "\(directory)/\(self)"
    }
}

extension Console {
    /// Bytes of the files of a journal.
    fileprivate static func size(ofFilesIn folder: String) -> Int {
        (names(in: folder) ?? []).filter { name in name.hasPrefix("journal") }.reduce(0) { sum, name in
            sum + ((try? FileDescriptor(opening: "\(folder)/\(name)", .reading).size()) ?? 0)
        }
    }
}
