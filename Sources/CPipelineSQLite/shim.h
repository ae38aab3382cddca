#ifndef C_PIPELINE_SQLITE_H
#define C_PIPELINE_SQLITE_H

#include <errno.h>
#include <sqlite3.h>

/// Binds bytes that SQLite copies; none are an empty blob.
static inline int pipeline_sqlite_bind_bytes(sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count) {
    if (count == 0) return sqlite3_bind_zeroblob(statement, index, 0);
    return sqlite3_bind_blob64(statement, index, bytes, count, SQLITE_TRANSIENT);
}

/// Whether the file was not there when a database could not be opened.
static inline int pipeline_sqlite_is_missing(sqlite3 *database) {
    int code = sqlite3_system_errno(database);
    return code == ENOENT || code == ENOTDIR;
}

/// Leaves the write-ahead log as it is when the connection is closed; a code of SQLite.
static inline int pipeline_sqlite_keep_log(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}

#endif
