//! Looking at the quarantine. Replaying is the business of [`crate::flow::inbound`].

use std::sync::Arc;

use super::model::Quarantined;
use crate::actor::{Actor, Permission};
use crate::audit;
use crate::change::{Changes, Removal, Row};
use crate::error::{Error, Result};
use crate::event::Origin;
use crate::id::QuarantineId;
use crate::job::kinds;
use crate::page::{Page, PageRequest};
use crate::ports::Ports;

/// Reads the quarantine for an actor.
#[derive(Clone, Debug)]
pub struct QuarantineService {
    ports: Arc<Ports>,
}

impl QuarantineService {
    /// A service over an engine's ports.
    pub fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// A webhook in quarantine.
    pub async fn get(&self, actor: &Actor, id: QuarantineId) -> Result<Quarantined> {
        actor.require(Permission::QUARANTINE_MANAGE)?;
        let found = self.ports.tenant(actor.tenant).find_quarantined(id).await?;
        found.ok_or_else(|| Error::not_found("webhook in quarantine"))
    }

    /// A page of it, newest first.
    pub async fn list(&self, actor: &Actor, page: PageRequest) -> Result<Page<Quarantined>> {
        actor.require(Permission::QUARANTINE_MANAGE)?;
        self.ports.tenant(actor.tenant).list_quarantined(&page).await
    }

    /// Has everything tried again that inboxes of a kind have in quarantine: the kind has learnt something. Crosses tenants:
    /// only the host's own work may do so.
    pub async fn replay_of_kind(&self, kind: &str) -> Result<()> {
        for tenant in self.ports.store.tenants().await? {
            let mut changes = Changes::new(tenant.id, Origin::system("quarantine"));
            for inbox in self.ports.tenant(tenant.id).list_inboxes().await? {
                if inbox.kind == kind && inbox.enabled {
                    changes.job(kinds::replay(
                        &*self.ports.clock,
                        tenant.id,
                        inbox.id,
                        self.ports.now(),
                    ));
                }
            }
            if !changes.is_empty() {
                self.ports.commit(changes).await?;
            }
        }
        Ok(())
    }

    /// Throws a webhook away.
    pub async fn delete(&self, actor: &Actor, id: QuarantineId) -> Result<()> {
        let held = self.get(actor, id).await?;
        let mut changes = Changes::by(actor);
        let details = serde_json::json!({ "inbox": held.inbox, "reason": held.reason });
        changes.put(Row::Audit(audit::entry(
            &*self.ports.clock,
            actor,
            "quarantine.deleted",
            id,
            details,
        )));
        changes.remove(Removal::Quarantined(id));
        self.ports.commit(changes).await.map(|_| ())
    }
}
