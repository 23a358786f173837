//! The folder with the plugins of a host, and what can be done with them.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_plugin_runtime::{Grants, Manifest};

use crate::entry::{Entry, Installed, Refusal, Release};
use crate::files;
use crate::lock::{Lock, Turn};
use crate::signature::Signature;

/// How many versions of a plugin are kept.
const KEPT: usize = 5;

/// A version to be installed. Whoever calls has looked into the component and knows that the manifest is its own.
#[derive(Clone, Debug)]
pub struct Install<'a> {
    /// The component.
    pub wasm: &'a [u8],
    /// What it says of itself.
    pub manifest: Manifest,
    /// Its signature, if it has one.
    pub signature: Option<Signature>,
    /// Grant what it asks for.
    pub approve: bool,
    /// Another file may take the place of the same version: for authors, who build it over and over.
    pub replace: bool,
}

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

    /// Changes whenever the library does: compare it with an earlier one.
    pub fn stamp(&self) -> Option<(SystemTime, u64)> {
        let about = fs::metadata(self.lock_path()).ok()?;
        Some((about.modified().ok()?, about.len()))
    }

    /// The component of a version, exactly as it was installed.
    ///
    /// # Errors
    /// `Invalid` if its file was changed since, `Internal` if it is gone.
    pub fn component(&self, release: &Release) -> Result<Vec<u8>> {
        files::get(&self.files(), &release.digest)
    }

    /// Installs a plugin, or another version of it. It is wanted at once if it asks for nothing that was not granted.
    ///
    /// # Errors
    /// `Invalid` for a signature that is wrong, missing or of somebody else, for another kind of plugin under the same id,
    /// and for other content under the same version.
    pub fn install(&self, install: Install<'_>, now: Timestamp) -> Result<Installed> {
        if let Some(signature) = &install.signature {
            signature.verify(install.wasm)?;
        }
        let id = install.manifest.id.clone();
        let version = install.manifest.version.clone();
        self.change(|lock| {
            let entry = lock.plugins.entry(id).or_insert_with(|| Entry {
                enabled: true,
                publisher: install
                    .signature
                    .as_ref()
                    .map(|signature| signature.publisher.clone()),
                granted: None,
                wanted: None,
                active: None,
                previous: None,
                refusal: None,
                releases: Vec::new(),
            });
            check_publisher(entry, install.signature.as_ref())?;
            if let Some(known) = entry.releases.first()
                && known.manifest.kind != install.manifest.kind
            {
                let message = format!(
                    "a {} of this id is installed: remove it first",
                    known.manifest.kind
                );
                return Err(Error::invalid_field("id", "kind", message));
            }
            let digest = files::digest(install.wasm);
            let known = entry
                .releases
                .iter()
                .position(|release| release.manifest.version == version);
            let is_same = known.is_some_and(|at| entry.releases[at].digest == digest);
            if known.is_some() && !is_same && !install.replace {
                let message = format!("version {version} is installed with other content: raise its version");
                return Err(Error::invalid_field("version", "taken", message));
            }
            // Also where it is known: whoever installs it again may do so because its file was damaged.
            files::put(&self.files(), install.wasm)?;
            if !is_same {
                entry
                    .releases
                    .retain(|release| release.manifest.version != version);
                entry.releases.push(Release {
                    digest,
                    size: install.wasm.len() as u64,
                    installed_at: now,
                    signed_by: install
                        .signature
                        .as_ref()
                        .map(|signature| signature.publisher.clone()),
                    manifest: install.manifest.clone(),
                });
            }
            if entry.publisher.is_none() {
                entry.publisher = install
                    .signature
                    .as_ref()
                    .map(|signature| signature.publisher.clone());
            }
            if install.approve {
                entry.granted = Some(Grants::all_of(&install.manifest));
            }
            let release = entry
                .release(&version)
                .cloned()
                .ok_or_else(|| not_found(&version))?;
            let asks = entry.asks(&release);
            if asks.is_empty() {
                want(entry, &version);
            }
            forget_old(entry);
            Ok(Installed {
                entry: entry.clone(),
                release,
                asks,
                unchanged: is_same,
            })
        })
    }

    /// Grants the newest version, or the one that is named, what it asks for, and wants it to run.
    ///
    /// # Errors
    /// `NotFound` if there is no such version.
    pub fn approve(&self, id: &str, version: Option<&str>) -> Result<Entry> {
        self.change_entry(id, |entry| {
            let release = match version {
                Some(version) => entry.release(version),
                None => entry.releases.last(),
            };
            let manifest = release
                .ok_or_else(|| Error::not_found("version of this plugin"))?
                .manifest
                .clone();
            entry.granted = Some(Grants::all_of(&manifest));
            want(entry, &manifest.version);
            Ok(())
        })
    }

    /// Switches a plugin on or off. Off, its inboxes take and send nothing; what was queued waits.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn set_enabled(&self, id: &str, enabled: bool) -> Result<Entry> {
        self.change_entry(id, |entry| {
            entry.enabled = enabled;
            Ok(())
        })
    }

    /// Wants the version that ran before to run again.
    ///
    /// # Errors
    /// `Rejected` if none ran before.
    pub fn roll_back(&self, id: &str) -> Result<Entry> {
        self.change_entry(id, |entry| {
            let previous = entry.previous.clone().ok_or_else(|| {
                Error::new(
                    ErrorKind::Rejected,
                    "no other version of this plugin has run here",
                )
            })?;
            want(entry, &previous);
            Ok(())
        })
    }

    /// Removes a plugin with all its versions.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn remove(&self, id: &str) -> Result<Entry> {
        self.change(|lock| lock.plugins.remove(id).ok_or_else(|| not_found(id)))
    }

    /// Notes that a version runs.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn activated(&self, id: &str, version: &str) -> Result<Entry> {
        self.change_entry(id, |entry| {
            if entry.active.as_deref() != Some(version) {
                entry.previous = entry.active.take().filter(|active| active != version);
                entry.active = Some(version.to_owned());
            }
            entry.refusal = None;
            Ok(())
        })
    }

    /// Notes why a version cannot run; what ran before is wanted again.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn refused(&self, id: &str, version: &str, reason: &str, now: Timestamp) -> Result<Entry> {
        self.change_entry(id, |entry| {
            // The same again is no news: hosts follow what changes here, and would try it again at once.
            let known = entry
                .refusal
                .as_ref()
                .is_some_and(|refusal| refusal.version == version && refusal.reason == reason);
            if !known {
                entry.refusal = Some(Refusal {
                    version: version.to_owned(),
                    reason: reason.to_owned(),
                    at: now,
                });
            }
            if entry.wanted.as_deref() == Some(version) && entry.active.as_deref() != Some(version) {
                entry.wanted = entry.active.clone();
            }
            Ok(())
        })
    }

    fn change_entry(&self, id: &str, change: impl FnOnce(&mut Entry) -> Result<()>) -> Result<Entry> {
        self.change(|lock| {
            let entry = lock.plugins.get_mut(id).ok_or_else(|| not_found(id))?;
            change(entry)?;
            Ok(entry.clone())
        })
    }

    /// Reads, changes and writes, with nobody in between.
    fn change<T>(&self, change: impl FnOnce(&mut Lock) -> Result<T>) -> Result<T> {
        fs::create_dir_all(self.files())
            .map_err(|error| files::failed("the folder of the plugins cannot be made", error))?;
        let _turn = Turn::wait(&self.folder)?;
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

    fn lock_path(&self) -> PathBuf {
        self.folder.join("plugins.lock")
    }

    fn files(&self) -> PathBuf {
        self.folder.join("files")
    }
}

fn want(entry: &mut Entry, version: &str) {
    entry.wanted = Some(version.to_owned());
    entry.refusal = None;
}

/// Trust on first use: who signed the first version signs the others.
fn check_publisher(entry: &Entry, signature: Option<&Signature>) -> Result<()> {
    let Some(publisher) = &entry.publisher else {
        return Ok(());
    };
    let message = match signature {
        Some(signature) if signature.publisher == *publisher => return Ok(()),
        Some(signature) => format!(
            "this version was signed by {}, earlier ones by {}: if that is right, remove the plugin and install it again",
            signature.publisher.short(),
            publisher.short()
        ),
        None => format!(
            "earlier versions were signed by {}: give this version's signature, too",
            publisher.short()
        ),
    };
    Err(Error::invalid_field("signature", "publisher", message))
}

/// Forgets the oldest versions that nobody may want back.
fn forget_old(entry: &mut Entry) {
    let named = [entry.wanted.clone(), entry.active.clone(), entry.previous.clone()];
    while entry.releases.len() > KEPT {
        let newest = entry.releases.len() - 1;
        let oldest = entry.releases[..newest]
            .iter()
            .position(|release| !named.contains(&Some(release.manifest.version.clone())));
        match oldest {
            Some(at) => entry.releases.remove(at),
            None => return,
        };
    }
}

fn not_found(id: &str) -> Error {
    Error::not_found("plugin").with("plugin", id)
}
