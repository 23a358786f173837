//! Reading and writing the audit log.

use std::fmt::Display;
use std::sync::Arc;

use serde_json::Value;

use super::model::AuditEntry;
use crate::actor::{Actor, Permission};
use crate::change::Changes;
use crate::clock::Clock;
use crate::error::Result;
use crate::id::AuditId;
use crate::page::{Page, PageRequest};
use crate::ports::Ports;

/// Reads the audit log for an actor.
#[derive(Clone, Debug)]
pub struct AuditService {
    ports: Arc<Ports>,
}

impl AuditService {
    /// A service over an engine's ports.
    pub fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// A page of the log, newest first.
    pub async fn list(&self, actor: &Actor, page: PageRequest) -> Result<Page<AuditEntry>> {
        actor.require(Permission::AUDIT_READ)?;
        self.ports.tenant(actor.tenant).list_audit(&page).await
    }

    /// Adds a line about something that changed nothing, such as a refused access. Asks for no right: it is for the host,
    /// which bounds how many lines others can cause. What changes something brings its line in its own commit.
    pub async fn record(
        &self,
        actor: &Actor,
        action: &str,
        target: impl Display,
        details: Value,
    ) -> Result<()> {
        let mut changes = Changes::by(actor);
        changes.put(entry(&*self.ports.clock, actor, action, target, details));
        self.ports.commit(changes).await.map(|_| ())
    }
}

/// A line to be committed with the change that it tells of.
pub fn entry(
    clock: &dyn Clock,
    actor: &Actor,
    action: &str,
    target: impl Display,
    details: Value,
) -> AuditEntry {
    AuditEntry {
        id: AuditId::generate(clock),
        tenant: actor.tenant,
        at: clock.now(),
        actor: actor.who.clone(),
        action: action.to_owned(),
        target: target.to_string(),
        details,
    }
}
