#if SQLite
    internal import CPipelineSQLite
    internal import PipelineCore
    public import PipelineRuntime

    extension SQLiteJournal {
        /// Makes a journal where there is none, and holds it. Missing folders are made.
        ///
        /// - Parameter patience: how long to wait for another connection that is writing.
        public static func create(
            at path: String, patience: Duration = standardPatience
        ) throws(JournalError) -> SQLiteJournal {
            let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            do throws(FileError) { try makeFolders(folder.joined(separator: "/")) } catch {
                throw JournalError(error)
            }
            guard let lock = try holdLock(of: path) else { throw JournalError(path, .held) }
            let milliseconds = patience.milliseconds
            do throws(DatabaseError) {
                let database = try Database(path, creating: true, patience: milliseconds)
                guard try Schema.kind(of: database) == .empty else { throw DatabaseError.exists }
                // Before there are tables, or it has no effect.
                try database.execute("PRAGMA auto_vacuum = INCREMENTAL")
                try database.configure()
                try database.execute("BEGIN IMMEDIATE")
                try Schema.current.migrate(database, from: 0)
                try database.execute("COMMIT")
            } catch {
                throw error.kind == SQLITE_NOTADB ? DatabaseError.exists.located(path) : error.located(path)
            }
            return try open(path, .current, lock: lock, patience: milliseconds)
        }

        /// Opens a journal to go on with it, and holds it. All of it is looked at once.
        ///
        /// - Parameter takingOver: also when another engine holds it, which may write no more from then on: for one that
        ///   hangs, or that nobody can reach.
        public static func open(
            at path: String, takingOver: Bool = false, patience: Duration = standardPatience
        ) throws(JournalError) -> SQLiteJournal {
            try open(at: path, .current, takingOver: takingOver, patience: patience)
        }

        package static func open(
            at path: String, _ schema: Schema, takingOver: Bool = false, patience: Duration = standardPatience
        ) throws(JournalError) -> SQLiteJournal {
            // Before the lock, so that nothing is made beside what is no journal.
            try check(path, schema, patience: patience.milliseconds)
            let lock = try holdLock(of: path)
            guard lock != nil || takingOver else { throw JournalError(path, .held) }
            return try open(path, schema, lock: lock, patience: patience.milliseconds)
        }

        /// Whether a process holds the journal at this moment.
        public static func isHeld(at path: String) -> Bool {
            guard let lock = try? FileDescriptor(opening: "\(path).lock", .reading) else { return false }
            return (try? lock.tryLock(shared: true)) == false
        }

        private static func holdLock(of path: String) throws(JournalError) -> FileDescriptor? {
            do throws(FileError) { return try FileDescriptor.lock("\(path).lock") } catch {
                throw JournalError(error)
            }
        }

        /// Looks whether it is a whole journal, and changes nothing.
        private static func check(_ path: String, _ schema: Schema, patience: Int) throws(JournalError) {
            let kind: Schema.Kind
            let verdict: String
            do throws(DatabaseError) {
                let database = try Database(path, patience: patience)
                database.keepLog()
                kind = try Schema.kind(of: database)
                verdict =
                    try database.run("PRAGMA quick_check(1)").first?.first?.bytes
                    .map { text in String(decoding: text, as: UTF8.self) } ?? "it cannot be looked at"
            } catch {
                throw error.located(path)
            }
            switch kind {
            case .empty: throw JournalError(path, .missing)
            case .foreign: throw JournalError(path, .foreign)
            case .journal(let version) where version > schema.version:
                throw JournalError(path, .newerFormat(version, known: schema.version))
            case .journal:
                guard verdict == "ok" else {
                    throw JournalError(path, .damaged(at: page(in: verdict) ?? "the database", verdict))
                }
            }
        }

        /// The page that SQLite complains of: "… Page 3: …".
        private static func page(in verdict: String) -> String? {
            let words = verdict.split { character in character == " " || character == "\n" || character == ":"
            }
            for (word, next) in zip(words, words.dropFirst()) where word.lowercased() == "page" {
                if let number = Int(next) { return "page \(number)" }
            }
            return nil
        }

        private static func open(
            _ path: String, _ schema: Schema, lock: FileDescriptor?, patience: Int
        ) throws(JournalError) -> SQLiteJournal {
            let owner: Int
            let database: Database
            let reading: Database
            do throws(DatabaseError) {
                database = try Database(path, patience: patience)
                try database.configure()
                owner = try database.own(schema)
                reading = try Database(path, patience: patience)
                try reading.execute("PRAGMA query_only = ON; PRAGMA cell_size_check = ON")
            } catch {
                throw error.located(path)
            }
            guard owner > 0 else {
                throw JournalError(path, .damaged(at: "the row of the owner", "it is not there"))
            }
            var holdings: [Conversation.ID: Holding] = [:]
            for holding in try SQLiteJournal.holdings(in: database, path) {
                holdings[holding.conversation] = holding
            }
            let count = holdings.values.map(\.number).max() ?? 0
            return SQLiteJournal(
                path, lock: lock, owner: owner, patience: patience,
                Writer(database: database, holdings: holdings, count: count), Reader(database: reading))
        }

        /// All rows that say what is held.
        static func holdings(in database: Database, _ path: String) throws(JournalError) -> [Holding] {
            let rows: [[Database.Value]]
            do throws(DatabaseError) {
                rows = try database.run("SELECT number, line FROM conversation ORDER BY number")
            } catch {
                throw error.located(path, at: "the conversations")
            }
            var known: Set<Conversation.ID> = []
            var holdings: [Holding] = []
            for (index, row) in rows.enumerated() {
                let number = row.first?.integer ?? 0
                do throws(JSON.FormatError) {
                    let holding = try Holding(row.last?.bytes ?? [], number: number)
                    // They are numbered without gaps.
                    guard number == index + 1, known.insert(holding.conversation).inserted else {
                        throw JSON.FormatError("it is not in its place")
                    }
                    holdings.append(holding)
                } catch {
                    throw JournalError(path, .damaged(at: "conversation \(number)", "\(error)"))
                }
            }
            return holdings
        }
    }

    extension Database {
        fileprivate func configure() throws(DatabaseError) {
            let mode = try run("PRAGMA journal_mode = WAL").first?.first?.bytes ?? []
            guard mode.elementsEqual("wal".utf8) else { throw DatabaseError.noLog }
            // Where the system can flush less and more, more.
            try execute(
                """
                PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;
                PRAGMA cell_size_check = ON; PRAGMA synchronous = FULL
                """)
        }

        /// Says that the journal has another owner, and which one in their order that is; 0 where nobody can tell.
        ///
        /// Tables of an earlier version become those of this one in the same transaction.
        fileprivate func own(_ schema: Schema) throws(DatabaseError) -> Int {
            try execute("BEGIN IMMEDIATE")
            do throws(DatabaseError) {
                try execute("UPDATE owner SET number = number + 1")
                let version = try integer("PRAGMA user_version") ?? 0
                if version < schema.version { try schema.migrate(self, from: version) }
                let owner = try integer("SELECT number FROM owner") ?? 0
                try execute("COMMIT")
                return owner
            } catch {
                try? execute("ROLLBACK")
                throw error
            }
        }
    }

    extension DatabaseError {
        fileprivate static let exists = DatabaseError("open", SQLITE_MISUSE, "File exists")
        fileprivate static let noLog = DatabaseError(
            "open", SQLITE_MISUSE, "there can be no write-ahead log here")
    }

    extension Duration {
        fileprivate var milliseconds: Int {
            let (seconds, attoseconds) = components
            return Int(
                clamping: min(max(0, seconds), 1_000_000) * 1_000 + attoseconds / 1_000_000_000_000_000)
        }
    }
#endif
