//! A lock beside the database file, so that two processes never write it at once: the heads of the event logs and the places
//! in the queue are counted in memory by the one writer.

use std::fs::{File, TryLockError};
use std::path::Path;

use omnichat_core::error::{Error, ErrorKind, Result};

use crate::private;

/// Held as long as it lives; the operating system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "holds the lock")] File);

impl Lock {
    /// Takes the lock of a database file.
    pub(super) fn take(database: &Path) -> Result<Self> {
        let mut path = database.as_os_str().to_owned();
        path.push(".lock");
        let unavailable =
            |message: &str| Error::new(ErrorKind::Unavailable, message).with("file", database.display());
        let file = private::open_file(Path::new(&path))
            .map_err(|e| unavailable("the lock file cannot be opened").caused_by(e))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(unavailable("another process has this database open")),
            Err(TryLockError::Error(e)) => Err(unavailable("the lock file cannot be locked").caused_by(e)),
        }
    }
}
