//! Opens a store from a URL.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use omnichat_core::clock::{Clock, SystemClock};
use omnichat_core::error::{Error, Result};
use omnichat_core::store::Store;
use omnichat_core::store::memory::MemoryStore;

use crate::postgres::PostgresStore;
use crate::sqlite::SqliteStore;

/// A read that takes longer is broken off: whoever asked has given up, and others wait for its connection.
pub(crate) const READ_LIMIT: Duration = Duration::from_secs(20);

/// What an acknowledged commit survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// A power failure: every group of commits is flushed to the disk before its callers hear of it.
    #[default]
    Full,
    /// A crash of the process, not of the machine: the newest commits may be missing after a power failure, none in part.
    Process,
}

/// How a store is opened.
#[derive(Clone)]
pub struct StoreOptions {
    /// Gives events their time; the queue of SQLite and of memory goes by it too.
    pub clock: Arc<dyn Clock>,
    /// What the queue of PostgreSQL goes by. The database's own clock if absent, as it should be wherever several nodes share one
    /// database: theirs differ.
    pub queue_clock: Option<Arc<dyn Clock>>,
    /// What an acknowledged commit survives.
    pub durability: Durability,
    /// At most so many commits share one transaction and one flush.
    pub group_limit: usize,
    /// Connections for reads, each with a few megabytes of cache. SQLite opens all of them at once, PostgreSQL when they
    /// are needed.
    pub read_connections: u32,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            queue_clock: None,
            durability: Durability::Full,
            group_limit: 256,
            read_connections: 6,
        }
    }
}

impl std::fmt::Debug for StoreOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreOptions")
            .field("durability", &self.durability)
            .field("group_limit", &self.group_limit)
            .field("read_connections", &self.read_connections)
            .finish_non_exhaustive()
    }
}

/// Opens a store and brings its schema up to date:
///
/// | URL | what |
/// | --- | --- |
/// | `memory:` | nothing is kept |
/// | `sqlite:PATH` | one file, made if it is not there |
/// | `postgres://USER:PASSWORD@HOST/DATABASE` | a PostgreSQL database, 13 or newer |
///
/// # Errors
/// `Invalid` for another URL, `Unavailable` when the database cannot be reached or another process has it, `Rejected` when it
/// was written by a newer program.
pub async fn open_store(url: &str, options: StoreOptions) -> Result<Arc<dyn Store>> {
    if url == "memory:" {
        return Ok(Arc::new(MemoryStore::new(options.clock)));
    }
    if let Some(path) = url.strip_prefix("sqlite:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() {
            return Err(Error::invalid_field(
                "store",
                "format",
                "sqlite: needs the path of a file",
            ));
        }
        return Ok(Arc::new(SqliteStore::open(Path::new(path), options).await?));
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(Arc::new(PostgresStore::open(url, options).await?));
    }
    // The URL itself may hold a password, so it is not repeated.
    Err(Error::invalid_field(
        "store",
        "format",
        "a store is memory:, sqlite:PATH or postgres://…",
    ))
}
