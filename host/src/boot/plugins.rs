//! Where the plugins of a host are.

use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;
use omnichat_core::Engine;
use omnichat_core::channel::ChannelKind;
use omnichat_core::clock::SystemClock;
use omnichat_net::Http;
use omnichat_plugin_library::{Entry, Library, Release};
use omnichat_plugin_runtime::{Grants, MemoryKeyValue, PluginKind, Runtime, RuntimeOptions};

use super::engine::egress;
use crate::config::Config;
use crate::keys::HostKey;
use crate::plugins::{Plugins, Shelf};

/// The library in the data folder, which the command line shares with a running host.
///
/// # Errors
/// If the host keeps nothing on disk, so that nobody else could see its plugins.
pub(crate) fn library(config: &Config) -> anyhow::Result<Library> {
    anyhow::ensure!(
        config.store_url() != "memory:",
        "a host whose store is the memory forgets its plugins when it ends: install them in its console"
    );
    Ok(Library::new(config.storage.data.join("plugins")))
}

/// The plugins of a host; nothing runs yet.
pub(super) fn open(config: &Config, key: &HostKey, engine: &Engine) -> anyhow::Result<Plugins> {
    let shelf = if config.store_url() == "memory:" {
        Shelf::temporary().context("no folder for plugins can be made")?
    } else {
        Shelf::from(library(config)?)
    };
    Ok(Plugins::new(
        engine.clone(),
        shelf,
        key,
        Http::new(egress(config)?),
    ))
}

/// An installed channel, on its own: without a host, without a store, with nothing granted.
pub(crate) struct Installed {
    /// The kind of channel.
    pub(crate) kind: Arc<dyn ChannelKind>,
    _runtime: Runtime,
    _library: Shelf,
}

/// The channels among the installed plugins: of each the version that runs, or else the one that waits.
///
/// # Errors
/// If the library is damaged.
pub(crate) fn installed_channels(config: &Config) -> anyhow::Result<Vec<Release>> {
    if config.store_url() == "memory:" {
        return Ok(Vec::new());
    }
    let lock = library(config)?
        .read()
        .map_err(|error| anyhow::anyhow!("{}", error.message()))?;
    let release = |entry: &Entry| {
        let running = entry.active_release().or_else(|| entry.wanted_release());
        running.or_else(|| entry.waiting()).cloned()
    };
    let releases = lock.plugins.values().filter_map(release);
    Ok(releases
        .filter(|release| release.manifest.kind == PluginKind::Channel)
        .collect())
}

/// An installed channel by its id, for a command that looks at what it makes of bytes. None if none has this id.
///
/// # Errors
/// If it cannot be loaded.
pub(crate) async fn installed_channel(config: &Config, id: &str) -> anyhow::Result<Option<Installed>> {
    let mut releases = installed_channels(config)?.into_iter();
    let Some(release) = releases.find(|release| release.manifest.id == id) else {
        return Ok(None);
    };
    let failed = |error: omnichat_core::Error| {
        anyhow::anyhow!("the plugin «{id}» cannot be loaded: {}", error.message())
    };
    let wasm = library(config)?.component(&release).map_err(failed)?;
    // A cache of one's own: the host's belongs to whoever runs the host.
    let shelf = Shelf::temporary().context("no folder for compiled code can be made")?;
    let clock = Arc::new(SystemClock);
    let kv = Arc::new(MemoryKeyValue::new(clock));
    let options = RuntimeOptions::new(shelf.cache(), [0; 32], Http::new(egress(config)?), kv);
    let granted = Grants {
        limits: release.manifest.limits.clone(),
        ..Grants::default()
    };
    let runtime = Runtime::new(options).map_err(failed)?;
    let plugin = runtime.load(Bytes::from(wasm), granted).await.map_err(failed)?;
    Ok(Some(Installed {
        kind: plugin.channel_kind().map_err(failed)?,
        _runtime: runtime,
        _library: shelf,
    }))
}
