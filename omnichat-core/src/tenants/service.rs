//! Founding a tenant, and which history its event log is of.

use std::sync::Arc;

use super::epoch;
use super::model::Tenant;
use crate::actor::Role;
use crate::audit;
use crate::change::{Changes, Row};
use crate::error::{Error, Result};
use crate::event::Event;
use crate::id::TenantId;
use crate::operators::{NewOperator, Operator, build};
use crate::ports::Ports;
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

    /// Whether a follower that has seen a number may go on after it: the number is of this epoch and of this log. A follower
    /// of this very epoch who has seen more than there is shows that the database was restored; another epoch begins then, so
    /// that those whose numbers have been given out again notice as well.
    pub async fn goes_on(&self, tenant: TenantId, seen: u64, seen_in: Option<Uuid>) -> Result<bool> {
        let epoch = self.epoch(tenant).await?;
        if seen_in.is_some_and(|seen_in| seen_in != epoch) {
            return Ok(false);
        }
        let head = self.ports.tenant(tenant).event_head().await?;
        if seen <= head {
            return Ok(true);
        }
        if seen_in.is_some() {
            tracing::warn!(%tenant, seen, head, "a follower has seen more events than there are: the database was restored; everybody fetches anew");
            epoch::ended(&self.ports, tenant, epoch).await?;
        }
        Ok(false)
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
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 200 {
            return Err(Error::invalid_field(
                "organisation",
                "length",
                "a name has 1 to 200 characters",
            ));
        }
        let tenant = Tenant {
            id: TenantId::generate(&*self.ports.clock),
            name: name.to_owned(),
            created_at: self.ports.now(),
            version: 1,
        };
        let operator = build(
            &*self.ports.clock,
            tenant.id,
            NewOperator {
                role: Role::Owner,
                ..owner
            },
        )?;
        let mut changes = Changes::new(tenant.id);
        let details = serde_json::json!({ "name": tenant.name });
        let entry = audit::entry(
            &*self.ports.clock,
            &operator.actor(),
            "tenant.created",
            tenant.id,
            details,
        );
        changes
            .put(Row::Tenant(tenant.clone()))
            .put(Row::Operator(operator.clone()))
            .put(Row::Audit(entry));
        changes.event(Event::OperatorUpdated {
            operator: operator.public(),
        });
        self.ports.commit(changes).await?;
        Ok((tenant, operator))
    }
}
