//! The SQLite store: one file, one writer, several readers.
//!
//! It is built on `rusqlite` rather than an asynchronous driver. What makes commits fast is that a group of them shares one
//! transaction and one flush, on a thread that runs dozens of prepared statements for each; an asynchronous driver would hand
//! every one of these statements to another thread and back. So [`writer`] is a thread of its own that takes whole commits,
//! and a read method goes to another thread at most once, whatever it reads.
//!
//! Durability: write-ahead log with `synchronous=FULL`, so a commit that was answered survives a power failure. Start with
//! [`writer`] and [`commit`]; lists of conversations are in [`lists`] and [`scan`]. Only one process opens a file at a time,
//! see [`lock`].

mod audit;
mod chats;
mod checkpoint;
mod commit;
mod connection;
mod contacts;
mod conversations;
mod customer_lists;
mod customers;
mod entities;
mod error;
mod events;
mod files;
mod heads;
mod inboxes;
mod jobs;
mod lists;
mod lock;
mod messages;
mod migrate;
mod operators;
mod paging;
mod query;
mod readers;
mod records;
mod scan;
mod task;
mod tenants;
mod writer;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use omnichat_core::change::Changes;
use omnichat_core::clock::{Clock, Timestamp};
use omnichat_core::entities::EntityRow;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::id::{InboxId, TenantId};
use omnichat_core::job::{ClaimRequest, Claimed, LeaseKey, QueueDepth};
use omnichat_core::operators::Operator;
use omnichat_core::store::{Committed, Exclusive, Store, TenantStore};
use omnichat_core::tenants::Tenant;

use self::checkpoint::Checkpointer;
use self::lock::Lock;
use self::readers::{Readers, TenantReads};
use self::writer::Writer;
use crate::config::StoreOptions;
use crate::prepared::Prepared;
use crate::private;

/// A store in one SQLite file.
pub struct SqliteStore {
    writer: Writer,
    readers: Arc<Readers>,
    clock: Arc<dyn Clock>,
    lock: Mutex<Option<Lock>>,
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

impl SqliteStore {
    /// Opens a file, or makes it, and brings its schema up to date.
    ///
    /// # Errors
    /// `Unavailable` if the file cannot be opened or another process has it; `Rejected` if a newer program wrote it;
    /// `Internal` if it is damaged or no database.
    pub async fn open(path: &Path, options: StoreOptions) -> Result<Self> {
        let path = path.to_owned();
        let open = move || {
            if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                private::make_folder(folder).map_err(|e| {
                    let message = "the folder of the database cannot be made";
                    Error::new(ErrorKind::Unavailable, message)
                        .with("folder", folder.display())
                        .caused_by(e)
                })?;
            }
            let lock = Lock::take(&path)?;
            let with_file = |e: Error| e.with("file", path.display());
            keep_private(&path).map_err(with_file)?;
            let mut connection = connection::writer(&path, options.durability).map_err(with_file)?;
            migrate::migrate(&mut connection, options.clock.now()).map_err(with_file)?;
            let checkpointer = Checkpointer::start(connection::checkpointer(&path)?)?;
            let writer = Writer::start(
                connection,
                checkpointer,
                options.clock.clone(),
                options.group_limit,
            )?;
            let readers = Arc::new(Readers::open(&path, options.read_connections)?);
            Ok(Self {
                writer,
                readers,
                clock: options.clock,
                lock: Mutex::new(Some(lock)),
            })
        };
        tokio::task::spawn_blocking(open)
            .await
            .map_err(|e| Error::internal("opening was broken off").caused_by(e))?
    }
}

/// The file and what SQLite lays beside it, which gets the rights that the file has.
fn keep_private(path: &Path) -> Result<()> {
    private::open_file(path).map_err(|e| {
        Error::new(
            ErrorKind::Unavailable,
            "the file of the database cannot be opened",
        )
        .caused_by(e)
    })?;
    for ending in ["-wal", "-shm", "-journal"] {
        let mut beside = path.as_os_str().to_owned();
        beside.push(ending);
        private::narrow(Path::new(&beside));
    }
    Ok(())
}

#[async_trait]
impl Store for SqliteStore {
    fn tenant(&self, tenant: TenantId) -> Arc<dyn TenantStore> {
        Arc::new(TenantReads {
            tenant,
            readers: self.readers.clone(),
        })
    }

    async fn commit(&self, changes: Changes) -> Result<Committed> {
        self.writer.commit(Prepared::new(changes)?).await
    }

    async fn exclude(&self, _: TenantId, _: &str) -> Result<Option<Exclusive>> {
        // Only one process opens the file.
        Ok(None)
    }

    fn is_shared(&self) -> bool {
        false
    }

    async fn claim_jobs(&self, request: ClaimRequest) -> Result<Claimed> {
        self.writer.claim(request).await
    }

    async fn extend_lease(&self, lease: LeaseKey, by: Duration) -> Result<()> {
        self.writer.extend(lease, by).await
    }

    async fn now(&self) -> Result<Timestamp> {
        Ok(self.clock.now())
    }

    async fn job_kinds(&self) -> Result<Vec<String>> {
        self.readers.read(jobs::kinds).await
    }

    async fn queue_depth(&self, now: Timestamp) -> Result<QueueDepth> {
        self.readers.read(move |c| jobs::depth(c, now)).await
    }

    async fn outdated_entities(&self, kind: &str, layout: u32, limit: u32) -> Result<Vec<EntityRow>> {
        let kind = kind.to_owned();
        self.readers
            .read(move |c| entities::outdated(c, &kind, layout, limit))
            .await
    }

    async fn tenants(&self) -> Result<Vec<Tenant>> {
        self.readers.read(tenants::list_all).await
    }

    async fn inbox_owner(&self, inbox: InboxId) -> Result<Option<TenantId>> {
        self.readers.point(|c| inboxes::owner(c, inbox)).await
    }

    async fn inboxes_of_accounts(
        &self,
        kind: &str,
        app: &str,
        accounts: &[String],
        after: Option<InboxId>,
        limit: u32,
    ) -> Result<Vec<(TenantId, InboxId)>> {
        let (kind, app) = (kind.to_owned(), app.to_owned());
        let accounts = serde_json::Value::from(accounts).to_string();
        self.readers
            .read(move |c| inboxes::of_accounts(c, &kind, &app, &accounts, after, limit))
            .await
    }

    async fn inboxes_of_app(&self, kind: &str, app: &str, limit: u32) -> Result<Vec<(TenantId, InboxId)>> {
        let (kind, app) = (kind.to_owned(), app.to_owned());
        self.readers
            .read(move |c| inboxes::of_app(c, &kind, &app, limit))
            .await
    }

    async fn operators_by_email(&self, email: &str) -> Result<Vec<Operator>> {
        self.readers.point(|c| operators::by_email(c, email)).await
    }

    async fn consumers_behind(&self, consumer: &str, held_before: Timestamp) -> Result<Vec<TenantId>> {
        records::consumers_behind(&self.readers, consumer, held_before).await
    }

    async fn prune(&self, now: Timestamp, events_before: Timestamp) -> Result<u64> {
        self.writer.prune(now, events_before).await
    }

    async fn ping(&self) -> Result<()> {
        self.writer.ping().await
    }

    fn name(&self) -> &'static str {
        "sqlite"
    }

    async fn close(&self) -> Result<()> {
        self.readers.close().await;
        let closed = self.writer.close().await;
        drop(self.lock.lock().unwrap_or_else(PoisonError::into_inner).take());
        closed
    }
}
