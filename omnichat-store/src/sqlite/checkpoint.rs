//! Moves the write-ahead log into the database while the writer goes on.
//!
//! Left to SQLite, every commit that finds the log too long does this itself, and everybody waits meanwhile. Here a thread of
//! its own keeps up with the writer. It cannot end the log, since more is written all the time; so when the log has grown
//! long, the writer is told to move the little that is left, after which it begins the log anew.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use omnichat_core::error::{Error, ErrorKind, Result};
use rusqlite::Connection;

/// Pages of 4 KiB that the log may have before it is begun anew: the more, the fewer writes for pages that change often, and
/// the more to read after a crash.
const LONG: i64 = 16_000;

/// The thread. Dropping it waits for its end.
#[derive(Debug)]
pub(super) struct Checkpointer {
    nudge: Option<SyncSender<()>>,
    is_long: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// Starts the thread, with a connection of its own.
    pub(super) fn start(connection: Connection) -> Result<Self> {
        let (nudge, nudges) = sync_channel(1);
        let is_long = Arc::new(AtomicBool::new(false));
        let tell = is_long.clone();
        let run = move || keep_up(&connection, &nudges, &tell);
        let thread = std::thread::Builder::new()
            .name("sqlite-checkpoint".to_owned())
            .spawn(run);
        let thread = thread
            .map_err(|e| Error::new(ErrorKind::Unavailable, "no thread for checkpoints").caused_by(e))?;
        Ok(Self {
            nudge: Some(nudge),
            is_long,
            thread: Some(thread),
        })
    }

    /// More was written.
    pub(super) fn nudge(&self) {
        // If it is full, the thread is about to look anyway.
        let _ = self.nudge.as_ref().map(|nudge| nudge.try_send(()));
    }

    /// Whether the writer should move what is left; asked once each time.
    pub(super) fn is_due(&self) -> bool {
        self.is_long.swap(false, Ordering::Relaxed)
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.nudge = None;
        // A panic of the thread has been printed.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn keep_up(connection: &Connection, nudges: &Receiver<()>, is_long: &AtomicBool) {
    while nudges.recv().is_ok() {
        if move_log(connection).is_some_and(|pages| pages > LONG) {
            is_long.store(true, Ordering::Relaxed);
        }
    }
}

/// Moves what can be moved without making anybody wait. Returns how many pages the log has.
pub(super) fn move_log(connection: &Connection) -> Option<i64> {
    match connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(1)) {
        Ok(pages) => Some(pages),
        Err(error) => {
            tracing::warn!(%error, "the log could not be moved into the database");
            None
        }
    }
}
