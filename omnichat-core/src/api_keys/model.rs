//! An API key as it is kept.

use serde::{Deserialize, Serialize};

use crate::actor::{Permissions, Who};
use crate::clock::Timestamp;
use crate::id::{ApiKeyId, InboxId, OperatorId, TenantId};
use crate::records::RecordType;

/// A key with which a program asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// The tenant.
    pub tenant: TenantId,
    /// The name under which the program acts.
    pub name: String,
    /// What it was given.
    pub permissions: Permissions,
    /// The only inboxes that it reaches; every one if empty.
    pub inboxes: Vec<InboxId>,
    /// Who made it.
    pub created_by: Who,
    /// The operator who answers for it: it may never do more than they may. None if it was made at the command line.
    pub responsible: Option<OperatorId>,
    /// Its secrets: the current one first, then those before it that still hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<KeySecret>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its current secret was made.
    pub rotated_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Since when it is revoked, and by whom.
    pub revoked: Option<Revocation>,
    /// Row version, from 1.
    pub version: u64,
}

impl RecordType for ApiKey {
    const KIND: &'static str = "api_key";
}

/// A secret of a key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeySecret {
    /// SHA-256 of the token, hex.
    pub digest: String,
    /// When it ends before the key does: it was replaced.
    pub ends_at: Option<Timestamp>,
}

impl std::fmt::Debug for KeySecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeySecret")
            .field("ends_at", &self.ends_at)
            .finish_non_exhaustive()
    }
}

/// That a key was revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Who,
}

/// Whether a key opens anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApiKeyState {
    /// It does.
    Active,
    /// Not while the operator who answers for it is disabled.
    Suspended,
    /// Its time is over.
    Expired,
    /// It was revoked.
    Revoked,
}

impl ApiKeyState {
    /// The stable name, as in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

impl ApiKey {
    /// The key without its secrets: what may be shown and logged.
    #[must_use]
    pub fn public(&self) -> Self {
        Self {
            secrets: Vec::new(),
            ..self.clone()
        }
    }

    /// Whether it is over for good.
    pub fn has_ended(&self, now: Timestamp) -> bool {
        self.revoked.is_some() || self.expires_at <= now
    }
}

/// A key with what is known beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKeyShown {
    /// The key, without its secrets.
    pub key: ApiKey,
    /// Whether it opens anything now.
    pub state: ApiKeyState,
    /// What it may do now: what it was given, as far as the operator who answers for it may do it too.
    pub effective: Permissions,
    /// When it was last used, to some minutes.
    pub last_used_at: Option<Timestamp>,
}

/// When a key was last used. Kept apart from the key, so that using it never clashes with changing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Usage {
    pub(super) at: Timestamp,
}

impl RecordType for Usage {
    const KIND: &'static str = "api_key_use";
}

/// The input for a new key.
#[derive(Clone, Debug, Default)]
pub struct NewApiKey {
    /// The name under which the program will act.
    pub name: String,
    /// What it may do.
    pub permissions: Permissions,
    /// The only inboxes that it reaches; every one if empty.
    pub inboxes: Vec<InboxId>,
    /// When it ends: at most two years from now; in 90 days if absent.
    pub expires_at: Option<Timestamp>,
}

/// A change of a key; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct ApiKeyPatch {
    /// New name.
    pub name: Option<String>,
    /// New rights, whole.
    pub permissions: Option<Permissions>,
    /// New inboxes, whole.
    pub inboxes: Option<Vec<InboxId>>,
    /// New end.
    pub expires_at: Option<Timestamp>,
    /// Whether the actor answers for it from now on.
    pub take_over: bool,
    /// The version on which the change is based; not checked if absent.
    pub version: Option<u64>,
}
