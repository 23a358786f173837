//! A few connections that only read. In write-ahead mode they neither wait for the writer nor hold it up.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use omnichat_core::error::{Error, Result};
use omnichat_core::id::TenantId;
use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::connection;
use super::error::{closed, error};
use crate::config::READ_LIMIT;

/// The connections.
#[derive(Debug)]
pub(super) struct Readers {
    free: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
    count: u32,
}

/// Steps of SQLite's machine between two looks at whether anybody waits for a read: some microseconds.
const STEPS: i32 = 1_000;

/// Whether anybody waits for a read.
struct Awaited {
    until: Instant,
    is_over: AtomicBool,
}

impl Awaited {
    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed) || Instant::now() >= self.until
    }
}

/// Whoever waits for a read, as long as it does.
struct Caller(Arc<Awaited>);

impl Drop for Caller {
    fn drop(&mut self) {
        self.0.is_over.store(true, Ordering::Relaxed);
    }
}

/// A connection that goes back when it is dropped.
struct Borrowed {
    readers: Arc<Readers>,
    connection: Option<Connection>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        let mut free = self.readers.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.extend(self.connection.take());
    }
}

impl Readers {
    /// Opens so many connections.
    pub(super) fn open(path: &Path, count: u32) -> Result<Self> {
        let count = count.max(1);
        let free = (0..count)
            .map(|_| connection::reader(path))
            .collect::<Result<Vec<_>>>()?;
        Ok(Self {
            free: Mutex::new(free),
            permits: Arc::new(Semaphore::new(count as usize)),
            count,
        })
    }

    async fn borrow(self: &Arc<Self>) -> Result<Borrowed> {
        let permit = self.permits.clone().acquire_owned().await.map_err(|_| closed())?;
        let connection = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Ok(Borrowed {
            readers: self.clone(),
            connection: Some(connection.ok_or_else(closed)?),
            _permit: permit,
        })
    }

    /// Reads one row by a key, on the thread that asks: it touches a handful of pages, nearly always in memory, and costs
    /// less than the way to another thread and back.
    pub(super) async fn point<T>(self: &Arc<Self>, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let borrowed = self.borrow().await?;
        read(borrowed.connection.as_ref().ok_or_else(closed)?)
    }

    /// Reads whatever may take longer, on a thread that may block. It is broken off when its caller goes away or after
    /// [`READ_LIMIT`], and the connection is free for others.
    pub(super) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        read: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let borrowed = self.borrow().await?;
        let awaited = Arc::new(Awaited {
            until: Instant::now() + READ_LIMIT,
            is_over: AtomicBool::new(false),
        });
        let _caller = Caller(awaited.clone());
        let task = tokio::task::spawn_blocking(move || {
            let connection = borrowed.connection.as_ref().ok_or_else(closed)?;
            let watched = awaited.clone();
            connection
                .progress_handler(STEPS, Some(move || watched.is_over()))
                .map_err(error)?;
            let outcome = read(connection);
            let unwatched = connection.progress_handler(0, None::<fn() -> bool>);
            unwatched.map_err(error)?;
            // What broke off a read may have broken off the end of its view.
            if !connection.is_autocommit() {
                connection.execute_batch("ROLLBACK").map_err(error)?;
            }
            outcome
        });
        task.await
            .map_err(|e| Error::internal("a read was broken off").caused_by(e))?
    }

    /// Waits for reads under way and closes every connection.
    pub(super) async fn close(&self) {
        // Fails only if it was closed before.
        let _all = self.permits.acquire_many(self.count).await;
        self.permits.close();
        self.free.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Reads of one tenant; the read traits are implemented in the files of their domains.
#[derive(Debug)]
pub(super) struct TenantReads {
    pub(super) tenant: TenantId,
    pub(super) readers: Arc<Readers>,
}

impl TenantReads {
    /// The tenant's key.
    pub(super) fn key(&self) -> [u8; 16] {
        self.tenant.uuid().into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Counts without end.
    const ENDLESS: &str =
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";

    fn count(connection: &Connection) -> Result<i64> {
        connection.query_row(ENDLESS, [], |row| row.get(0)).map_err(error)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_read_that_nobody_waits_for_ends_and_frees_its_connection() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        drop(Connection::open(&path).unwrap());
        let readers = Arc::new(Readers::open(&path, 1).unwrap());
        let abandoned = tokio::time::timeout(Duration::from_millis(20), readers.read(count)).await;
        assert!(abandoned.is_err(), "it would have gone on for ever");
        // There is one connection only: whoever comes next gets it once the read before has ended.
        let next = readers.read(|c| c.query_row("SELECT 7", [], |row| row.get(0)).map_err(error));
        let next: i64 = tokio::time::timeout(Duration::from_secs(20), next)
            .await
            .expect("the connection is free")
            .unwrap();
        assert_eq!(next, 7);
    }
}
