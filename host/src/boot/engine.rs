//! Store, files, bus and channels, put together.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use omnichat_core::Engine;
use omnichat_core::channel::ChannelRegistry;
use omnichat_core::clock::Clock;
use omnichat_core::engine::EngineOptions;
use omnichat_core::store::blob::BlobStore;
use omnichat_core::store::memory::MemoryBlobs;
use omnichat_net::egress::Egress;
use omnichat_store::blobs::{LocalBlobs, S3Blobs, S3Options};
use omnichat_store::bus::postgres::PostgresBus;
use omnichat_store::{StoreOptions, private};
use url::Url;

use crate::config::{Config, Durability};
use crate::keys::HostKey;
use crate::links::SharedFiles;

/// An engine by the configuration.
pub(super) async fn open(config: &Config, key: &HostKey, clock: Arc<dyn Clock>) -> anyhow::Result<Engine> {
    let url = config.store_url();
    if url.starts_with("sqlite:") {
        let folder = &config.storage.data;
        private::make_folder(folder).with_context(|| format!("the data folder {}", folder.display()))?;
    }
    let mut options = StoreOptions {
        clock: clock.clone(),
        ..StoreOptions::default()
    };
    options.durability = match config.store.durability {
        Durability::Full => omnichat_store::Durability::Full,
        Durability::Process => omnichat_store::Durability::Process,
    };
    let store = omnichat_store::open_store(&url, options)
        .await
        .context("the store cannot be opened")?;
    let mut work = EngineOptions::default();
    work.workers = config.work.jobs;
    work.downloads = config.work.downloads;
    work.pollers = config.work.polls;
    work.lease = Duration::from_secs(config.work.lease_seconds);
    work.max_file_bytes = config.files.max_bytes;
    let mut builder = Engine::builder(store);
    if url.starts_with("postgres") {
        // Other hosts may work on the same database: each hears what the others have written.
        let bus = PostgresBus::connect(&url)
            .await
            .context("the event bus cannot be opened")?;
        builder = builder.bus(Arc::new(bus));
    }
    if let Some(public) = &config.server.public_url {
        let base_url = public.as_str().trim_end_matches('/');
        builder = builder.file_links(Arc::new(SharedFiles::new(key, base_url)));
    }
    let engine = builder
        .blobs(blobs(config).await.context("the files cannot be opened")?)
        .clock(clock.clone())
        .vault(key.vault())
        .channels(&channels(config, clock)?)
        .options(work)
        .build();
    Ok(engine)
}

/// Every built-in channel, with the guard on the way out.
pub(crate) fn channels(config: &Config, clock: Arc<dyn Clock>) -> anyhow::Result<ChannelRegistry> {
    let registry = ChannelRegistry::new();
    let options = omnichat_channels::Options {
        egress: egress(config)?,
        clock,
    };
    omnichat_channels::register_all(&registry, &options);
    Ok(registry)
}

/// The guard on the way out.
pub(super) fn egress(config: &Config) -> anyhow::Result<Egress> {
    let mut egress = Egress::public_only();
    for network in &config.egress.allow {
        egress = egress.allow(network.parse()?);
    }
    Ok(egress)
}

async fn blobs(config: &Config) -> anyhow::Result<Arc<dyn BlobStore>> {
    let url = config.blobs_url();
    if let Some(folder) = url.strip_prefix("fs:") {
        return Ok(Arc::new(LocalBlobs::open(folder).await?));
    }
    if url == "memory:" {
        return Ok(Arc::new(MemoryBlobs::default()));
    }
    let place: Url = url.parse().context("blobs.url")?;
    let settings = &config.blobs;
    let options = S3Options {
        endpoint: settings.endpoint.clone(),
        bucket: place.host_str().context("blobs.url names no bucket")?.to_owned(),
        region: settings.region.clone().unwrap_or_else(|| "us-east-1".to_owned()),
        access_key_id: settings.access_key_id.clone(),
        secret_access_key: settings
            .secret_access_key
            .as_ref()
            .map(|secret| secret.expose().to_owned()),
        path_style: settings.endpoint.is_some(),
        prefix: place.path().trim_matches('/').to_owned(),
    };
    Ok(Arc::new(S3Blobs::open(options)?))
}
