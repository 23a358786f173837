//! What services and flows work with: the traits that an engine was built from, in one cheap handle.

mod reactions;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::automations::AutomationRegistry;
use crate::automations::opened::{OpenAutomations, Ready};
use crate::change::{Changes, Removal};
use crate::channel::ChannelRegistry;
use crate::chats::Chat;
use crate::clock::{Clock, Timestamp};
use crate::conversations::{Turn, Writers};
use crate::entities::EntityKinds;
use crate::error::Result;
use crate::event::Ephemeral;
use crate::event::bus::{EventBus, Signal};
use crate::files::FileLinks;
use crate::id::{AutomationId, InboxId, OperatorId, TenantId};
use crate::inboxes::accounts::{Account, Accounts};
use crate::records::RecordType;
use crate::sessions::Session;
use crate::store::blob::BlobStore;
use crate::store::{Committed, Store, TenantStore};
use crate::vault::Vault;

/// The traits that an engine was built from.
pub struct Ports {
    /// Keeps everything.
    pub store: Arc<dyn Store>,
    /// Keeps the bytes of files.
    pub blobs: Arc<dyn BlobStore>,
    /// Wakes followers.
    pub bus: Arc<dyn EventBus>,
    /// Time and ids.
    pub clock: Arc<dyn Clock>,
    /// Public addresses of files, if this host can be reached from outside.
    pub links: Option<Arc<dyn FileLinks>>,
    /// Encrypts secrets.
    pub vault: Arc<Vault>,
    /// The kinds of channels.
    pub channels: ChannelRegistry,
    /// The opened accounts.
    pub accounts: Accounts,
    /// The kinds of automations.
    pub automations: AutomationRegistry,
    /// The opened automations.
    pub open_automations: OpenAutomations,
    /// The kinds of entities.
    pub entities: EntityKinds,
    /// Who writes to which chat now.
    pub writers: Writers,
    /// The names of the consumers, which begin with a tenant's first event.
    pub consumers: Vec<String>,
}

impl std::fmt::Debug for Ports {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ports")
            .field("store", &self.store.name())
            .field("channels", &self.channels)
            .finish_non_exhaustive()
    }
}

impl Ports {
    /// Reads of one tenant.
    pub fn tenant(&self, tenant: TenantId) -> Arc<dyn TenantStore> {
        self.store.tenant(tenant)
    }

    /// The opened account of an inbox, see [`Accounts::get`].
    pub async fn account(&self, inbox: InboxId) -> Result<Arc<Account>> {
        self.accounts
            .get(&*self.store, &self.channels, &self.vault, &*self.clock, inbox)
            .await
    }

    /// An opened automation, see [`OpenAutomations::get`].
    pub async fn automation(&self, tenant: TenantId, id: AutomationId) -> Result<Arc<Ready>> {
        let (store, vault, clock) = (&*self.store, &self.vault, &*self.clock);
        self.open_automations
            .get(store, &self.automations, vault, clock, tenant, id)
            .await
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Commits, with what must follow from them, then wakes whoever follows the log or waits for jobs. If the caller is dropped between the two, followers
    /// find the events in the log at their next look.
    pub async fn commit(&self, changes: Changes) -> Result<Committed> {
        self.commit_about(&[], changes).await
    }

    /// As [`Ports::commit`], for changes of a customer who has these chats.
    pub(crate) async fn commit_about(&self, chats: &[Chat], mut changes: Changes) -> Result<Committed> {
        reactions::add(self, &mut changes);
        let tenant = changes.tenant;
        let signed_out = signed_out(&changes);
        let beside = self.writers.beside(&changes, chats);
        let committed = self.store.commit(changes).await;
        drop(beside);
        let committed = committed?;
        self.announce(tenant, &committed).await;
        for operator in signed_out {
            let ephemeral = Ephemeral::SignedOut { operator };
            self.signal(Signal::Ephemeral { tenant, ephemeral }).await;
        }
        Ok(committed)
    }

    /// As [`Ports::commit`], for what was planned in a turn at writing to a chat; the next writer is let in at once.
    pub(crate) async fn commit_in(&self, turn: Turn, mut changes: Changes) -> Result<Committed> {
        reactions::add(self, &mut changes);
        let tenant = changes.tenant;
        let committed = turn.commit(&*self.store, &*self.clock, changes).await?;
        self.announce(tenant, &committed).await;
        Ok(committed)
    }

    async fn announce(&self, tenant: TenantId, committed: &Committed) {
        if !committed.events.is_empty() {
            let events = Arc::new(committed.events.clone());
            self.signal(Signal::Committed { tenant, events }).await;
        }
        if committed.jobs_queued {
            self.signal(Signal::Jobs).await;
        }
    }

    /// Says something on the bus. What cannot be said is logged: the store holds the truth.
    pub async fn signal(&self, signal: Signal) {
        if let Err(error) = self.bus.publish(signal).await {
            tracing::warn!(%error, "the event bus did not take a signal");
        }
    }
}

/// Whose sessions a commit ends, each operator once.
fn signed_out(changes: &Changes) -> BTreeSet<OperatorId> {
    let of = |removal: &Removal| match removal {
        Removal::Record { kind, key } if kind == Session::KIND => key.split('/').next()?.parse().ok(),
        _ => None,
    };
    changes.removals.iter().filter_map(of).collect()
}
