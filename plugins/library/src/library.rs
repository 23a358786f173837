//! The folder with the plugins of a host.

use std::path::{Path, PathBuf};

use omnichat_core::error::{Error, ErrorKind, Result};

use crate::entry::{Entry, Release};
use crate::files;
use crate::lock::{self, Following, Lock, Turn};

/// The plugins of a host. Its methods read and write files; they take milliseconds, and wait for others who work on the same
/// library. All of them say `NotFound` for a plugin that is not there.
#[derive(Clone, Debug)]
pub struct Library {
    folder: PathBuf,
}

impl Library {
    /// The library in a folder, which is made when the first plugin comes.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where compiled code may be kept.
    pub fn cache(&self) -> PathBuf {
        self.folder.join("cache")
    }

    /// What is there.
    ///
    /// # Errors
    /// `Invalid` if the file is damaged.
    pub fn read(&self) -> Result<Lock> {
        Lock::read(&self.lock_path())
    }

    /// One plugin.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn find(&self, id: &str) -> Result<Entry> {
        self.read()?.plugins.remove(id).ok_or_else(|| not_found(id))
    }

    /// Changes whenever the library does, and only then: compare it with an earlier one. None while nothing was installed.
    ///
    /// # Errors
    /// `Internal` if the file cannot be read.
    pub fn stamp(&self) -> Result<Option<String>> {
        let text = lock::read_if_there(&self.lock_path())?;
        Ok(text.map(|text| files::digest(&text)))
    }

    /// Tells others that a host does what the library says, as long as the result is kept.
    ///
    /// # Errors
    /// `Internal` if nothing can be written there.
    pub fn follow(&self) -> Result<Following> {
        self.make_folders()?;
        Following::begin(&self.folder)
    }

    /// Whether a running host does what the library says.
    pub fn is_followed(&self) -> bool {
        Following::is_begun(&self.folder)
    }

    /// Whether a host has ever done so.
    pub fn was_followed(&self) -> bool {
        Following::was_begun(&self.folder)
    }

    /// Whether the host that follows has done what the library says now.
    ///
    /// # Errors
    /// As [`Self::stamp`].
    pub fn is_done(&self) -> Result<bool> {
        let stamp = self.stamp()?;
        Ok(Following::is_done(&self.folder, stamp.as_deref()))
    }

    /// The component of a version, exactly as it was installed.
    ///
    /// # Errors
    /// `Invalid` if its file was changed since or is gone, `Internal` if it cannot be read.
    pub fn component(&self, release: &Release) -> Result<Vec<u8>> {
        files::get(&self.files(), &release.digest)
    }

    pub(crate) fn change_entry(
        &self,
        id: &str,
        change: impl FnOnce(&mut Entry) -> Result<()>,
    ) -> Result<Entry> {
        self.change(|lock| {
            let entry = lock.plugins.get_mut(id).ok_or_else(|| not_found(id))?;
            change(entry)?;
            Ok(entry.clone())
        })
    }

    /// Reads, changes and writes, with nobody in between.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Lock) -> Result<T>) -> Result<T> {
        self.make_folders()?;
        let _turn = Turn::wait(&self.folder)?;
        // Nobody else writes now: what is there was left by somebody who was stopped in the middle.
        files::sweep_drafts(&self.folder);
        files::sweep_drafts(&self.files());
        let before = self.read()?;
        let mut after = before.clone();
        let outcome = change(&mut after)?;
        if after != before {
            after.write(&self.lock_path())?;
            let kept = after.plugins.values().flat_map(|entry| &entry.releases);
            let digests: Vec<&str> = kept.map(|release| release.digest.as_str()).collect();
            files::keep_only(&self.files(), &digests);
        }
        Ok(outcome)
    }

    fn make_folders(&self) -> Result<()> {
        files::make_private(&self.folder)
            .and_then(|()| files::make_private(&self.files()))
            .map_err(|error| {
                files::failed(
                    "the folder of the plugins cannot be made: see who may write there",
                    error,
                )
            })
    }

    fn lock_path(&self) -> PathBuf {
        self.folder.join("plugins.lock")
    }

    pub(crate) fn files(&self) -> PathBuf {
        self.folder.join("files")
    }
}

pub(crate) fn not_found(id: &str) -> Error {
    let message = format!("no plugin «{id}» is installed: look at the list of plugins");
    Error::new(ErrorKind::NotFound, message)
}
