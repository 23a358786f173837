//! `plugins.lock`: what shall run and what runs.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use omnichat_core::error::{Error, Result};
use serde::{Deserialize, Serialize};

use crate::entry::Entry;
use crate::files::{failed, replace};

/// The shape of the file; a file of another shape is refused rather than misread.
const FORMAT: u32 = 1;

/// The whole file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lock {
    format: u32,
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
        let text = match std::fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(failed("plugins.lock cannot be read", error)),
        };
        let lock: Self = serde_json::from_slice(&text).map_err(|error| {
            Error::invalid("plugins.lock is damaged: bring it back from a copy").caused_by(error)
        })?;
        if lock.format != FORMAT {
            return Err(Error::invalid(
                "plugins.lock was written by another version of OmniChat",
            ));
        }
        Ok(lock)
    }

    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_vec_pretty(self)
            .map_err(|error| Error::internal("plugins.lock cannot be written").caused_by(error))?;
        replace(path, &text)
    }
}

/// Keeps others out of a library until it is dropped.
pub(crate) struct Turn {
    _file: File,
}

impl Turn {
    pub(crate) fn wait(folder: &Path) -> Result<Self> {
        let open = || -> std::io::Result<File> {
            let file = File::create(folder.join("turn"))?;
            file.lock()?;
            Ok(file)
        };
        let file = open().map_err(|error| failed("the plugin library cannot be locked", error))?;
        Ok(Self { _file: file })
    }
}
