//! Doing what the library says: versions are tried, started and stopped here.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use omnichat_core::error::{Error, Result, Retry};
use omnichat_plugin_library::{Entry, Library, Release};
use omnichat_plugin_runtime::{Grants, Manifest, Plugin, PluginKind, Runtime};

use super::Plugins;

impl Plugins {
    /// Does what the library says.
    ///
    /// # Errors
    /// If the library cannot be read or written. What is wrong with a plugin is noted there and is no error.
    pub async fn apply(&self) -> Result<()> {
        let _turn = self.inner.turn.lock().await;
        let lock = self.library(Library::read).await?;
        let is_to_run = |id: &str| {
            let entry = lock.plugins.get(id);
            entry.is_some_and(|entry| entry.enabled && entry.wanted.is_some())
        };
        for id in self.inner.running.ids() {
            if !is_to_run(&id) {
                self.stop(&id);
            }
        }
        self.inner.delays.retain(is_to_run);
        let mut outcome = Ok(());
        for (id, entry) in &lock.plugins {
            if entry.enabled {
                // One that fails keeps no other from its turn.
                let applied = self.apply_one(id, entry.clone()).await;
                outcome = outcome.and(applied);
            }
        }
        self.sweep(&lock).await?;
        outcome
    }

    /// Tries the wanted version, and the one that ran before if it cannot run; looks at the one that waits.
    async fn apply_one(&self, id: &str, mut entry: Entry) -> Result<()> {
        while let Some(release) = entry.wanted_release().cloned() {
            let (version, digest) = (release.version(), release.digest.clone());
            let runs = self.inner.running.get(id).is_some_and(|plugin| {
                plugin.digest() == digest && Some(plugin.grants()) == release.granted.as_ref()
            });
            let started = if runs { Ok(()) } else { self.start(&release).await };
            match started {
                Ok(()) => {
                    self.inner.delays.remove(id);
                    if !runs {
                        tracing::info!(plugin = id, version, digest = release.short(), "a plugin runs");
                    }
                    if !runs || entry.active.as_ref() != Some(&digest) {
                        let id = id.to_owned();
                        entry = self
                            .library(move |library| library.activated(&id, &digest))
                            .await?;
                    }
                    break;
                }
                Err(error) if is_passing(&error) => {
                    let now = self.inner.engine.now();
                    let wait = self.inner.delays.add(id, &digest, said(&error), now);
                    let again_in_s = wait.as_secs();
                    tracing::warn!(plugin = id, version, %error, again_in_s, "a plugin cannot start yet");
                    return Ok(());
                }
                Err(error) => {
                    tracing::error!(plugin = id, version, %error, "a plugin cannot run");
                    self.inner.delays.remove(id);
                    entry = self.refuse(id, &digest, &error).await?;
                    if entry.wanted.as_ref() == Some(&digest) {
                        break;
                    }
                }
            }
        }
        match entry.waiting() {
            Some(waiting) if !self.inner.looks.has(&waiting.digest) => self.look(id, waiting).await,
            _ => Ok(()),
        }
    }

    /// Asks a version that waits for approval what it is, with nothing granted: whoever decides sees which secrets it wants,
    /// and is not asked about one that could not run. The question is a pure call: every import is denied to it.
    async fn look(&self, id: &str, release: &Release) -> Result<()> {
        let granted = Grants {
            limits: release.manifest.limits.clone(),
            ..Grants::default()
        };
        match self.load(release, granted).await {
            Ok(plugin) => {
                self.inner.looks.add(&plugin);
                Ok(())
            }
            // It is looked at when something changes, or when it is approved of.
            Err(error) if is_passing(&error) => {
                tracing::warn!(plugin = id, version = release.version(), %error, "a plugin that waits cannot be looked at");
                Ok(())
            }
            Err(error) => {
                tracing::error!(plugin = id, version = release.version(), %error, "a plugin that waits could not run");
                self.refuse(id, &release.digest, &error).await.map(|_| ())
            }
        }
    }

    async fn refuse(&self, id: &str, digest: &str, error: &Error) -> Result<Entry> {
        let (id, digest) = (id.to_owned(), digest.to_owned());
        let (reason, now) = (said(error), self.inner.engine.now());
        self.library(move |library| library.refused(&id, &digest, &reason, now))
            .await
    }

    async fn start(&self, release: &Release) -> Result<()> {
        let inner = &self.inner;
        let granted = release.granted.clone().unwrap_or_default();
        let plugin = self.load(release, granted).await?;
        let before = inner.running.past(&release.manifest.id);
        let is_other = before
            .as_ref()
            .is_some_and(|before| before.digest != plugin.digest());
        if let Some(before) = before {
            plugin.go_on_from(before.status);
        }
        match release.manifest.kind {
            PluginKind::Channel => {
                let kind = plugin.channel_kind()?;
                inner.engine.inboxes().rehearse(&*kind).await?;
                inner.engine.channels().register(kind);
            }
            PluginKind::Scenario | PluginKind::Tool => {
                let kind = plugin.automation_kind()?;
                inner.engine.automations().rehearse(&*kind).await?;
                inner.engine.automation_kinds().register(kind);
            }
        }
        inner.looks.add(&plugin);
        inner.running.put(plugin);
        if is_other && release.manifest.kind == PluginKind::Channel {
            // It may understand what the other one did not. That it cannot be queued now keeps nothing from running.
            let id = &release.manifest.id;
            if let Err(error) = inner.engine.quarantine().replay_of_kind(id).await {
                tracing::warn!(plugin = id, %error, "the quarantine is not tried again: do it by hand");
            }
        }
        if release.manifest.kind == PluginKind::Channel
            && let Err(error) = inner.engine.reconcile().await
        {
            tracing::warn!(plugin = release.manifest.id, %error, "its inboxes are polled within the hour");
        }
        Ok(())
    }

    async fn load(&self, release: &Release, granted: Grants) -> Result<Arc<Plugin>> {
        self.check_name(&release.manifest)?;
        let kept = release.clone();
        let wasm = self.library(move |library| library.component(&kept)).await?;
        self.runtime().await?.load(Bytes::from(wasm), granted).await
    }

    /// `Invalid` if a built-in channel has its name.
    pub(super) fn check_name(&self, manifest: &Manifest) -> Result<()> {
        if manifest.kind != PluginKind::Channel || !self.inner.built_in.contains(&manifest.id) {
            return Ok(());
        }
        let message = format!(
            "a channel called «{}» is built in: the plugin needs another id",
            manifest.id
        );
        Err(Error::invalid_field("id", "taken", message))
    }

    async fn runtime(&self) -> Result<&Runtime> {
        let options = self.inner.options.clone();
        self.inner
            .runtime
            .get_or_try_init(async || Runtime::new(options))
            .await
    }

    fn stop(&self, id: &str) {
        if let Some(plugin) = self.inner.running.remove(id) {
            let engine = &self.inner.engine;
            match plugin.manifest().kind {
                PluginKind::Channel => drop(engine.channels().remove(id)),
                PluginKind::Scenario | PluginKind::Tool => drop(engine.automation_kinds().remove(id)),
            }
            tracing::info!(plugin = id, "a plugin was switched off");
        }
    }
}

/// Whether the same may succeed later without anybody changing anything. What a plugin does in the pure calls of a trial is
/// final, its faults and its own words alike; that the host was too busy is not.
fn is_passing(error: &Error) -> bool {
    match error.context_value("outcome") {
        Some(outcome) => matches!(outcome, "wall_timeout" | "host_error"),
        None => error.context_value("plugin_call").is_none() && error.retry() != Retry::Never,
    }
}

/// An error as one sentence, with its fields.
fn said(error: &Error) -> String {
    let fields: BTreeMap<&str, &str> = error
        .fields()
        .iter()
        .filter(|field| field.message != error.message())
        .map(|field| (field.field.as_str(), field.message.as_str()))
        .collect();
    let mut text = error.message().to_owned();
    for (field, message) in fields {
        text.push_str(&format!("; {field}: {message}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use omnichat_core::error::ErrorKind;

    use super::*;

    #[test]
    fn what_may_pass_is_told_from_what_is_final() {
        for kind in [
            ErrorKind::Unavailable,
            ErrorKind::Timeout,
            ErrorKind::Internal,
            ErrorKind::Conflict,
        ] {
            let down = Error::new(kind, "the store is down").retold("the settings of «Shop» do not fit");
            assert!(is_passing(&down), "{kind:?}");
            // A pure call depends on nothing that could come back.
            assert!(!is_passing(
                &Error::new(kind, "").with("plugin_call", "migrate-config")
            ));
        }
        assert!(!is_passing(&Error::invalid("the plugin's file was changed")));
        for (outcome, passes) in [
            ("trap", false),
            ("cpu_timeout", false),
            ("memory_limit", false),
            ("wall_timeout", true),
            ("host_error", true),
        ] {
            let fault = Error::new(ErrorKind::Unavailable, "")
                .with("plugin_call", "migrate-config")
                .with("outcome", outcome);
            assert_eq!(is_passing(&fault), passes, "{outcome}");
        }
        // That a version cannot say what it is, is told as a wrong file, whatever the reason.
        let busy = Error::invalid("the plugin cannot say what it is").with("outcome", "wall_timeout");
        assert!(is_passing(&busy));
    }

    #[test]
    fn a_reason_names_each_wrong_field_once() {
        let error = Error::invalid("some settings are wrong")
            .with_field("config.token", "format", "it is too short")
            .with_field("config.base", "required", "some settings are wrong");
        assert_eq!(
            said(&error),
            "some settings are wrong; config.token: it is too short"
        );
    }
}
