#if SQLite
    internal import CPipelineSQLite
    internal import PipelineRuntime

    /// A connection to a database, with the statements that were prepared on it. One thread uses it at a time.
    final class Database {
        enum Value {
            case integer(Int)
            /// Text too.
            case bytes([UInt8])
            case null

            var integer: Int? { if case .integer(let value) = self { value } else { nil } }
            var bytes: [UInt8]? { if case .bytes(let value) = self { value } else { nil } }
        }

        private let handle: OpaquePointer
        private var statements: [String: OpaquePointer] = [:]

        /// - Parameter patience: how many milliseconds to wait for another connection that is writing.
        init(_ path: String, creating: Bool = false, patience: Int) throws(DatabaseError) {
            var handle: OpaquePointer?
            let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (creating ? SQLITE_OPEN_CREATE : 0)
            // Names without a folder may mean something else than a file.
            let code = sqlite3_open_v2(path.utf8.contains(47) ? path : "./\(path)", &handle, flags, nil)
            guard let handle, code == SQLITE_OK else {
                let error = DatabaseError("open", code, handle)
                sqlite3_close_v2(handle)
                throw error
            }
            self.handle = handle
            sqlite3_extended_result_codes(handle, 1)
            sqlite3_busy_timeout(handle, CInt(clamping: patience))
        }

        deinit {
            for statement in statements.values { sqlite3_finalize(statement) }
            sqlite3_close_v2(handle)
        }

        /// Closing it leaves the files as they are.
        func keepLog() { pipeline_sqlite_keep_log(handle) }

        /// Runs one statement, which is kept prepared, and gives the rows that come of it.
        @discardableResult
        func run(_ sql: String, _ values: [Value] = []) throws(DatabaseError) -> [[Value]] {
            let statement = try prepared(sql)
            defer {
                sqlite3_reset(statement)
                sqlite3_clear_bindings(statement)
            }
            for (index, value) in values.enumerated() { try bind(value, CInt(index + 1), statement) }
            var rows: [[Value]] = []
            while true {
                let code = sqlite3_step(statement)
                guard code != SQLITE_DONE else { return rows }
                guard code == SQLITE_ROW else { throw DatabaseError(sql, code, handle) }
                rows.append((0..<sqlite3_column_count(statement)).map { column in value(column, statement) })
            }
        }

        /// Runs statements that are needed once.
        func execute(_ script: String) throws(DatabaseError) {
            let code = sqlite3_exec(handle, script, nil, nil, nil)
            guard code == SQLITE_OK else { throw DatabaseError(script, code, handle) }
        }

        /// The number in the first row.
        func integer(_ sql: String, _ values: [Value] = []) throws(DatabaseError) -> Int? {
            try run(sql, values).first?.first?.integer
        }

        /// Copies the whole database, as it is at this moment, into another one.
        func copy(to other: Database) throws(DatabaseError) {
            guard let backup = sqlite3_backup_init(other.handle, "main", handle, "main") else {
                throw DatabaseError("backup", sqlite3_errcode(other.handle), other.handle)
            }
            let code = sqlite3_backup_step(backup, -1)
            let end = sqlite3_backup_finish(backup)
            guard code == SQLITE_DONE, end == SQLITE_OK else {
                throw DatabaseError("backup", code == SQLITE_DONE ? end : code, other.handle)
            }
        }

        private func prepared(_ sql: String) throws(DatabaseError) -> OpaquePointer {
            if let statement = statements[sql] { return statement }
            var statement: OpaquePointer?
            let code = sqlite3_prepare_v3(
                handle, sql, -1, CUnsignedInt(SQLITE_PREPARE_PERSISTENT), &statement, nil)
            guard code == SQLITE_OK, let statement else { throw DatabaseError(sql, code, handle) }
            statements[sql] = statement
            return statement
        }

        private func bind(_ value: Value, _ index: CInt, _ statement: OpaquePointer) throws(DatabaseError) {
            let code =
                switch value {
                case .integer(let value): sqlite3_bind_int64(statement, index, Int64(value))
                case .bytes(let value):
                    pipeline_sqlite_bind_bytes(statement, index, value, sqlite3_uint64(value.count))
                case .null: sqlite3_bind_null(statement, index)
                }
            guard code == SQLITE_OK else { throw DatabaseError("bind", code, handle) }
        }

        private func value(_ column: CInt, _ statement: OpaquePointer) -> Value {
            switch sqlite3_column_type(statement, column) {
            case SQLITE_INTEGER: return .integer(Int(sqlite3_column_int64(statement, column)))
            case SQLITE_BLOB, SQLITE_TEXT:
                // In this order: asking for the bytes may change how many there are.
                let start = sqlite3_column_blob(statement, column)
                let count = Int(sqlite3_column_bytes(statement, column))
                return .bytes(Array(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)))
            default: return .null
            }
        }
    }
#endif
