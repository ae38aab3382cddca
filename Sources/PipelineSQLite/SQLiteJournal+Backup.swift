#if SQLite
    internal import CPipelineSQLite
    public import PipelineRuntime

    extension SQLiteJournal {
        /// Copies the journal as it is at this moment into a new file, while it is written to; appends do not wait for it.
        ///
        /// What is at `copy` is a whole journal, flushed, or nothing.
        @concurrent
        public func backup(to copy: String) async throws(JournalError) {
            let isClosed = reader.withLock { reader in reader.database == nil }
            guard !isClosed else { throw JournalError(path, .closed) }
            let temporary = "\(copy).new"
            do throws(FileError) {
                // Not with a descriptor of our own: closing one takes the locks of all connections to the same file.
                if (try? Database(copy, patience: 0)) != nil { throw FileError(existing: copy) }
                try FileDescriptor.remove(temporary)
            } catch {
                throw JournalError(error)
            }
            do throws(DatabaseError) {
                let source = try Database(path, patience: patience)
                let target = try Database(temporary, creating: true, patience: patience)
                try source.copy(to: target)
                // A copy stands alone: nothing of it is in a log.
                try target.run("PRAGMA journal_mode = DELETE")
            } catch {
                try? FileDescriptor.remove(temporary)
                throw error.located(path, at: "a page that was to be copied")
            }
            do throws(FileError) {
                try FileDescriptor(opening: temporary, .reading).flush()
                try FileDescriptor.rename(temporary, to: copy)
                let folder = copy.split(separator: "/", omittingEmptySubsequences: false).dropLast()
                try FileDescriptor(
                    opening: folder.isEmpty ? "." : "\(folder.joined(separator: "/"))/", .folder
                )
                .flush()
            } catch {
                throw JournalError(error)
            }
        }
    }
#endif
