//! `plugins.lock`: what shall run and what runs.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use omnichat_core::error::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::entry::Entry;
use crate::files::{self, failed, replace};
use crate::format1::Lock1;

/// The shape of the file; a file of another shape is refused rather than misread.
const FORMAT: u64 = 2;

/// The whole file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lock {
    format: u64,
    /// The plugins by id.
    pub plugins: BTreeMap<String, Entry>,
}

impl Default for Lock {
    fn default() -> Self {
        Self {
            format: FORMAT,
            plugins: BTreeMap::new(),
        }
    }
}

impl Lock {
    pub(crate) fn read(path: &Path) -> Result<Self> {
        match read_if_there(path)? {
            Some(text) => Self::parse(&text),
            None => Ok(Self::default()),
        }
    }

    fn parse(text: &[u8]) -> Result<Self> {
        let damaged = |error: serde_json::Error| {
            Error::invalid("plugins.lock is damaged: bring it back from a copy, or remove it and install the plugins again")
                .caused_by(error)
        };
        let value: Value = serde_json::from_slice(text).map_err(damaged)?;
        match value.get("format").and_then(Value::as_u64) {
            Some(FORMAT) => serde_json::from_value(value).map_err(damaged),
            // Read only: whoever changes something writes it in today's shape.
            Some(1) => Ok(Self {
                format: FORMAT,
                plugins: serde_json::from_value::<Lock1>(value)
                    .map_err(damaged)?
                    .into_today(),
            }),
            _ => Err(Error::invalid(
                "plugins.lock was written by a later version of OmniChat: run that version, or bring an earlier file back from \
                 a copy",
            )),
        }
    }

    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_vec_pretty(self)
            .map_err(|error| Error::internal("plugins.lock cannot be written").caused_by(error))?;
        replace(path, &text)
    }
}

/// The bytes of `plugins.lock`; none if no plugin was ever installed.
pub(crate) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>> {
    match std::fs::read(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("plugins.lock cannot be read: see who may read it", error)),
    }
}

/// Keeps others out of a library until it is dropped, or its process ends.
pub(crate) struct Turn {
    _file: File,
}

impl Turn {
    pub(crate) fn wait(folder: &Path) -> Result<Self> {
        let open = || -> std::io::Result<File> {
            let file = files::open_private(&folder.join("turn"))?;
            file.lock()?;
            Ok(file)
        };
        let file = open().map_err(|error| {
            failed(
                "the plugin library cannot be locked: see who may write there",
                error,
            )
        })?;
        Ok(Self { _file: file })
    }
}

/// Tells others that a host follows a library, until it is dropped, or its process ends.
#[derive(Debug)]
pub struct Following {
    folder: PathBuf,
    _file: File,
}

impl Following {
    pub(crate) fn begin(folder: &Path) -> Result<Self> {
        let open = || -> std::io::Result<File> {
            let file = files::open_private(&folder.join("followed"))?;
            file.lock_shared()?;
            Ok(file)
        };
        let file = open().map_err(|error| {
            failed(
                "the plugin library cannot be followed: see who may write there",
                error,
            )
        })?;
        let following = Self {
            folder: folder.to_owned(),
            _file: file,
        };
        following.done(None);
        Ok(following)
    }

    pub(crate) fn is_begun(folder: &Path) -> bool {
        let file = File::open(folder.join("followed"));
        file.is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
    }

    pub(crate) fn was_begun(folder: &Path) -> bool {
        folder.join("followed").exists()
    }

    /// Tells that what the library said at this stamp is done.
    pub fn done(&self, stamp: Option<&str>) {
        // Whoever waits for it gives up after a while.
        let _ = files::open_private(&self.folder.join("done"))
            .and_then(|mut file| file.write_all(stamp.unwrap_or_default().as_bytes()));
    }

    pub(crate) fn is_done(folder: &Path, stamp: Option<&str>) -> bool {
        std::fs::read_to_string(folder.join("done")).is_ok_and(|done| done == stamp.unwrap_or_default())
    }
}
