//! The host of all plugins of a process.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use omnichat_core::channel::Descriptor;
use omnichat_core::error::{Error, Result};
use tokio::sync::Semaphore;
use wasmtime::Engine;

use crate::artefact::cache::Cache;
use crate::artefact::digest::sha256;
use crate::artefact::{inspect, refused};
use crate::engine::{self, Allocation};
use crate::factors::Services;
use crate::grants::{Effective, Grants};
use crate::lane::SlowLane;
use crate::manifest::Manifest;
use crate::options::RuntimeOptions;
use crate::outcome::{Failure, Outcome};
use crate::permits::GlobalPermits;
use crate::plugin::Plugin;
use crate::status::Health;
use crate::warm::WarmPool;
use crate::worlds;

/// The host of all plugins of a process: one engine, one pool of places, one cache of compiled code.
pub struct Runtime {
    options: RuntimeOptions,
    engine: Engine,
    allocation: Allocation,
    cache: Cache,
    permits: GlobalPermits,
    warm_slots: Arc<Semaphore>,
    lane: SlowLane,
}

impl std::fmt::Debug for Runtime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runtime")
            .field("options", &self.options)
            .field("allocation", &self.allocation)
            .finish_non_exhaustive()
    }
}

impl Runtime {
    /// Starts one.
    ///
    /// # Errors
    /// `Internal` if the engine, its clock or the cache's directory cannot be had.
    pub fn new(options: RuntimeOptions) -> Result<Self> {
        let (engine, allocation) = engine::build(options.pool + options.warm)?;
        let cache = Cache::open(
            engine.clone(),
            &options.cache,
            options.cache_key,
            options.compile_time,
        )?;
        Ok(Self {
            permits: GlobalPermits::new(options.pool),
            warm_slots: Arc::new(Semaphore::new(options.warm)),
            lane: SlowLane::new(options.slow_lane),
            engine,
            allocation,
            cache,
            options,
        })
    }

    /// Throws away the compiled code of everything but these plugins, by the digests of their files in hex, and what a crash
    /// left behind. Waits for the disk: not for threads that serve requests.
    pub fn forget_all_but(&self, digests: &[&str]) {
        self.cache.keep_only(digests);
    }

    /// Where instances come from.
    pub fn allocation(&self) -> Allocation {
        self.allocation
    }

    /// Loads a plugin: inspects it, compiles it or takes its code from the cache, asks what it is, and compares that with
    /// its manifest.
    ///
    /// # Errors
    /// As [`crate::inspect`]; also for missing functions, settings that no form can show, and a `describe` that fails.
    pub async fn load(&self, wasm: Bytes, grants: Grants) -> Result<Arc<Plugin>> {
        let manifest = inspect::inspect(&wasm)?;
        let digest = sha256(&wasm);
        let effective = Effective::of(&manifest, &grants, &self.options.limits)?;
        let (component, origin) = self.cache.load(wasm, digest).await?;
        check_resources(&component)?;
        let template = worlds::link(&self.engine, &component, manifest.kind)?;
        let mut plugin = Plugin {
            digest: hex::encode(digest),
            descriptor: undescribed(&manifest),
            origin,
            hosts: effective.hosts,
            http: self.options.http.clone(),
            engine: self.engine.clone(),
            template,
            services: Services {
                limits: Arc::new(effective.limits),
                clock: self.options.clock.clone(),
                kv: self.options.kv.clone(),
                stage: self.options.stage.clone(),
                lane: self.lane.clone(),
            },
            permits: self.permits.for_plugin(self.options.per_plugin),
            warm: WarmPool::new(effective.warm, self.warm_slots.clone()),
            health: Health::default(),
            takes_long: AtomicBool::new(false),
            accounts: Mutex::new(BTreeMap::new()),
            grants,
            manifest,
        };
        let first = plugin.describe().await.map_err(undescribable)?;
        if plugin.describe().await.map_err(undescribable)? != first {
            return Err(refused(
                "describe",
                "the plugin describes itself differently each time it is asked: «describe» must be pure",
            ));
        }
        plugin.descriptor = first.into_descriptor(&plugin.manifest)?;
        // What the two questions left there is no part of its health.
        plugin.health = Health::default();
        plugin.takes_long = AtomicBool::new(false);
        Ok(Arc::new(plugin))
    }
}

/// Before it is asked, a plugin has the name of its manifest and nothing else.
fn undescribed(manifest: &Manifest) -> Descriptor {
    Descriptor {
        kind: manifest.id.clone(),
        version: manifest.version.clone(),
        title: manifest.title.clone(),
        summary: String::new(),
        config_schema: serde_json::Value::Null,
        capabilities: omnichat_core::channel::Capabilities::default(),
        app: None,
        docs: String::new(),
    }
}

fn undescribable(failure: Failure) -> Error {
    // The only fault that a pure call on a fresh instance can find in the host is a type that does not fit.
    if failure.outcome == Outcome::HostError {
        return worlds::mismatched(&failure.message);
    }
    refused(
        "describe",
        format!(
            "the plugin cannot say what it is ({}): mend its «describe»",
            failure.message
        ),
    )
    .with("outcome", failure.outcome.name())
}

/// What an instance needs at least, against what any can have.
fn check_resources(component: &wasmtime::component::Component) -> Result<()> {
    let Some(needs) = component.resources_required() else {
        return Err(refused(
            "too_demanding",
            "the file imports core modules, which plugins cannot: build it with `omnichat plugin build`",
        ));
    };
    let memory = needs.max_initial_memory_size.unwrap_or(0);
    if needs.num_memories > engine::MEMORIES
        || needs.num_tables > engine::TABLES
        || memory > engine::MEMORY_CEILING as u64
    {
        return Err(refused(
            "too_demanding",
            format!(
                "an instance would need {} memories, {} tables and {memory} bytes from the start; {}, {} and {} are allowed",
                needs.num_memories,
                needs.num_tables,
                engine::MEMORIES,
                engine::TABLES,
                engine::MEMORY_CEILING
            ),
        ));
    }
    Ok(())
}
