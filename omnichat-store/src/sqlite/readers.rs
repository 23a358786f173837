//! A few connections that only read. In write-ahead mode they neither wait for the writer nor hold it up.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use omnichat_core::error::{Error, Result};
use omnichat_core::id::TenantId;
use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::connection;
use super::error::closed;

/// The connections.
#[derive(Debug)]
pub(super) struct Readers {
    free: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
    count: u32,
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

    /// Reads whatever may take longer, on a thread that may block.
    pub(super) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        read: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let borrowed = self.borrow().await?;
        let task =
            tokio::task::spawn_blocking(move || read(borrowed.connection.as_ref().ok_or_else(closed)?));
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
