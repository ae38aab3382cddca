#if SQLite
    import CPipelineSQLite
    import PipelineCore
    import PipelineRuntime
    import PipelineSQLite
    import PipelineTesting
    import Testing

    #if canImport(Glibc)
        import Glibc
    #elseif canImport(Musl)
        import Musl
    #elseif canImport(Darwin)
        import Darwin
    #endif

    /// The journal in a database: all that is asked of any journal, and what only a database has.
    struct SQLiteJournalTests {
        private let folder: ScratchFolder

        init() throws { folder = try ScratchFolder() }

        private var path: String { folder["journal.sqlite"] }

        private func reason(_ body: () async throws -> Void) async -> JournalError.Reason? {
            do { try await body() } catch { return (error as? JournalError)?.reason }
            return nil
        }

        @Test func `it keeps its promises`() async throws {
            let report = await JournalConformance.databases(in: folder).run()
            try report.verify()
            #expect(report.notTried == [.powerLoss])
        }

        // MARK: What is there

        @Test func `another database, a file that is none and an empty one stay as they are`() async throws {
            try Connection(folder["other"]).run("CREATE TABLE t (x); PRAGMA user_version = 1")
            try folder.write(Array("This is no database, whatever its name may be.\n".utf8), to: "text")
            try folder.write([], to: "empty")
            for (name, expected) in [
                ("other", JournalError.Reason.foreign), ("text", .foreign), ("empty", .missing),
            ] {
                let bytes = try folder.read(name)
                #expect(await reason { _ = try SQLiteJournal.open(at: folder[name]) } == expected, "\(name)")
                #expect(try folder.read(name) == bytes && !folder.exists("\(name).lock"))
            }
            for name in ["other", "text"] {
                let bytes = try folder.read(name)
                #expect(
                    await reason { _ = try SQLiteJournal.create(at: folder[name]) }
                        == .system("open", "File exists"))
                #expect(try folder.read(name) == bytes)
            }
            #expect(await reason { _ = try SQLiteJournal.open(at: folder["nowhere"]) } == .missing)
            #expect(!folder.exists("nowhere"))
            await (try SQLiteJournal.create(at: folder["a/b/c"])).close()
            #expect(
                await reason { _ = try SQLiteJournal.create(at: folder["a/b/c"]) }
                    == .system("open", "File exists"))
        }

        @Test func `another database is looked at without touching its log`() async throws {
            let other = try Connection(folder["open"])
            try other.run("PRAGMA journal_mode = WAL; CREATE TABLE t (x)")
            for part in ["", "-wal"] { try folder.write(try folder.read("open\(part)"), to: "left\(part)") }
            let log = try folder.read("left-wal")
            #expect(await reason { _ = try SQLiteJournal.open(at: folder["left"]) } == .foreign)
            #expect(folder.exists("left-wal") && !log.isEmpty)
            if folder.exists("left-wal") { #expect(try folder.read("left-wal") == log) }
            try other.run("DROP TABLE t")
        }

        @Test func `a later version is named, and stays as it is`() async throws {
            await (try SQLiteJournal.create(at: path)).close()
            try Connection(path).run("PRAGMA user_version = 7")
            let bytes = try folder.read("journal.sqlite")
            #expect(await reason { _ = try SQLiteJournal.open(at: path) } == .newerFormat(7, known: 1))
            #expect(try folder.read("journal.sqlite") == bytes)
        }

        @Test func `an earlier version becomes this one, whole or not at all`() async throws {
            var journal = try SQLiteJournal.create(at: path)
            try await journal.append([.note(1, in: "chat")], flushing: true)
            await journal.close()
            let broken = Schema(Schema.current.steps + ["CREATE TABLE more (x); CREATE TABLE record (y)"])
            #expect(await reason { _ = try SQLiteJournal.open(at: path, broken) } != nil)
            let next = Schema(
                Schema.current.steps + ["CREATE TABLE more (x)", "INSERT INTO more VALUES (1)"])
            journal = try SQLiteJournal.open(at: path, next)
            #expect(try await journal.records(of: "chat") == [.note(1, in: "chat")])
            await journal.close()
            #expect(try Connection(path).integer("SELECT count(*) FROM more") == 1)
            #expect(await reason { _ = try SQLiteJournal.open(at: path) } == .newerFormat(3, known: 1))
            await (try SQLiteJournal.open(at: path, next)).close()
            #expect(try Connection(path).integer("SELECT count(*) FROM more") == 1)
        }

        // MARK: Processes

        @Test func `what another process holds is held, and can be taken over`() async throws {
            let journal = try SQLiteJournal.create(at: path)
            try await journal.append([.note(1, in: "chat")], flushing: true)
            #expect(SQLiteJournal.isHeld(at: path))
            await #expect(processExitsWith: .exitCode(75)) { [path = path as String] in
                do { _ = try SQLiteJournal.open(at: path) } catch let error as JournalError {
                    exit(error.reason == .held ? 75 : 1)
                }
            }
            await #expect(processExitsWith: .exitCode(0)) { [path = path as String] in
                let next = try SQLiteJournal.open(at: path, takingOver: true)
                try await next.append([.note(2, in: "chat")], flushing: true)
                await next.close()
            }
            #expect(
                await reason { try await journal.append([.note(2, in: "chat")], flushing: true) }
                    == .fenced(by: 2))
            await journal.close()
            #expect(!SQLiteJournal.isHeld(at: path))
            let next = try SQLiteJournal.open(at: path)
            #expect(try await next.records(of: "chat") == (1...2).map { number in .note(number, in: "chat") })
            await next.close()
        }

        @Test func `what a killed process had acknowledged is there`() async throws {
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let journal = try SQLiteJournal.create(at: path)
                for number in 1...50 {
                    try await journal.append([.note(number, in: "chat")], flushing: number == 10)
                }
                kill(getpid(), SIGKILL)
            }
            #expect(folder.exists("journal.sqlite-wal"))
            let journal = try SQLiteJournal.open(at: path)
            #expect(
                try await journal.records(of: "chat") == (1...50).map { number in .note(number, in: "chat") })
            try await journal.append([.note(51, in: "chat")], flushing: true)
            await journal.close()
        }

        @Test func `a process that is killed in the middle of an append leaves the one before`() async throws
        {
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let journal = try SQLiteJournal.create(at: path)
                try await journal.append([.note(1, in: "chat")], flushing: true)
                // Its pages are in the log, and the commit is not.
                let other = try Connection(path)
                try other.run("PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE")
                for number in 2...200 {
                    try other.run("INSERT INTO record VALUES (1, \(number), randomblob(3000))")
                }
                kill(getpid(), SIGKILL)
            }
            #expect(try folder.read("journal.sqlite-wal").count > 300_000)
            let journal = try SQLiteJournal.open(at: path)
            #expect(try await journal.records(of: "chat") == [.note(1, in: "chat")])
            try await journal.append([.note(2, in: "chat")], flushing: true)
            #expect(try await journal.records(of: "chat").count == 2)
            await journal.close()
        }

        @Test func `another connection that writes for too long is an error, and nothing is lost`()
            async throws
        {
            let journal = try SQLiteJournal.create(at: path, patience: .milliseconds(1))
            let other = try Connection(path)
            try other.run("BEGIN IMMEDIATE")
            #expect(
                await reason { try await journal.append([.note(1, in: "chat")], flushing: true) } == .held)
            try other.run("ROLLBACK")
            try await journal.append([.note(1, in: "chat")], flushing: true)
            #expect(try await journal.records(of: "chat").count == 1)
            await journal.close()
        }

        // MARK: Flushing, room, copies

        @Test func `a flush writes to the log only where something was not flushed`() async throws {
            let journal = try SQLiteJournal.create(at: path)
            func flushes() throws -> Int { try Connection(path).integer("SELECT flushes FROM owner") }
            try await journal.append([.note(1, in: "chat")], flushing: true)
            try await journal.flush()
            #expect(try flushes() == 0)
            try await journal.append([.note(2, in: "chat")], flushing: false)
            try await journal.flush()
            try await journal.flush()
            #expect(try flushes() == 1)
            try await journal.append([.note(3, in: "chat")], flushing: false)
            try await journal.append([JournalEntry](), flushing: true)
            #expect(try flushes() == 2)
            await journal.close()
        }

        #if canImport(Glibc)
            @Test func `a disk that takes no more is an error, after which the journal is as it was`()
                async throws
            {
                let journal = try SQLiteJournal.create(at: path)
                try await journal.append([.note(1, in: "chat")], flushing: true)
                await journal.close()
                // In a process of its own no file may grow.
                await #expect(processExitsWith: .exitCode(0)) { [path = path as String] in
                    signal(SIGXFSZ, SIG_IGN)
                    let journal = try SQLiteJournal.open(at: path)
                    var limit = rlimit()
                    getrlimit(__rlimit_resource_t(1), &limit)
                    limit.rlim_cur = 64
                    setrlimit(__rlimit_resource_t(1), &limit)
                    do {
                        try await journal.append([.note(2, in: "chat")], flushing: true)
                        exit(1)
                    } catch let error as JournalError {
                        guard case .system = error.reason else { exit(2) }
                    }
                    guard try await journal.records(of: "chat").count == 1 else { exit(3) }
                }
                let next = try SQLiteJournal.open(at: path)
                #expect(try await next.records(of: "chat") == [.note(1, in: "chat")])
                try await next.append([.note(2, in: "chat")], flushing: true)
                await next.close()
            }

        #endif

        @Test func `compaction gives the room back`() async throws {
            let journal = try SQLiteJournal.create(at: path)
            for number in 1...400 {
                let text = String(repeating: "x", count: 4_000)
                let signal = Run.Signal(
                    id: Run.Signal.ID("n\(number)"), .interrupt("none", reason: text), by: .host, at: 0)
                try await journal.append(
                    [
                        .record(
                            JournalRecord(
                                conversation: "chat", sequence: number, signal: signal, disposition: .stale))
                    ], flushing: false)
            }
            let snapshot = JournalSnapshot(
                conversation: "chat", sequence: 400, time: 0, events: 0, digest: .start, state: .null)
            try await journal.append([.snapshot(snapshot)], flushing: true)
            try await journal.compact()
            let copy = folder["copy"]
            try await journal.backup(to: copy)
            #expect(try folder.read("copy").count < 100_000)
            await journal.close()
            #expect(try folder.read("journal.sqlite").count < 100_000)
        }

        @Test func `a copy that is made during appends is a whole journal of one moment`() async throws {
            let journal = try SQLiteJournal.create(at: path)
            try await journal.append([.note(1, in: "a"), .note(1, in: "b")], flushing: true)
            let folder = folder
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for number in 2...60 {
                        try await journal.append(
                            [.note(number, in: "a"), .note(number, in: "b")], flushing: false)
                    }
                }
                group.addTask {
                    for number in 1...8 { try await journal.backup(to: folder["copy\(number)"]) }
                }
                try await group.waitForAll()
            }
            for number in 1...8 {
                #expect(!folder.exists("copy\(number).new") && !folder.exists("copy\(number)-wal"))
                let copy = try SQLiteJournal.open(at: folder["copy\(number)"])
                let records = try await copy.records(of: "a")
                #expect(records == (1...records.count).map { number in .note(number, in: "a") })
                #expect(try await copy.records(of: "b").count == records.count, "groups are whole")
                await copy.close()
            }
            #expect(
                await reason { try await journal.backup(to: folder["copy1"]) }
                    == .system("open", "File exists"))
            #expect(await reason { try await journal.backup(to: path) } == .system("open", "File exists"))
            #expect(await reason { try await journal.backup(to: folder["no/where"]) } != nil)
            await journal.close()
            #expect(await reason { try await journal.backup(to: folder["late"]) } == .closed)
        }

        // MARK: Damage

        @Test(arguments: [
            ("DELETE FROM record WHERE sequence = 2", "record 2 of chat"),
            ("DELETE FROM record WHERE sequence = 3", "record 3 of chat"),
            ("UPDATE record SET line = replace(line, 'n2', 'n9') WHERE sequence = 2", "record 2 of chat"),
            ("UPDATE record SET sequence = 4 WHERE sequence = 3", "record 3 of chat"),
            (
                "UPDATE record SET line = (SELECT line FROM record WHERE sequence = 1) WHERE sequence = 2",
                "record 2 of chat"
            ),
            ("DELETE FROM snapshot", "the snapshot of chat"),
            ("DELETE FROM conversation", "what is held of chat"),
            (
                "UPDATE conversation SET line = replace(line, '\"last\":3', '\"last\":2')",
                "what is held of chat"
            ),
            ("DROP TABLE snapshot", "what is held of chat"),
        ])
        func `what was changed behind its back is named`(statement: String, place: String) async throws {
            let journal = try SQLiteJournal.create(at: path)
            try await journal.append((1...3).map { number in .note(number, in: "chat") }, flushing: true)
            let snapshot = JournalSnapshot(
                conversation: "chat", sequence: 3, time: 0, events: 0, digest: .start, state: .null)
            try await journal.append([.snapshot(snapshot)], flushing: true)
            try Connection(path).run(statement.replacingLine)
            let reads = [
                await reason { _ = try await journal.records(of: "chat") },
                await reason { _ = try await journal.tail(of: "chat") },
            ]
            let places = reads.compactMap { reason in
                if case .damaged(let place, _) = reason { place } else { nil }
            }
            #expect(places.contains(place), "\(reads)")
            await journal.close()
        }
    }

    extension String {
        /// `replace` makes text, and a line is a blob.
        fileprivate var replacingLine: String {
            guard let start = firstRange(of: "replace("), let end = lastIndex(of: ")") else { return self }
            return self[..<start.lowerBound] + "CAST(" + self[start.lowerBound...end] + " AS BLOB)"
                + self[index(after: end)...]
        }
    }

    extension JournalConformance {
        /// Journals in databases.
        fileprivate static func databases(in folder: ScratchFolder) -> JournalConformance {
            JournalConformance(
                "SQLiteJournal",
                create: { name in try SQLiteJournal.create(at: folder[name]) },
                open: { name in try SQLiteJournal.open(at: folder[name]) },
                takeOver: { name in try SQLiteJournal.open(at: folder[name], takingOver: true) },
                afterKill: { name in
                    for part in ["", "-wal"] {
                        try folder.write(try folder.read("\(name)\(part)"), to: "\(name)-left\(part)")
                    }
                    return "\(name)-left"
                },
                damaged: { name, way in
                    var bytes = try folder.read(name)
                    // Every bit of how many cells a page has, which is behind the file's head in the first one, and one
                    // here and there of the rest, which is at the ends of pages.
                    let bits = (0..<bytes.count * 8).filter { bit in
                        let place = bit / 8 % 4_096
                        return (bit < 32_768 ? 103..<105 : 3..<5).contains(place)
                            || bit % 8 == place % 8 && place % 127 == 0 && !(100..<3_000).contains(place)
                    }
                    guard way <= bits.count else { return nil }
                    if way < bits.count {
                        bytes[bits[way] / 8] ^= 1 << (bits[way] % 8)
                    } else {
                        bytes.removeLast(4_096)
                    }
                    let copy = "\(name)-\(way)"
                    try folder.write(bytes, to: copy)
                    return copy
                })
        }
    }

    /// Another connection, as a person with a shell would have it.
    private final class Connection {
        private let handle: OpaquePointer

        struct Refusal: Error {
            let text: String
        }

        init(_ path: String) throws {
            var handle: OpaquePointer?
            guard sqlite3_open(path, &handle) == SQLITE_OK, let handle else { throw Refusal(text: path) }
            self.handle = handle
        }

        deinit { sqlite3_close_v2(handle) }

        func run(_ script: String) throws {
            guard sqlite3_exec(handle, script, nil, nil, nil) == SQLITE_OK else {
                throw Refusal(text: String(cString: sqlite3_errmsg(handle)))
            }
        }

        func integer(_ sql: String) throws -> Int {
            var statement: OpaquePointer?
            guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK,
                sqlite3_step(statement) == SQLITE_ROW
            else { throw Refusal(text: String(cString: sqlite3_errmsg(handle))) }
            defer { sqlite3_finalize(statement) }
            return Int(sqlite3_column_int64(statement, 0))
        }
    }
#endif
