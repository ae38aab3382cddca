#if SQLite
    internal import CPipelineSQLite
    public import PipelineCore
    public import PipelineRuntime

    extension SQLiteJournal {
        @concurrent
        public func tail(of conversation: Conversation.ID) async throws(JournalError) -> JournalTail {
            let found = try read(conversation) { holding in
                min(
                    holding.snapshot.map { number in number + 1 } ?? holding.first, holding.last + 1)..<holding
                    .last + 1
            }
            guard let found else { return JournalTail() }
            var tail = JournalTail(records: try found.records(path))
            guard let number = found.holding.snapshot else { return tail }
            guard
                case .snapshot(let snapshot)? = try found.entry(found.snapshot, number, "the snapshot", path)
            else {
                throw JournalError(path, .damaged(at: "the snapshot of \(conversation)", "it is a record"))
            }
            tail.snapshot = snapshot
            return tail
        }

        @concurrent
        public func records(
            of conversation: Conversation.ID, from sequence: Int, limit: Int
        ) async throws(JournalError) -> [JournalRecord] {
            let found = try read(conversation) { holding in
                let start = max(holding.first, sequence)
                let kept = max(0, holding.last - start + 1)
                return start..<start + min(max(0, limit), kept)
            }
            return try found?.records(path) ?? []
        }

        @concurrent
        public func conversations() async throws(JournalError) -> [JournalListing] {
            let listings = try reader.withLock { reader throws(JournalError) in
                let database = try database(of: reader)
                return try SQLiteJournal.holdings(in: database, path).map(\.listing)
            }
            return listings.sorted { a, b in a.conversation.key < b.conversation.key }
        }
    }

    /// What was read of a conversation, in one transaction.
    private struct Found {
        let holding: Holding
        let snapshot: [UInt8]?
        /// The numbers of the records that must be there.
        let wanted: Range<Int>
        let rows: [[Database.Value]]

        func records(_ path: String) throws(JournalError) -> [JournalRecord] {
            var records: [JournalRecord] = []
            for (offset, number) in wanted.enumerated() {
                let row = offset < rows.count ? rows[offset] : []
                let line = row.first?.integer == number ? row.last?.bytes : nil
                guard case .record(let record)? = try entry(line, number, "record \(number)", path) else {
                    let place = "record \(number) of \(holding.conversation)"
                    throw JournalError(path, .damaged(at: place, "it is a snapshot"))
                }
                records.append(record)
            }
            return records
        }

        func entry(
            _ line: [UInt8]?, _ number: Int, _ what: String, _ path: String
        ) throws(JournalError) -> JournalEntry? {
            let place = "\(what) of \(holding.conversation)"
            guard let line else { throw JournalError(path, .damaged(at: place, "it is not there")) }
            do throws(JournalLine.Damage) {
                let entry = try JournalLine(decoding: line[...]).entry
                guard entry.conversation == holding.conversation, entry.sequence == number else {
                    throw .broken("it is record \(entry.sequence) of \(entry.conversation)")
                }
                return entry
            } catch {
                guard case .broken(let why) = error else { return nil }
                throw JournalError(path, .damaged(at: place, why))
            }
        }
    }

    extension SQLiteJournal {
        private func database(of reader: borrowing Reader) throws(JournalError) -> Database {
            guard let database = reader.database else { throw JournalError(path, .closed) }
            return database
        }

        private func read(
            _ conversation: Conversation.ID, _ wanted: (Holding) -> Range<Int>
        ) throws(JournalError) -> Found? {
            let number = numbers.withLock { numbers in numbers[conversation] }
            return try reader.withLock { reader throws(JournalError) in
                let database = try database(of: reader)
                guard let number else { return nil }
                do throws(DatabaseError) {
                    try database.run("BEGIN")
                    defer { _ = try? database.run("COMMIT") }
                    let key = Database.Value.integer(number)
                    let row = try database.run("SELECT line FROM conversation WHERE number = ?1", [key])
                    let line = row.first?.first?.bytes ?? []
                    guard let holding = try? Holding(line, number: number) else {
                        throw DatabaseError("SELECT", SQLITE_CORRUPT, "its row is not whole")
                    }
                    let range = wanted(holding)
                    return Found(
                        holding: holding,
                        snapshot: try database.run("SELECT line FROM snapshot WHERE conversation = ?1", [key])
                            .first?.first?.bytes,
                        wanted: range,
                        rows: range.isEmpty
                            ? []
                            : try database.run(
                                """
                                SELECT sequence, line FROM record
                                WHERE conversation = ?1 AND sequence >= ?2 AND sequence < ?3 ORDER BY sequence
                                """, [key, .integer(range.lowerBound), .integer(range.upperBound)]))
                } catch {
                    throw error.located(path, at: "what is held of \(conversation)")
                }
            }
        }
    }
#endif
