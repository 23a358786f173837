//! What people and hosts decide about the versions of a plugin.

use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_plugin_runtime::Grants;

use crate::entry::{Entry, Refusal, RefusedBy, Release, Standing};
use crate::library::{Library, not_found};

impl Library {
    /// Grants a version what it asks for, and wants it to run. The version is named by its digest: what was looked at is what
    /// is approved of.
    ///
    /// # Errors
    /// `Conflict` if there is no such file any more.
    pub fn approve(&self, id: &str, digest: &str) -> Result<Entry> {
        self.change_entry(id, |entry| {
            let release = release_mut(entry, digest)?;
            release.granted = Some(Grants::all_of(&release.manifest));
            want(entry, digest);
            Ok(())
        })
    }

    /// Notes that somebody does not want a version that waits. What runs goes on; the version may still be approved of later.
    ///
    /// # Errors
    /// `Conflict` if there is no such file any more, `Rejected` if it does not wait for a decision.
    pub fn decline(&self, id: &str, digest: &str, now: Timestamp) -> Result<Entry> {
        self.change_entry(id, |entry| {
            let release = entry.release(digest).ok_or_else(changed_meanwhile)?;
            match entry.standing(release) {
                Standing::Waiting => {}
                Standing::Declined => return Ok(()),
                _ => {
                    let message = format!(
                        "version {} does not wait for a decision: disable the plugin, or roll it back",
                        release.version()
                    );
                    return Err(Error::new(ErrorKind::Rejected, message));
                }
            }
            release_mut(entry, digest)?.refusal = Some(Refusal {
                by: RefusedBy::Person,
                reason: "an administrator declined what it asks for: approve of it if it shall run after all"
                    .to_owned(),
                at: now,
            });
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

    /// Wants the version that ran before to run again, with what was granted to it.
    ///
    /// # Errors
    /// `Rejected` if none ran before, or if what it asks for was never granted.
    pub fn roll_back(&self, id: &str) -> Result<Entry> {
        self.change_entry(id, |entry| {
            let previous = entry.previous_release().ok_or_else(|| {
                Error::new(
                    ErrorKind::Rejected,
                    "no other version of this plugin has run here: install the one that you want",
                )
            })?;
            let asks = entry.asks(previous);
            if previous.granted.is_none() || !asks.is_empty() {
                let message = format!(
                    "version {} asks for what it was not granted ({}): approve of it, and it runs",
                    previous.version(),
                    asks.join(", ")
                );
                return Err(Error::new(ErrorKind::Rejected, message));
            }
            let digest = previous.digest.clone();
            want(entry, &digest);
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
    /// `Conflict` if there is no such file any more.
    pub fn activated(&self, id: &str, digest: &str) -> Result<Entry> {
        self.change_entry(id, |entry| {
            release_mut(entry, digest)?.refusal = None;
            if entry.active.as_deref() != Some(digest) {
                entry.previous = entry.active.replace(digest.to_owned());
            }
            Ok(())
        })
    }

    /// Notes why a version cannot run; what ran before is wanted again, with what was granted to that.
    ///
    /// # Errors
    /// `Conflict` if there is no such file any more.
    pub fn refused(&self, id: &str, digest: &str, reason: &str, now: Timestamp) -> Result<Entry> {
        self.change_entry(id, |entry| {
            let release = release_mut(entry, digest)?;
            // The same again is no news: hosts follow what changes here, and would try it again at once.
            let is_known = release
                .refusal
                .as_ref()
                .is_some_and(|refusal| refusal.by == RefusedBy::Host && refusal.reason == reason);
            if !is_known {
                release.refusal = Some(Refusal {
                    by: RefusedBy::Host,
                    reason: reason.to_owned(),
                    at: now,
                });
            }
            if entry.wanted.as_deref() == Some(digest) && entry.active.as_deref() != Some(digest) {
                entry.wanted = entry.active.clone();
            }
            Ok(())
        })
    }
}

/// Wants a version that was granted what it asks for.
pub(crate) fn want(entry: &mut Entry, digest: &str) {
    entry.wanted = Some(digest.to_owned());
    for release in &mut entry.releases {
        if release.digest == digest {
            release.refusal = None;
        }
    }
}

fn release_mut<'a>(entry: &'a mut Entry, digest: &str) -> Result<&'a mut Release> {
    entry
        .releases
        .iter_mut()
        .find(|release| release.digest == digest)
        .ok_or_else(changed_meanwhile)
}

fn changed_meanwhile() -> Error {
    Error::new(
        ErrorKind::Conflict,
        "the plugin has no such file any more: look at what it asks for now, and decide on that",
    )
}
