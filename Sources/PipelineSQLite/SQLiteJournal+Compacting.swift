#if SQLite
    public import PipelineRuntime

    extension SQLiteJournal {
        @concurrent
        public func compact() async throws(JournalError) {
            try writer.withLock { writer throws(JournalError) in
                if let failure = writer.failure { throw failure }
                var changed = writer.holdings.filter { _, holding in holding.snapshot ?? 0 >= holding.first }
                try transact(&writer, flushing: true) { database throws(DatabaseError) in
                    for (id, var holding) in changed {
                        let last = holding.snapshot ?? 0
                        try database.run(
                            "DELETE FROM record WHERE conversation = ?1 AND sequence <= ?2",
                            [.integer(holding.number), .integer(last)])
                        holding.first = last + 1
                        try database.write(holding)
                        changed[id] = holding
                    }
                }
                for (id, holding) in changed { writer.holdings[id] = holding }
                // Gives the space back; what was asked for is done also where this is not possible now.
                _ = try? writer.database?.run("PRAGMA incremental_vacuum")
                _ = try? writer.database?.run("PRAGMA wal_checkpoint(TRUNCATE)")
            }
        }
    }
#endif
