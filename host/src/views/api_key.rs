//! API keys on the wire.

use omnichat_core::api_keys::ApiKeyShown;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Time;
use super::audit::AuditActorView;
use super::names::wire_enum;
use super::permission::PermissionView;

wire_enum! {
    /// Whether an API key opens anything.
    ApiKeyState is omnichat_core::api_keys::ApiKeyState {
        /// It does.
        Active,
        /// Not while the operator who answers for it is disabled.
        Suspended,
        /// Its time is over.
        Expired,
        /// It was revoked.
        Revoked,
    }
}

/// A key with which a program asks.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ApiKey)]
pub struct ApiKeyView {
    /// Its id.
    pub id: String,
    /// The name under which the program acts: in messages, in the audit log.
    pub name: String,
    /// Whether it opens anything now.
    pub state: ApiKeyState,
    /// What it was given. A right that the host does not know any more gives nothing.
    pub permissions: Vec<PermissionView>,
    /// What it may do now: of what it was given, what the operator who answers for it may do too.
    pub effective_permissions: Vec<PermissionView>,
    /// The only inboxes that it reaches; every one if empty.
    pub inbox_ids: Vec<String>,
    /// Who made it.
    pub created_by: AuditActorView,
    /// The operator who answers for it; `null` for one that was made at the command line.
    pub responsible_id: Option<String>,
    /// When it was made.
    pub created_at: Time,
    /// When its current secret was made.
    pub rotated_at: Time,
    /// When it ends.
    pub expires_at: Time,
    /// When it was last used, to some minutes; `null` if it never was.
    pub last_used_at: Option<Time>,
    /// When it was revoked.
    pub revoked_at: Option<Time>,
    /// Who revoked it.
    pub revoked_by: Option<AuditActorView>,
    /// Rises with each change.
    pub version: u64,
}

/// An API key with its text, which is shown this once and kept nowhere.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = ApiKeyWithToken)]
pub struct ApiKeyWithTokenView {
    /// The key.
    pub key: ApiKeyView,
    /// What the program sends as `Authorization: Bearer`.
    pub token: String,
}

impl From<&ApiKeyShown> for ApiKeyView {
    fn from(shown: &ApiKeyShown) -> Self {
        let key = &shown.key;
        Self {
            id: key.id.to_string(),
            name: key.name.clone(),
            state: shown.state.into(),
            permissions: PermissionView::named(&key.permissions),
            effective_permissions: PermissionView::named(&shown.effective),
            inbox_ids: key.inboxes.iter().map(ToString::to_string).collect(),
            created_by: (&key.created_by).into(),
            responsible_id: key.responsible.map(|id| id.to_string()),
            created_at: key.created_at.into(),
            rotated_at: key.rotated_at.into(),
            expires_at: key.expires_at.into(),
            last_used_at: shown.last_used_at.map(Into::into),
            revoked_at: key.revoked.as_ref().map(|revoked| revoked.at.into()),
            revoked_by: key.revoked.as_ref().map(|revoked| (&revoked.by).into()),
            version: key.version,
        }
    }
}
