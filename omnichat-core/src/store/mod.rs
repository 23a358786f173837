//! What a store is: read traits, one per domain, and a single way to write.
//!
//! [`Store::tenant`] gives a handle that sees one tenant only; everything that crosses tenants is in [`Store`] itself and
//! easy to find. The memory store in [`memory`] is the specification: every other store passes the same suite
//! (`omnichat_core::testing::store_suite`) and is compared with it by random commands.
//!
//! A row may be damaged: the disk, or a hand in the database. A read of that one row answers `Damaged`. A list answers the
//! others, names it in [`Page::damaged`](crate::page::Page::damaged) where it has pages, and the store logs it. A job whose payload
//! is damaged is leased like any other, and its lease says so.

pub mod blob;
pub mod memory;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::audit::AuditReads;
use crate::change::Changes;
use crate::chats::ChatReads;
use crate::clock::Timestamp;
use crate::contacts::ContactReads;
use crate::conversations::ConversationReads;
use crate::customers::CustomerReads;
use crate::entities::{EntityReads, EntityRow};
use crate::error::Result;
use crate::event::Envelope;
use crate::files::FileReads;
use crate::id::{InboxId, TenantId};
use crate::inboxes::InboxReads;
use crate::job::{ClaimRequest, Claimed, LeaseKey, QueueDepth};
use crate::messages::MessageReads;
use crate::operators::{Operator, OperatorReads};
use crate::records::RecordReads;
use crate::tenants::Tenant;

/// What a commit made durable.
#[derive(Clone, Debug, Default)]
pub struct Committed {
    /// The events with their numbers, in order.
    pub events: Vec<Arc<Envelope>>,
    /// Jobs were queued or given back; some may be due at once.
    pub jobs_queued: bool,
}

/// Keeps other processes waiting until it is dropped; see [`Store::exclude`].
pub struct Exclusive {
    _held: Box<dyn Send>,
}

impl Exclusive {
    /// Lets go when `held` is dropped.
    pub fn new(held: impl Send + 'static) -> Self {
        Self {
            _held: Box::new(held),
        }
    }
}

impl std::fmt::Debug for Exclusive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Exclusive")
    }
}

/// Keeps everything. Cheap to clone behind an [`Arc`]; every method may be called from many tasks at once.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Reads of one tenant. Nothing that this handle returns belongs to another.
    fn tenant(&self, tenant: TenantId) -> Arc<dyn TenantStore>;

    /// Writes everything or nothing, and numbers the events. What it answers with `Ok` survives a crash of the process and,
    /// by default, of the machine.
    ///
    /// # Errors
    /// `Conflict` for a stale row or lease (see [`crate::error::Error::is_lost_lease`]), `Duplicate` for a broken unique rule, `Forbidden` for a row of another tenant,
    /// `NotFound` for a tenant that does not exist; then nothing was written. `Unavailable` when the store cannot be
    /// reached; then it may or may not have been written.
    ///
    /// # Order
    /// Commits should be written in the order in which their futures were first polled, several in one transaction where
    /// they wait: writers of one conversation build on each other's commits before these are durable. A store that does not
    /// hold the order refuses some of them as stale, and they are planned anew.
    async fn commit(&self, changes: Changes) -> Result<Committed>;

    /// Waits until no other process holds this key of a tenant, and then keeps others waiting until the answer is dropped or
    /// the process dies. Processes take turns with it at writing to one conversation once they have met there. `None` from
    /// a store that one process has for itself.
    async fn exclude(&self, tenant: TenantId, key: &str) -> Result<Option<Exclusive>>;

    /// Whether other processes may write to it as well. What is remembered of one that is a process's own is out of date only where
    /// that process itself has written.
    fn is_shared(&self) -> bool;

    /// Leases heads of lanes that are due by the store's clock and that nobody holds, shared out as [`crate::job::share`] says: to
    /// the tenant that holds the fewest leases of the wanted kinds, then longest due first, jobs due at the same time as they were
    /// queued. Two callers never get the same lease.
    async fn claim_jobs(&self, request: ClaimRequest) -> Result<Claimed>;

    /// Gives a lease that is still held another end, so long from the store's time now; `Conflict` if it is not held.
    async fn extend_lease(&self, lease: LeaseKey, by: Duration) -> Result<()>;

    /// The store's time, by which the queue goes: the same for every node, however their clocks differ.
    async fn now(&self) -> Result<Timestamp>;

    /// The kinds of the jobs that lie in the queue, sorted.
    async fn job_kinds(&self) -> Result<Vec<String>>;

    /// How full the queue is.
    async fn queue_depth(&self, now: Timestamp) -> Result<QueueDepth>;

    /// Every tenant, oldest first.
    async fn tenants(&self) -> Result<Vec<Tenant>>;

    /// Whose inbox this is: webhooks and widgets name the inbox alone.
    async fn inbox_owner(&self, inbox: InboxId) -> Result<Option<TenantId>>;

    /// The enabled inboxes of an app ([`Inbox::app`](crate::inboxes::Inbox::app)) whose accounts are among these, of whatever tenant, with
    /// whose they are: up to `limit` of them by id, from the first after `after`. Webhooks of an app name accounts alone.
    async fn inboxes_of_accounts(
        &self,
        kind: &str,
        app: &str,
        accounts: &[String],
        after: Option<InboxId>,
        limit: u32,
    ) -> Result<Vec<(TenantId, InboxId)>>;

    /// Up to `limit` enabled inboxes of an app, whatever their accounts, of whatever tenant, with whose they are: the first by id,
    /// which are the oldest.
    async fn inboxes_of_app(&self, kind: &str, app: &str, limit: u32) -> Result<Vec<(TenantId, InboxId)>>;

    /// Every operator with this e-mail address (lower case), of any tenant, disabled ones too, sorted by id: people sign in
    /// by it alone.
    async fn operators_by_email(&self, email: &str) -> Result<Vec<Operator>>;

    /// Up to `limit` entities of a kind, of whatever tenant, that an earlier definition of its indexes has placed, see
    /// [`EntityRow::layout`]: the earliest definition first, then by tenant and id.
    async fn outdated_entities(&self, kind: &str, layout: u32, limit: u32) -> Result<Vec<EntityRow>>;

    /// The tenants in whose logs a consumer is behind, has no [place](crate::consumers::Place), or has one that holds only until before
    /// `held_before`; sorted by id. A place that cannot be read is behind.
    async fn consumers_behind(&self, consumer: &str, held_before: Timestamp) -> Result<Vec<TenantId>>;

    /// Throws away records whose time is over (`expires_at` at or before `now`) and the oldest events of each log up to the
    /// first that was committed at `events_before` or later, and no further than the slowest [consumer](crate::consumers) has read whose
    /// place holds the log at `now`, or cannot be read; numbers
    /// go on as if they were still there. Returns how many rows went.
    async fn prune(&self, now: Timestamp, events_before: Timestamp) -> Result<u64>;

    /// Whether the store can be reached and written to. `Internal` if it never will be again before it is opened anew.
    async fn ping(&self) -> Result<()>;

    /// What it is, for people: `memory`, `sqlite`, `postgres`.
    fn name(&self) -> &'static str;

    /// Finishes what it is doing and lets go of files and connections. Calls after this fail with `Unavailable`.
    async fn close(&self) -> Result<()>;
}

/// Everything that can be read of one tenant.
pub trait TenantStore:
    ConversationReads
    + MessageReads
    + CustomerReads
    + ContactReads
    + ChatReads
    + InboxReads
    + OperatorReads
    + FileReads
    + AuditReads
    + RecordReads
    + EntityReads
    + EventReads
    + Send
    + Sync
{
}

impl<T> TenantStore for T where
    T: ConversationReads
        + MessageReads
        + CustomerReads
        + ContactReads
        + ChatReads
        + InboxReads
        + OperatorReads
        + FileReads
        + AuditReads
        + RecordReads
        + EntityReads
        + EventReads
        + Send
        + Sync
{
}

/// Reads of the event log.
#[async_trait]
pub trait EventReads: Send + Sync {
    /// The number of the newest event; 0 if there is none.
    async fn event_head(&self) -> Result<u64>;

    /// The number of the oldest event that is still kept; the head plus one if there is none.
    async fn event_tail(&self) -> Result<u64>;

    /// Up to `limit` events after a number, in order; from the oldest that is kept if that is later. Fewer, but at least one,
    /// if they are large: no more are read after the one with which all have [`READ_BYTES`](crate::event::READ_BYTES). One
    /// that cannot be read is [`Event::Damaged`](crate::event::Event::Damaged).
    async fn events_after(&self, seq: u64, limit: u32) -> Result<Vec<Envelope>>;
}
