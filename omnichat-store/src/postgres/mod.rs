//! The PostgreSQL store: for several nodes, or for who runs PostgreSQL anyway.
//!
//! The files are those of the SQLite store. [`writer`] groups the commits of this node into one transaction, [`commit`] turns
//! a group into few statements, [`heads`] orders the commits of a tenant across nodes. An acknowledged commit is as durable as
//! the server makes it: `synchronous_commit` is switched on for the writer's connections, `fsync` is the server's.
//!
//! Bodies are kept as `text`: see the schema.

mod audit;
mod chats;
mod check;
mod commit;
mod connection;
mod contacts;
mod conversations;
mod customer_lists;
mod customers;
mod entities;
mod error;
mod events;
mod exclude;
mod files;
mod heads;
mod inboxes;
mod jobs;
mod latest;
mod lists;
mod messages;
mod migrate;
mod operators;
mod paging;
mod query;
mod queue;
mod readers;
mod records;
mod scan;
mod tenants;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use omnichat_core::change::Changes;
use omnichat_core::clock::Timestamp;
use omnichat_core::entities::EntityRow;
use omnichat_core::error::Result;
use omnichat_core::id::{InboxId, TenantId};
use omnichat_core::job::{ClaimRequest, Claimed, LeaseKey, QueueDepth};
use omnichat_core::operators::Operator;
use omnichat_core::store::{Committed, Exclusive, Store, TenantStore};
use omnichat_core::tenants::Tenant;
use sqlx::postgres::PgPool;

use self::error::error;
use self::query::QueueClock;
use self::readers::TenantReads;
use self::writer::Writer;
use crate::config::StoreOptions;
use crate::prepared::Prepared;

/// Rows that one transaction prunes at most.
const PRUNE_ROWS: i64 = 5_000;

/// A store in a PostgreSQL database.
#[derive(Debug)]
pub struct PostgresStore {
    readers: PgPool,
    writers: PgPool,
    turns: PgPool,
    writer: Writer,
    queue_clock: QueueClock,
}

impl PostgresStore {
    /// Connects and brings the schema up to date. Several nodes may do so at once.
    ///
    /// # Errors
    /// `Unavailable` if the server cannot be reached or refuses the user; `Rejected` if a newer program wrote the database;
    /// `Invalid` if the URL is none.
    pub async fn open(url: &str, options: StoreOptions) -> Result<Self> {
        let writers = connection::writer(url, options.durability).await?;
        connection::warn_if_open(url, &writers).await?;
        migrate::migrate(&writers, options.clock.now()).await?;
        let readers = connection::readers(url, options.read_connections)?;
        let queue_clock = QueueClock(options.queue_clock);
        let writer = Writer::start(
            writers.clone(),
            options.clock,
            queue_clock.clone(),
            options.group_limit,
        );
        Ok(Self {
            readers,
            writers,
            turns: connection::turns(url)?,
            writer,
            queue_clock,
        })
    }
}

#[async_trait]
impl Store for PostgresStore {
    fn tenant(&self, tenant: TenantId) -> Arc<dyn TenantStore> {
        Arc::new(TenantReads {
            tenant,
            pool: self.readers.clone(),
        })
    }

    async fn commit(&self, changes: Changes) -> Result<Committed> {
        self.writer.commit(Prepared::new(changes)?).await
    }

    async fn exclude(&self, tenant: TenantId, key: &str) -> Result<Option<Exclusive>> {
        exclude::exclude(&self.turns, tenant, key).await.map(Some)
    }

    fn is_shared(&self) -> bool {
        true
    }

    async fn claim_jobs(&self, request: ClaimRequest) -> Result<Claimed> {
        jobs::claim(&self.writers, self.queue_clock.now(), &request).await
    }

    async fn extend_lease(&self, lease: LeaseKey, by: Duration) -> Result<()> {
        jobs::extend(&self.writers, self.queue_clock.now(), lease, by).await
    }

    async fn now(&self) -> Result<Timestamp> {
        jobs::now(&self.readers, self.queue_clock.now()).await
    }

    async fn job_kinds(&self) -> Result<Vec<String>> {
        jobs::kinds(&self.readers).await
    }

    async fn queue_depth(&self, now: Timestamp) -> Result<QueueDepth> {
        jobs::depth(&self.readers, now).await
    }

    async fn outdated_entities(&self, kind: &str, layout: u32, limit: u32) -> Result<Vec<EntityRow>> {
        entities::outdated(&self.readers, kind, layout, limit).await
    }

    async fn tenants(&self) -> Result<Vec<Tenant>> {
        tenants::list_all(&self.readers).await
    }

    async fn inbox_owner(&self, inbox: InboxId) -> Result<Option<TenantId>> {
        inboxes::owner(&self.readers, inbox).await
    }

    async fn inboxes_of_accounts(
        &self,
        kind: &str,
        app: &str,
        accounts: &[String],
        after: Option<InboxId>,
        limit: u32,
    ) -> Result<Vec<(TenantId, InboxId)>> {
        inboxes::of_accounts(&self.readers, kind, app, accounts, after, limit).await
    }

    async fn inboxes_of_app(&self, kind: &str, app: &str, limit: u32) -> Result<Vec<(TenantId, InboxId)>> {
        inboxes::of_app(&self.readers, kind, app, limit).await
    }

    async fn operators_by_email(&self, email: &str) -> Result<Vec<Operator>> {
        operators::by_email(&self.readers, email).await
    }

    async fn consumers_behind(&self, consumer: &str, held_before: Timestamp) -> Result<Vec<TenantId>> {
        records::consumers_behind(&self.readers, consumer, held_before).await
    }

    async fn prune(&self, now: Timestamp, events_before: Timestamp) -> Result<u64> {
        let tenants = self.tenants().await?;
        let mut connection = self.writers.acquire().await.map_err(error)?;
        let mut total = 0;
        loop {
            let removed = records::prune(&mut connection, now, PRUNE_ROWS).await?;
            total += removed;
            if removed == 0 {
                break;
            }
        }
        for tenant in tenants {
            loop {
                let removed =
                    events::prune(&mut connection, tenant.id.uuid(), now, events_before, PRUNE_ROWS).await?;
                total += removed;
                if removed == 0 {
                    break;
                }
            }
        }
        Ok(total)
    }

    async fn ping(&self) -> Result<()> {
        self.writer.ping().await?;
        // A sequence can be advanced only where writing is allowed: not on a standby.
        sqlx::query("SELECT nextval('jobs_place')")
            .execute(&self.writers)
            .await
            .map_err(error)?;
        Ok(())
    }

    fn name(&self) -> &'static str {
        "postgres"
    }

    async fn close(&self) -> Result<()> {
        self.writer.close().await;
        self.turns.close().await;
        self.readers.close().await;
        self.writers.close().await;
        Ok(())
    }
}
