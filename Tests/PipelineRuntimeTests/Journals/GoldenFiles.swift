import PipelineCore
import PipelineTesting

@testable import PipelineRuntime

/// Journals as they were written when their format was new, kept beside the tests: `Golden/format-<number>`.
///
/// Whoever gives journals a new format writes those of that format once, with the tests of ``GoldenJournalTests``:
///
///     PIPELINE_WRITE_GOLDEN=1 swift test --filter GoldenJournalTests
///
/// Those of earlier formats stay as they are for ever, and the tests go on reading them.
enum GoldenFiles {
    /// The format that this version writes.
    static let format = Int(JournalHeader.format)
    private static let prefix = "format-"
    private static let segmentSize = 16_000

    /// One journal of one format.
    struct Place: Hashable, CustomStringConvertible {
        let format: Int
        let journal: String

        var description: String { "\(GoldenFiles.prefix)\(format)/\(journal)" }
        var path: String { "\(GoldenFiles.folder)/\(self)" }
    }

    /// Why nothing was written.
    struct Refusal: Error { let reason: String }

    /// All that there are.
    static let places = formats.flatMap(places)

    static func places(of format: Int) -> [Place] {
        ScratchFolder.names(in: path(of: format)).sorted().map { journal in
            Place(format: format, journal: journal)
        }
    }

    static let formats = ScratchFolder.names(in: folder).compactMap { name in
        name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count)) : nil
    }.sorted()

    static func path(of format: Int) -> String { "\(folder)/\(prefix)\(format)" }

    /// In the tree from which the tests were built.
    private static let folder = folder()

    private static func folder(_ file: String = #filePath) -> String {
        file.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
            + "/Golden"
    }

    /// The files of a journal, by name; not its lock, which holds nothing.
    static func read(_ path: String) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in ScratchFolder.names(in: path) where name != "lock" {
            files[name] = try FileDescriptor(opening: "\(path)/\(name)", .reading).readAll()
        }
        return files
    }

    /// Writes the journals of this version: the story as it was told, the same compacted, and a fork of it.
    static func write(in folder: ScratchFolder) async throws {
        let story = try GoldenStory()
        try await write(story.parts, to: folder["story"])
        try folder.copyFolder("story", to: "compacted")
        let compacted = try FileJournal.open(at: folder["compacted"], segmentSize: segmentSize)
        try await compacted.compactFully()
        await compacted.close()
        let beginning = Array((story.parts.first ?? []).prefix(30))
        let last = beginning.last?.entries.last
        guard case .record(let record)? = last, let digest = record.digest else {
            throw Refusal(reason: "A fork begins with a record that has a digest.")
        }
        let origin = JournalOrigin(
            journal: "story", conversation: record.conversation, sequence: record.sequence, digest: digest,
            notes: ["über": GoldenStory.numbers])
        try await write([beginning], to: folder["fork"], origin: origin)
    }

    private static func write(
        _ parts: [[GoldenTape.Append]], to path: String, origin: JournalOrigin? = nil
    ) async throws {
        var journal = try FileJournal.create(at: path, origin: origin, segmentSize: segmentSize)
        for (number, part) in parts.enumerated() {
            if number > 0 { journal = try FileJournal.open(at: path, segmentSize: segmentSize) }
            for append in part { try await journal.append(append.entries, flushing: append.flushing) }
            await journal.close()
        }
    }

    /// Keeps journals as those of this version's format, where there are none.
    static func keep(_ journals: ScratchFolder) throws {
        guard !formats.contains(format) else {
            throw Refusal(reason: "\(path(of: format)) is there; golden files are never written over.")
        }
        for journal in ScratchFolder.names(in: journals.path) {
            let path = "\(path(of: format))/\(journal)"
            try makeFolders(path)
            for (name, bytes) in try read(journals[journal]) {
                try FileDescriptor(opening: "\(path)/\(name)", .createNew).write(bytes)
            }
        }
    }
}

extension ScratchFolder {
    /// Copies a golden journal, and gives the path of the copy.
    func copy(_ place: GoldenFiles.Place) throws -> String {
        try makeFolder(place.journal)
        for (name, bytes) in try GoldenFiles.read(place.path) {
            try write(bytes, to: "\(place.journal)/\(name)")
        }
        return self[place.journal]
    }
}
