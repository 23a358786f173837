//! The audit log on the wire.

use omnichat_core::actor::Who;
use omnichat_core::audit::AuditEntry;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::Time;

/// A line of the audit log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = AuditEntry)]
pub struct AuditEntryView {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Time,
    /// Who.
    pub actor: AuditActorView,
    /// What, as `noun.verb`: `inbox.updated`.
    pub action: String,
    /// On what: an id.
    pub target: String,
    /// What else there is to know.
    #[schema(value_type = Object)]
    pub details: Value,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = AuditActor)]
pub struct AuditActorView {
    /// What it is.
    pub kind: AuditActorKind,
    /// The operator's, the key's or the customer's id.
    pub id: Option<String>,
    /// The name at the time, or the part of the system.
    pub name: String,
}

/// What did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditActorKind {
    /// An operator.
    Operator,
    /// A program with an API key.
    Service,
    /// A customer.
    Customer,
    /// A part of the system.
    System,
}

impl From<&AuditEntry> for AuditEntryView {
    fn from(entry: &AuditEntry) -> Self {
        Self {
            id: entry.id.to_string(),
            at: entry.at.into(),
            actor: (&entry.actor).into(),
            action: entry.action.clone(),
            target: entry.target.clone(),
            details: entry.details.clone(),
        }
    }
}

impl From<&Who> for AuditActorView {
    fn from(who: &Who) -> Self {
        let (kind, id, name) = match who {
            Who::Operator { id, name } => (AuditActorKind::Operator, Some(id.to_string()), name.as_str()),
            Who::Service { id, name } => (AuditActorKind::Service, Some(id.to_string()), name.as_str()),
            Who::Customer { id } => (AuditActorKind::Customer, Some(id.to_string()), ""),
            Who::System { name } => (AuditActorKind::System, None, name.as_str()),
        };
        Self {
            kind,
            id,
            name: name.to_owned(),
        }
    }
}
