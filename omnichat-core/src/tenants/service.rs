//! Founding a tenant, and which history its event log is of.

use std::sync::Arc;

use super::epoch::{self, Mark};
use super::model::Tenant;
use crate::actor::Role;
use crate::audit;
use crate::change::{Changes, Row};
use crate::consumers::Place;
use crate::error::{Error, Result};
use crate::id::TenantId;
use crate::operators::{NewOperator, Operator, build};
use crate::ports::Ports;
use crate::text;
use uuid::Uuid;

/// Creates and lists tenants. Crosses tenants, so it takes no actor: only the host's own commands may hold it.
#[derive(Clone, Debug)]
pub struct TenantService {
    ports: Arc<Ports>,
}

impl TenantService {
    /// A service over an engine's ports.
    pub fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// Every tenant, oldest first.
    pub async fn list(&self) -> Result<Vec<Tenant>> {
        self.ports.store.tenants().await
    }

    /// A tenant by its id.
    pub async fn get(&self, id: TenantId) -> Result<Tenant> {
        self.list()
            .await?
            .into_iter()
            .find(|t| t.id == id)
            .ok_or_else(|| Error::not_found("tenant"))
    }

    /// The epoch of a tenant's event log: a number that was seen in another one says nothing of this log.
    pub async fn epoch(&self, tenant: TenantId) -> Result<Uuid> {
        epoch::current(&self.ports, tenant).await
    }

    /// What a follower of a tenant's log names it by from now on, see [`TenantService::goes_on`]. `head` is the number of an
    /// event that is in the log. Another text each time.
    pub async fn mark(&self, tenant: TenantId, head: u64) -> Result<String> {
        let epoch = self.epoch(tenant).await?;
        Mark { epoch, head }.seal(&self.ports.vault, tenant)
    }

    /// Whether a follower that has seen a number may go on after it: the number is of this log, and so is the mark that the
    /// follower was given, if it brings one. A mark of when the log was further than it is now proves that the database was
    /// restored; another epoch begins then, so that those whose numbers have been given out again notice as well.
    pub async fn goes_on(&self, tenant: TenantId, seen: u64, mark: Option<&str>) -> Result<bool> {
        let head = self.ports.tenant(tenant).event_head().await?;
        let Some(mark) = mark else {
            return Ok(seen <= head);
        };
        let epoch = self.epoch(tenant).await?;
        let mark = Mark::open(&self.ports.vault, tenant, mark);
        let Some(mark) = mark.filter(|mark| mark.epoch == epoch) else {
            return Ok(false);
        };
        if mark.head > head {
            tracing::warn!(%tenant, seen = mark.head, head, "a follower was told of more events than there are: the database was restored; everybody fetches anew");
            epoch::ended(&self.ports, tenant, epoch).await?;
            return Ok(false);
        }
        Ok(seen <= head)
    }

    /// Says that the database was restored from a copy: every follower of every log fetches everything anew.
    pub async fn restored(&self) -> Result<()> {
        for tenant in self.list().await? {
            let epoch = self.epoch(tenant.id).await?;
            epoch::ended(&self.ports, tenant.id, epoch).await?;
        }
        Ok(())
    }

    /// Creates a tenant with its owner, in one commit.
    pub async fn create(&self, name: &str, owner: NewOperator) -> Result<(Tenant, Operator)> {
        let name = text::name("organisation", name, 200)?;
        let tenant = Tenant {
            id: TenantId::generate(&*self.ports.clock),
            name,
            created_at: self.ports.now(),
            version: 1,
        };
        let operator = build(
            &*self.ports.clock,
            tenant.id,
            NewOperator {
                role: Role::Owner.into(),
                ..owner
            },
        )?;
        let mut changes = Changes::by(&operator.named());
        let details = serde_json::json!({ "name": tenant.name });
        let entry = audit::entry(
            &*self.ports.clock,
            &operator.named(),
            "tenant.created",
            tenant.id,
            details,
        );
        changes.put(Row::Tenant(tenant.clone())).put(Row::Audit(entry));
        let operator = changes.save(None, operator);
        for consumer in &self.ports.consumers {
            changes.put(Place::at(0, tenant.id, tenant.created_at).begun(
                tenant.id,
                consumer,
                tenant.created_at,
            )?);
        }
        self.ports.commit(changes).await?;
        Ok((tenant, operator))
    }
}
