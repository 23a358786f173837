//! Looking at the quarantine. Replaying is the business of [`crate::flow::inbound`].

use std::sync::Arc;

use super::model::Quarantined;
use crate::actor::{Actor, Permission};
use crate::audit;
use crate::change::{Changes, Removal, Row};
use crate::entities::{
    Direction, Document as _, DocumentPage, Documents, EntityCursor, EntityQuery, EntityRow, Stored,
};
use crate::error::{Error, Result};
use crate::event::Origin;
use crate::id::QuarantineId;
use crate::job::kinds;
use crate::page::PageRequest;
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
    pub async fn get(&self, actor: &Actor, id: QuarantineId) -> Result<Stored<Quarantined>> {
        Stored::read(&self.row(actor, id).await?)
    }

    async fn row(&self, actor: &Actor, id: QuarantineId) -> Result<EntityRow> {
        actor.require(Permission::QUARANTINE_MANAGE)?;
        let store = self.ports.tenant(actor.tenant);
        let found = Documents::<Quarantined>::of(&*store).row(id).await?;
        found.ok_or_else(|| Error::not_found("webhook in quarantine"))
    }

    /// A page of it, newest first: 1 to [`PageRequest::MAX`] rows after a place, or from the beginning.
    pub async fn list(
        &self,
        actor: &Actor,
        limit: u32,
        after: Option<EntityCursor>,
    ) -> Result<DocumentPage<Quarantined>> {
        actor.require(Permission::QUARANTINE_MANAGE)?;
        let limit = limit.clamp(1, PageRequest::MAX);
        let query = EntityQuery {
            direction: Direction::Falling,
            after,
            ..EntityQuery::first(Quarantined::KIND, Quarantined::ALL, limit)
        };
        Documents::<Quarantined>::of(&*self.ports.tenant(actor.tenant))
            .page(&query)
            .await
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

    /// Throws a webhook away, also one that is stored damaged.
    pub async fn delete(&self, actor: &Actor, id: QuarantineId) -> Result<()> {
        let details = match self.row(actor, id).await?.read::<Quarantined>() {
            Ok(held) => serde_json::json!({ "inbox": held.inbox, "reason": held.reason }),
            Err(_) => serde_json::json!({}),
        };
        let mut changes = Changes::by(actor);
        changes.put(Row::Audit(audit::entry(
            &*self.ports.clock,
            actor,
            "quarantine.deleted",
            id,
            details,
        )));
        changes.remove(Removal::Entity {
            kind: Quarantined::KIND.to_owned(),
            id: id.uuid(),
        });
        self.ports.commit(changes).await.map(|_| ())
    }
}
