//! Where the plugins of a host are.

use anyhow::Context;
use omnichat_core::Engine;
use omnichat_net::Http;
use omnichat_plugin_library::Library;

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
