#if SQLite
    internal import PipelineCore
    public import PipelineRuntime

    extension SQLiteJournal {
        @concurrent
        public func append(_ entries: [JournalEntry], flushing: Bool) async throws(JournalError) {
            try writer.withLock { writer throws(JournalError) in
                if let failure = writer.failure { throw failure }
                try entries.checkOrder(in: path) { id in (writer.holdings[id]?.last ?? 0) + 1 }
                var changed: [Conversation.ID: Holding] = [:]
                var count = writer.count
                for entry in entries
                where (changed[entry.conversation] ?? writer.holdings[entry.conversation]) == nil {
                    count += 1
                    changed[entry.conversation] = Holding(entry.conversation, number: count)
                }
                for entry in entries where changed[entry.conversation] == nil {
                    changed[entry.conversation] = writer.holdings[entry.conversation]
                }
                try transact(&writer, flushing: flushing) { database throws(DatabaseError) in
                    for entry in entries { try insert(entry, &changed, database) }
                    for holding in changed.values { try database.write(holding) }
                }
                let new = changed.values.filter { holding in holding.number > writer.count }
                if !new.isEmpty {
                    numbers.withLock { numbers in
                        for holding in new { numbers[holding.conversation] = holding.number }
                    }
                }
                writer.count = count
                for (id, holding) in changed { writer.holdings[id] = holding }
            }
        }

        private func insert(
            _ entry: JournalEntry, _ holdings: inout [Conversation.ID: Holding], _ database: Database
        ) throws(DatabaseError) {
            guard var holding = holdings[entry.conversation] else { return }
            var line: [UInt8] = []
            JournalLine.encode(entry, flushed: nil, into: &line)
            line.removeLast()
            if entry.isSnapshot {
                try database.run(
                    "INSERT OR REPLACE INTO snapshot (conversation, line) VALUES (?1, ?2)",
                    [.integer(holding.number), .bytes(line)])
                holding.snapshot = entry.sequence
            } else {
                try database.run(
                    "INSERT INTO record (conversation, sequence, line) VALUES (?1, ?2, ?3)",
                    [.integer(holding.number), .integer(entry.sequence), .bytes(line)])
                holding.last = entry.sequence
            }
            holdings[entry.conversation] = holding
        }

        /// Makes a change in one transaction, and only as the owner.
        func transact(
            _ writer: inout Writer, flushing: Bool, _ change: (Database) throws(DatabaseError) -> Void
        ) throws(JournalError) {
            if let failure = writer.failure { throw failure }
            guard let database = writer.database else { throw JournalError(path, .closed) }
            var isCommitting = false
            do throws(DatabaseError) {
                if writer.isFull != flushing {
                    try database.execute("PRAGMA synchronous = \(flushing ? "FULL" : "NORMAL")")
                    writer.isFull = flushing
                }
                try database.run("BEGIN IMMEDIATE")
                let now = try database.integer("SELECT number FROM owner")
                if now == owner {
                    try change(database)
                    // A row that stays as it is is not written, and where nothing is written nothing is flushed.
                    if flushing, writer.isUnflushed {
                        try database.run("UPDATE owner SET flushes = flushes + 1")
                    }
                    isCommitting = true
                    try database.run("COMMIT")
                } else {
                    _ = try? database.run("ROLLBACK")
                    writer.failure =
                        now.map { now in JournalError(path, .fenced(by: now)) }
                        ?? JournalError(path, .damaged(at: "the row of the owner", "it is not there"))
                }
            } catch {
                _ = try? database.run("ROLLBACK")
                let failure = error.located(path)
                // Nobody knows whether it is committed, until the database is opened again.
                if isCommitting, !error.isPassing { writer.failure = failure }
                throw failure
            }
            if let failure = writer.failure { throw failure }
            writer.isUnflushed = !flushing
        }
    }

    extension Database {
        func write(_ holding: Holding) throws(DatabaseError) {
            try run(
                "INSERT OR REPLACE INTO conversation (number, line) VALUES (?1, ?2)",
                [.integer(holding.number), .bytes(holding.line)])
        }
    }
#endif
