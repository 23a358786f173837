//! A line of the audit log.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::actor::Who;
use crate::clock::Timestamp;
use crate::id::{AuditId, TenantId};

/// Something an administrator may ask about later. Never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its id.
    pub id: AuditId,
    /// The tenant.
    pub tenant: TenantId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Who,
    /// What, as `noun.verb`: `inbox.updated`.
    pub action: String,
    /// On what: the text form of an id.
    pub target: String,
    /// What else there is to know; never a secret.
    pub details: Value,
}
