#if SQLite
    internal import PipelineCore
    public import PipelineRuntime

    /// A journal in an SQLite database: for hosts that want to query it, and to copy it while it is written to.
    ///
    /// The database is in WAL mode. Appends go through one connection, a transaction each; reads through another, so that
    /// neither waits for the other. `<path>.lock` is held by one process at a time, and the row in `owner` counts who has
    /// held it: every transaction looks at it, so that whoever was taken over from is refused.
    ///
    /// An append that flushes is committed with `synchronous = FULL`, any other with `NORMAL`: it survives the process,
    /// and after a loss of power the database is whole and ends with an earlier append. ``flush()`` commits a change of
    /// its own with `FULL`; the log is flushed as a whole, so that all before is safe with it.
    public final class SQLiteJournal: Journal {
        public let path: String
        public var isDurable: Bool { true }

        /// Ends with the journal, however the process ends.
        private let lock: FileDescriptor?
        /// Which of those who have held it this one is.
        let owner: Int
        let patience: Int
        let writer: Locked<Writer>
        let reader: Locked<Reader>
        /// What stands for each conversation in the tables.
        let numbers: Locked<[Conversation.ID: Int]>

        struct Writer {
            /// Nil once it is closed.
            var database: Database?
            var holdings: [Conversation.ID: Holding]
            /// The number of the last conversation that was made.
            var count: Int
            /// Something was committed that a loss of power would undo.
            var isUnflushed = false
            /// The database is set to flush what is committed.
            var isFull = false
            /// Why nothing can be written any more.
            var failure: JournalError?
        }

        struct Reader {
            /// Nil once it is closed.
            var database: Database?
        }

        /// How long to wait for another connection that is writing.
        public static let standardPatience = Duration.seconds(5)

        init(
            _ path: String, lock: FileDescriptor?, owner: Int, patience: Int,
            _ writer: consuming sending Writer, _ reader: consuming sending Reader
        ) {
            self.path = path
            self.lock = lock
            self.owner = owner
            self.patience = patience
            numbers = Locked(writer.holdings.mapValues(\.number))
            self.writer = Locked(writer)
            self.reader = Locked(reader)
        }

        @concurrent
        public func flush() async throws(JournalError) {
            try writer.withLock { writer throws(JournalError) in
                try transact(&writer, flushing: true) { _ in }
            }
        }

        public func close() async {
            if writer.withLock({ writer in writer.failure == nil && writer.isUnflushed }) {
                try? await flush()
            }
            writer.withLock { writer in
                writer.database = nil
                writer.failure = JournalError(path, .closed)
            }
            reader.withLock { reader in reader.database = nil }
            lock?.unlock()
        }
    }
#endif
