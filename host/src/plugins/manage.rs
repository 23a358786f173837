//! What administrators do with plugins. Each change is noted in the audit log and done at once.

use bytes::Bytes;
use omnichat_core::actor::Actor;
use omnichat_core::error::Result;
use omnichat_plugin_library::{Entry, Install, Signature};
use serde_json::{Value, json};

use super::{Plugins, Seen};

/// A file that an administrator sends.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    /// The component.
    pub wasm: Bytes,
    /// The text of its signature, if it has one.
    pub signature: Option<String>,
    /// Grant what it asks for.
    pub approve: bool,
    /// It may be older than what runs.
    pub older: bool,
}

impl Plugins {
    /// Installs a plugin or another version of one, and tries it at once if it asks for nothing that was not granted.
    ///
    /// # Errors
    /// `Invalid` with a sentence that says what is wrong with the file or the signature.
    pub async fn install(&self, actor: &Actor, upload: Upload) -> Result<Seen> {
        self.require(actor).await?;
        let signature: Option<Signature> = upload.signature.as_deref().map(str::parse).transpose()?;
        let manifest = omnichat_plugin_runtime::inspect(&upload.wasm)?;
        self.check_name(&manifest)?;
        let now = self.inner.engine.now();
        let installed = self
            .library(move |library| {
                let install = Install {
                    wasm: &upload.wasm,
                    manifest,
                    signature,
                    approve: upload.approve,
                    replace: false,
                    older: upload.older,
                };
                library.install(install, now)
            })
            .await?;
        let release = &installed.release;
        let details = json!({ "version": release.version(), "digest": release.digest });
        self.changed(actor, "plugin.installed", &release.manifest.id, details)
            .await
    }

    /// Grants a version what it asks for and tries it. The version is named by its digest.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` if the plugin has no such file any more.
    pub async fn approve(&self, actor: &Actor, id: &str, digest: String) -> Result<Seen> {
        self.require(actor).await?;
        let (key, seen) = (id.to_owned(), digest.clone());
        let entry = self.library(move |library| library.approve(&key, &seen)).await?;
        let granted = entry.release(&digest).and_then(|release| release.granted.clone());
        let details = json!({ "version": version(&entry, &digest), "digest": digest, "granted": granted });
        self.changed(actor, "plugin.approved", id, details).await
    }

    /// Notes that a version which waits is not wanted. The version is named by its digest.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` if the plugin has no such file any more; `Rejected` if it does not wait.
    pub async fn decline(&self, actor: &Actor, id: &str, digest: String) -> Result<Seen> {
        self.require(actor).await?;
        let (key, seen) = (id.to_owned(), digest.clone());
        let now = self.inner.engine.now();
        let entry = self
            .library(move |library| library.decline(&key, &seen, now))
            .await?;
        let details = json!({ "version": version(&entry, &digest), "digest": digest });
        self.changed(actor, "plugin.declined", id, details).await
    }

    /// Switches a plugin on or off.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn set_enabled(&self, actor: &Actor, id: &str, enabled: bool) -> Result<Seen> {
        self.require(actor).await?;
        let key = id.to_owned();
        self.library(move |library| library.set_enabled(&key, enabled))
            .await?;
        let action = if enabled {
            "plugin.enabled"
        } else {
            "plugin.disabled"
        };
        self.changed(actor, action, id, json!({})).await
    }

    /// Brings back the version that ran before, with what was granted to it.
    ///
    /// # Errors
    /// `NotFound`; `Rejected` if none ran before, or if what it asks for was never granted.
    pub async fn roll_back(&self, actor: &Actor, id: &str) -> Result<Seen> {
        self.require(actor).await?;
        let key = id.to_owned();
        let entry = self.library(move |library| library.roll_back(&key)).await?;
        let digest = entry.wanted.clone().unwrap_or_default();
        let details = json!({ "version": version(&entry, &digest), "digest": digest });
        self.changed(actor, "plugin.rolled_back", id, details).await
    }

    /// Removes a plugin. Its inboxes stay, and work again when it is installed again.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn remove(&self, actor: &Actor, id: &str) -> Result<()> {
        self.require(actor).await?;
        let key = id.to_owned();
        self.library(move |library| library.remove(&key)).await?;
        self.note(actor, "plugin.removed", id, json!({})).await?;
        self.apply().await
    }

    /// Notes who did it, does what the library says now, and tells what came of it.
    async fn changed(&self, actor: &Actor, action: &str, id: &str, details: Value) -> Result<Seen> {
        self.note(actor, action, id, details).await?;
        self.apply().await?;
        self.see(id).await
    }

    async fn note(&self, actor: &Actor, action: &str, id: &str, details: Value) -> Result<()> {
        self.inner.engine.audit().record(actor, action, id, details).await
    }
}

fn version<'a>(entry: &'a Entry, digest: &str) -> Option<&'a str> {
    Some(entry.release(digest)?.version())
}
