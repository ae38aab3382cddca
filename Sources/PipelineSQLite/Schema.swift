#if SQLite
    internal import PipelineRuntime

    /// The tables, and how those of an earlier version become those of this one.
    package struct Schema: Sendable {
        /// Each brings the tables from one version to the next; the first makes them.
        package let steps: [String]

        package init(_ steps: [String]) { self.steps = steps }

        /// Kept as `user_version`.
        package var version: Int { steps.count }

        /// Of every journal of ours: "SwPJ".
        static let applicationID = 0x5377_504A

        /// A line is that of a ``FileJournal``, with its checksum: what SQLite does not notice, it shows.
        package static let current = Schema([
            """
            CREATE TABLE owner (
                id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER NOT NULL, flushes INTEGER NOT NULL
            ) STRICT;
            INSERT INTO owner VALUES (1, 0, 0);
            CREATE TABLE conversation (number INTEGER PRIMARY KEY, line BLOB NOT NULL) STRICT;
            CREATE TABLE record (
                conversation INTEGER NOT NULL, sequence INTEGER NOT NULL, line BLOB NOT NULL
            ) STRICT;
            CREATE UNIQUE INDEX record_order ON record (conversation, sequence);
            CREATE TABLE snapshot (conversation INTEGER PRIMARY KEY, line BLOB NOT NULL) STRICT;
            """
        ])

        /// What a database is.
        enum Kind: Equatable {
            case empty
            case foreign
            case journal(version: Int)
        }

        static func kind(of database: Database) throws(DatabaseError) -> Kind {
            let version = try database.integer("PRAGMA user_version") ?? 0
            if try database.integer("PRAGMA application_id") == applicationID, version > 0 {
                return .journal(version: version)
            }
            return try database.integer("SELECT count(*) FROM sqlite_master") == 0 ? .empty : .foreign
        }

        /// Takes the steps that are missing, within a transaction.
        func migrate(_ database: Database, from version: Int) throws(DatabaseError) {
            for step in steps.dropFirst(version) { try database.execute(step) }
            try database.execute("PRAGMA application_id = \(Schema.applicationID)")
            try database.execute("PRAGMA user_version = \(self.version)")
        }
    }
#endif
