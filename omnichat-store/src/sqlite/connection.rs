//! How connections are opened: one that writes, a few that only read.

use std::path::Path;
use std::time::Duration;

use omnichat_core::error::Result;
use rusqlite::{Connection, OpenFlags};

use super::error::error;
use crate::config::Durability;

/// Statements that a connection keeps prepared. Lists of conversations have many shapes.
const PREPARED: usize = 256;

/// Negative, as SQLite wants it for kibibytes. A group of commits should fit: what does not is written twice. Taken as it is
/// needed, and given back by [`rest`].
const WRITER_CACHE_KIB: i64 = -64 * 1024;

/// Gives back memory that the last commits needed.
pub(super) fn rest(connection: &Connection) {
    if let Err(error) = connection.execute_batch("PRAGMA shrink_memory") {
        tracing::warn!(%error, "the database keeps its memory");
    }
}

/// The connection that writes.
pub(super) fn writer(path: &Path, durability: Durability) -> Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(error)?;
    // FULL flushes the write-ahead log at each commit, which is what makes an acknowledged commit survive a power failure.
    let synchronous = match durability {
        Durability::Full => "FULL",
        Durability::Process => "NORMAL",
    };
    common(&connection)?;
    connection
        .pragma_update(None, "journal_mode", "WAL")
        .map_err(error)?;
    connection
        .pragma_update(None, "synchronous", synchronous)
        .map_err(error)?;
    // See `checkpoint`.
    connection
        .pragma_update(None, "wal_autocheckpoint", 0)
        .map_err(error)?;
    connection
        .pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)
        .map_err(error)?;
    connection
        .pragma_update(None, "cache_size", WRITER_CACHE_KIB)
        .map_err(error)?;
    Ok(connection)
}

/// The connection that moves the log into the database.
pub(super) fn checkpointer(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(error)?;
    common(&connection)?;
    // A checkpoint must be as durable as the commits whose log it lets go.
    connection
        .pragma_update(None, "synchronous", "FULL")
        .map_err(error)?;
    Ok(connection)
}

/// A connection that only reads.
pub(super) fn reader(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(error)?;
    common(&connection)?;
    connection
        .pragma_update(None, "cache_size", -4 * 1024)
        .map_err(error)?;
    Ok(connection)
}

fn common(connection: &Connection) -> Result<()> {
    connection.busy_timeout(Duration::from_secs(5)).map_err(error)?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    // Rows refer to each other across domains by rules that the core keeps; the store does not repeat them.
    connection
        .pragma_update(None, "foreign_keys", false)
        .map_err(error)?;
    connection
        .pragma_update(None, "temp_store", "MEMORY")
        .map_err(error)
}
