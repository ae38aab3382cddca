#if SQLite
    internal import CPipelineSQLite
    internal import PipelineRuntime

    /// A call of SQLite that failed.
    struct DatabaseError: Error {
        /// The statement, or what else was asked for.
        let call: String
        /// With its extension: `SQLITE_IOERR_FSYNC`.
        let code: CInt
        let message: String
        /// There is no file.
        let isMissing: Bool

        init(_ call: String, _ code: CInt, _ handle: OpaquePointer?) {
            self.call = call
            let extended = handle.map { handle in sqlite3_extended_errcode(handle) } ?? code
            self.code = extended & 0xFF == code & 0xFF ? extended : code
            let isMissing = handle.map { handle in pipeline_sqlite_is_missing(handle) != 0 } ?? false
            self.isMissing = code & 0xFF == SQLITE_CANTOPEN && isMissing
            message =
                handle.flatMap { handle in sqlite3_errmsg(handle) }.map { text in String(cString: text) }
                ?? sqlite3_errstr(code).map { text in String(cString: text) } ?? "error \(code)"
        }

        /// One of our own.
        init(_ call: String, _ code: CInt, _ message: String) {
            self.call = call
            self.code = code
            self.message = message
            isMissing = false
        }

        /// Without its extension.
        var kind: CInt { code & 0xFF }

        /// After it the transaction is undone, and the next one can do better.
        var isPassing: Bool { kind == SQLITE_FULL || kind == SQLITE_BUSY }

        /// - Parameter place: what of the journal was looked at.
        func located(_ path: String, at place: String = "the database") -> JournalError {
            switch kind {
            case SQLITE_BUSY, SQLITE_LOCKED: JournalError(path, .held)
            case SQLITE_NOTADB: JournalError(path, .foreign)
            case SQLITE_CANTOPEN where isMissing: JournalError(path, .missing)
            case SQLITE_CORRUPT, SQLITE_FORMAT, SQLITE_ERROR, SQLITE_MISMATCH, SQLITE_RANGE, SQLITE_SCHEMA,
                SQLITE_CONSTRAINT:
                // Our statements are right: where one does not fit, the tables are not those that we made.
                JournalError(path, .damaged(at: place, message))
            case SQLITE_MISUSE: JournalError(path, .system(call, message))
            default: JournalError(path, .system(verb, "\(message) (\(code))"))
            }
        }

        /// The first word of the statement.
        private var verb: String {
            call.split(separator: " ").first.map { word in word.lowercased() } ?? call
        }
    }
#endif
