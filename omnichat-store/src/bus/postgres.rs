//! A bus between nodes that share a PostgreSQL database, by `LISTEN` and `NOTIFY`, around the bus within the process.
//!
//! Nodes tell each other how far a log has grown, that jobs have come, and what is shown and not kept; never the events
//! themselves, which are in the log. What one node says in quick succession becomes one notification. When the connection was
//! lost, a node looks up every head and says them all, so that nothing stays unnoticed.

use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::event::bus::{EventBus, LocalBus, Signal};
use omnichat_core::id::TenantId;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPool, PgPoolOptions};
use tokio::sync::{Notify, broadcast};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::wire::{Note, Pending};
use crate::body;

/// The channel in the database.
const CHANNEL: &str = "omnichat";
const NOTIFY: &str = "SELECT pg_notify($1, text) FROM unnest($2::text[]) AS n (text)";
const HEADS: &str = "SELECT id, head FROM tenants WHERE head > 0";

/// How long to wait before trying an unreachable server again.
const PAUSE: Duration = Duration::from_millis(500);

/// The bus of one node.
#[derive(Debug)]
pub struct PostgresBus {
    shared: Arc<Shared>,
    tasks: [JoinHandle<()>; 2],
}

#[derive(Debug)]
struct Shared {
    /// Tells this node's notifications from others'.
    node: Uuid,
    local: LocalBus,
    pending: Mutex<Pending>,
    added: Notify,
    pool: PgPool,
}

impl PostgresBus {
    /// Connects to the database of the store and begins to listen.
    ///
    /// # Errors
    /// `Invalid` if the URL is none, `Unavailable` if the server cannot be reached.
    pub async fn connect(url: &str) -> Result<Self> {
        let wrong =
            |e| Error::invalid_field("store", "format", "this is not the URL of a database").caused_by(e);
        let options = PgConnectOptions::from_str(url)
            .map_err(wrong)?
            .application_name("omnichat-bus");
        // A notification is not worth a flush: what it tells of is durable already.
        let options = options.options([("synchronous_commit", "off")]);
        let pool = PgPoolOptions::new()
            .max_connections(2)
            .acquire_timeout(Duration::from_secs(5))
            .connect_lazy_with(options);
        let listener = listen(&pool).await.map_err(unreachable)?;
        let shared = Arc::new(Shared {
            node: Uuid::now_v7(),
            local: LocalBus::new(),
            pending: Mutex::new(Pending::default()),
            added: Notify::new(),
            pool,
        });
        let tasks = [
            tokio::spawn(tell(shared.clone())),
            tokio::spawn(hear(shared.clone(), listener)),
        ];
        Ok(Self { shared, tasks })
    }
}

impl Drop for PostgresBus {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

#[async_trait]
impl EventBus for PostgresBus {
    async fn publish(&self, signal: Signal) -> Result<()> {
        let added = self.shared.pending().add(self.shared.node, &signal);
        self.shared.added.notify_one();
        self.shared.local.publish(signal).await?;
        added
    }

    fn subscribe(&self) -> broadcast::Receiver<Signal> {
        self.shared.local.subscribe()
    }
}

impl Shared {
    fn pending(&self) -> std::sync::MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn say_here(&self, signal: Signal) {
        // Speaking within the process cannot fail.
        let _ = self.local.publish(signal).await;
    }
}

fn unreachable(cause: sqlx::Error) -> Error {
    Error::new(
        ErrorKind::Unavailable,
        "the database of the bus cannot be reached",
    )
    .caused_by(cause)
}

async fn listen(pool: &PgPool) -> Result<PgListener, sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

/// Tells other nodes what waits, as long as the bus lives.
async fn tell(shared: Arc<Shared>) {
    loop {
        shared.added.notified().await;
        let pending = std::mem::take(&mut *shared.pending());
        if pending.is_empty() {
            continue;
        }
        let notes = match pending.notes(shared.node) {
            Ok(notes) => notes,
            Err(error) => {
                tracing::error!(?error, "signals could not be written down");
                continue;
            }
        };
        let told = sqlx::query(NOTIFY)
            .bind(CHANNEL)
            .bind(notes)
            .execute(&shared.pool)
            .await;
        if let Err(error) = told {
            tracing::warn!(%error, "other nodes cannot be told; trying again");
            shared.pending().put_back(pending);
            shared.added.notify_one();
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Hears other nodes as long as the bus lives.
async fn hear(shared: Arc<Shared>, mut listener: PgListener) {
    loop {
        match listener.try_recv().await {
            Ok(Some(notification)) => match body::decode::<Note>(notification.payload()) {
                Ok(note) if note.node == shared.node => {}
                Ok(note) => {
                    for signal in note.signals() {
                        shared.say_here(signal).await;
                    }
                }
                Err(error) => tracing::warn!(?error, "another node said something that is not understood"),
            },
            // The connection was lost, and made again.
            Ok(None) => catch_up(&shared).await,
            Err(error) => {
                tracing::warn!(%error, "other nodes cannot be heard; trying again");
                listener = listen_again(&shared).await;
                catch_up(&shared).await;
            }
        }
    }
}

async fn listen_again(shared: &Shared) -> PgListener {
    loop {
        tokio::time::sleep(PAUSE).await;
        if let Ok(listener) = listen(&shared.pool).await {
            return listener;
        }
    }
}

/// Says what other nodes may have said while nobody listened.
async fn catch_up(shared: &Shared) {
    let heads: Result<Vec<(Uuid, i64)>, sqlx::Error> = sqlx::query_as(HEADS).fetch_all(&shared.pool).await;
    match heads {
        Ok(heads) => {
            for (tenant, seq) in heads {
                shared
                    .say_here(Signal::Head {
                        tenant: TenantId::from_uuid(tenant),
                        seq: seq as u64,
                    })
                    .await;
            }
            shared.say_here(Signal::Jobs).await;
        }
        Err(error) => tracing::warn!(%error, "what other nodes said meanwhile could not be looked up"),
    }
}
