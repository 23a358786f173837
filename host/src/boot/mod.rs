//! From a configuration to a running host, and back down in order.
//!
//! [`Host::start`] opens what is kept, builds the engine and listens; [`Host::run`] serves until it is told to stop. Going
//! down: no new requests, those that run are finished, WebSockets close with 1001, jobs that have begun are finished, the
//! store is closed.

mod connection;
mod descriptors;
mod engine;
mod listen;
mod maintenance;
mod plugins;
pub mod signals;

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
pub(crate) use engine::channels;
use futures::FutureExt;
use futures::future::BoxFuture;
use omnichat_core::Engine;
use omnichat_core::clock::{Clock, SystemClock};
pub(crate) use plugins::{installed_channel, installed_channels, library as plugin_library};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::AppState;
use crate::auth::Auth;
use crate::auth::setup::Setup;
use crate::bodies::Bodies;
use crate::config::Config;
use crate::keys::HostKey;
use crate::links::SharedFiles;
use crate::middleware::rate_limit::RateLimit;
use crate::presence::Presence;
use crate::room::Room;
use crate::security::Security;
use crate::{router, telemetry, widget, ws};

/// A host that listens and is ready to run.
#[derive(Debug)]
pub struct Host {
    state: AppState,
    listener: TcpListener,
    /// For metrics alone.
    metrics: Option<TcpListener>,
}

impl Host {
    /// Opens everything by the machine's clock.
    ///
    /// # Errors
    /// If the store, the files, the key or the address cannot be had.
    pub async fn start(config: Config) -> anyhow::Result<Self> {
        Self::start_with(config, Arc::new(SystemClock)).await
    }

    /// Opens everything by a clock of one's own, for tests.
    ///
    /// # Errors
    /// As [`Host::start`].
    pub async fn start_with(config: Config, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        key_is_where_it_was(&config).await?;
        let key = Arc::new(host_key(&config)?);
        let engine = engine::open(&config, &key, clock).await?;
        let listener = bind(config.server.listen).await?;
        let metrics = match config.metrics.listen.filter(|_| config.metrics.enabled) {
            Some(listen) => Some(bind(listen).await?),
            None => None,
        };
        let base_url = base_url(&config, listener.local_addr()?);
        let state = AppState {
            plugins: plugins::open(&config, &key, &engine)?,
            auth: Arc::new(Auth::new(
                engine.clone(),
                &key,
                &config.auth,
                config.server.rate_limit,
            )?),
            security: Arc::new(Security::default()),
            setup: Arc::new(Setup::new()),
            rate_limit: RateLimit::new(config.server.rate_limit),
            bodies: Bodies::new(config.server.bodies_max_bytes),
            room: Arc::new(room(&engine, &config)),
            presence: Presence::new(engine.clone(), config.realtime.grace()),
            live: Arc::new(ws::Live::new(&config.realtime)),
            visitors: Arc::new(widget::Visitors::new(&key, &config.widget, &config.realtime)),
            shared_files: Arc::new(SharedFiles::new(&key, base_url.as_str())),
            keys: key,
            base_url: base_url.into(),
            started_at: engine.now(),
            closing: CancellationToken::new(),
            vital: Arc::default(),
            tasks: TaskTracker::new(),
            config: Arc::new(config),
            engine,
        };
        // Or jobs that nobody runs would lie there for ever.
        state
            .engine
            .check_jobs()
            .await
            .context("this version does not fit the queue")?;
        // Before the first webhook comes and before the first message goes out.
        state.plugins.apply().await?;
        Ok(Self {
            state,
            listener,
            metrics,
        })
    }

    /// What the handlers see.
    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// Where it listens.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Where metrics alone are, if they have an address of their own.
    ///
    /// # Errors
    /// If the operating system does not say.
    pub fn metrics_address(&self) -> std::io::Result<Option<SocketAddr>> {
        self.metrics.as_ref().map(TcpListener::local_addr).transpose()
    }

    /// Serves requests and works off jobs until `stop` ends, then goes down in order.
    ///
    /// # Errors
    /// If the store cannot be closed, or if a part of the host has died, see [`Vital`](crate::vital::Vital).
    pub async fn run(self, stop: impl Future<Output = ()> + Send) -> anyhow::Result<()> {
        let Self {
            state,
            listener,
            metrics,
        } = self;
        let closing = state.closing.clone();
        let background = TaskTracker::new();
        let engine = state.engine.clone();
        let until = closing.clone();
        let vital = |name, work: BoxFuture<'static, ()>| {
            background.spawn(state.vital.clone().keep(name, closing.clone(), work));
        };
        let jobs = async move {
            if let Err(error) = engine.work(until.cancelled_owned()).await {
                tracing::error!(%error, "no jobs are worked off");
            }
        };
        vital("working off the queue", jobs.boxed());
        vital("presence", state.presence.clone().run(closing.clone()).boxed());
        vital(
            "who may come in",
            state.auth.clone().listen(closing.clone()).boxed(),
        );
        vital("maintenance", maintenance::run(state.clone()).boxed());
        vital(
            "following the plugins",
            state.plugins.clone().follow(closing.clone()).boxed(),
        );
        let engine = state.engine.clone();
        background.spawn(state.vital.clone().watch_store(engine, closing.clone()));
        telemetry::metrics::start();
        vital(
            "upkeep of the metrics",
            telemetry::metrics::upkeep(closing.clone()).boxed(),
        );
        vital(
            "counting",
            telemetry::observe::run(state.engine.clone(), closing.clone()).boxed(),
        );
        let security = state.security.clone();
        vital(
            "taking note of attacks",
            security.run(state.engine.clone(), closing.clone()).boxed(),
        );
        let config = Arc::new(state.config.server.clone());
        if let Some(listener) = metrics {
            let router = telemetry::metrics::alone(state.clone());
            let serve = listen::serve(listener, router, config.clone(), closing.clone());
            vital("the address of the metrics", serve.boxed());
        }
        background.close();

        let serve = listen::serve(listener, router::build(state.clone()), config, closing.clone());
        let serve = state
            .vital
            .clone()
            .keep("taking connections", closing.clone(), serve);
        let server = tokio::spawn(serve);
        tokio::select! {
            () = stop => {}
            () = state.vital.failed() => {}
        }
        tracing::info!("going down: running requests are finished");
        closing.cancel();
        state.tasks.close();
        let drained = async {
            let served = server.await;
            state.tasks.wait().await;
            background.wait().await;
            served
        };
        match tokio::time::timeout(state.config.server.drain_time(), drained).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the server ended badly"),
            Err(_) => {
                tracing::warn!("some requests or jobs did not end in time; what was acknowledged is stored")
            }
        }
        let closed = state.engine.close().await;
        if state.vital.reason().is_none() {
            closed.context("the store cannot be closed")?;
        }
        tracing::info!("down");
        match state.vital.reason() {
            Some(reason) => bail!("the host could not go on: {reason}"),
            None => Ok(()),
        }
    }
}

/// Watches over the disk of the files.
fn room(engine: &Engine, config: &Config) -> Room {
    let files = engine.files();
    let ask = move || {
        let files = files.clone();
        async move { files.room().await }.boxed()
    };
    Room::new(config.files.free_bytes_min, Box::new(ask))
}

async fn bind(listen: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(listen)
        .await
        .with_context(|| format!("nobody can listen on {listen}"))
}

/// The engine alone, for commands that serve nothing.
///
/// # Errors
/// If the store, the files or the key cannot be had.
pub async fn engine(config: &Config) -> anyhow::Result<Engine> {
    key_is_where_it_was(config).await?;
    let key = host_key(config)?;
    engine::open(config, &key, Arc::new(SystemClock)).await
}

/// The engine of an installation that is there: the name of a wrong folder is told, and nothing is begun in it.
///
/// # Errors
/// As [`engine()`], and if there is no database.
pub async fn existing_engine(config: &Config) -> anyhow::Result<Engine> {
    if let Some(file) = database_file(config)
        && !file.exists()
    {
        bail!(
            "there is no database at {}: --data or --store names another place",
            file.display()
        );
    }
    engine(config).await
}

/// A new key beside a database that is not new would open nothing of what is sealed there, and none of its sessions.
async fn key_is_where_it_was(config: &Config) -> anyhow::Result<()> {
    let file = key_file(config);
    let is_new = |file: PathBuf| !file.exists();
    let url = config.store_url();
    if config.auth.host_key.is_some()
        || url == "memory:"
        || file.exists()
        || database_file(config).is_some_and(is_new)
    {
        return Ok(());
    }
    let store = omnichat_store::open_store(&url, omnichat_store::StoreOptions::default())
        .await
        .context("the store cannot be opened")?;
    let tenants = store.tenants().await;
    store.close().await?;
    // Another process may have begun the installation just now.
    if !tenants?.is_empty() && !file.exists() {
        bail!(
            "the database is not new, and the host's key is not in {}. Put the file back: without it no secret of a channel can \
             be opened. If it is lost for good, begin another (openssl rand -hex 32 > {}) and enter the secrets again",
            file.display(),
            file.display()
        );
    }
    Ok(())
}

/// The file of the database, if it is one.
fn database_file(config: &Config) -> Option<PathBuf> {
    let url = config.store_url();
    url.strip_prefix("sqlite:").map(PathBuf::from)
}

/// The host's key: configured, or from its file. What forgets everything at its end needs no file.
pub(crate) fn host_key(config: &Config) -> anyhow::Result<HostKey> {
    if let Some(key) = &config.auth.host_key {
        return HostKey::from_hex(key.expose());
    }
    if config.store_url() == "memory:" {
        return Ok(HostKey::generate());
    }
    let folder = &config.storage.data;
    omnichat_store::private::make_folder(folder)
        .with_context(|| format!("the data folder {}", folder.display()))?;
    crate::keys::file::open(&key_file(config))
}

/// Where the host's key lies, unless it is configured.
pub(crate) fn key_file(config: &Config) -> PathBuf {
    config.storage.data.join("host.key")
}

/// Under which address others reach this host.
fn base_url(config: &Config, listening: SocketAddr) -> String {
    match &config.server.public_url {
        Some(url) => url.as_str().trim_end_matches('/').to_owned(),
        // Everywhere is here too.
        None if listening.ip().is_unspecified() => format!("http://localhost:{}", listening.port()),
        None => format!("http://{listening}"),
    }
}
