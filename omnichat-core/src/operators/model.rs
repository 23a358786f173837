//! An operator as it is kept.

use serde::{Deserialize, Serialize};

use crate::actor::{Actor, Role};
use crate::clock::Timestamp;
use crate::id::{FileId, OperatorId, TenantId};

/// Whether an operator takes conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperatorStatus {
    /// Takes new conversations.
    Online,
    /// Present, takes nothing new.
    Break,
    /// Away.
    Offline,
}

impl OperatorStatus {
    /// The stable name, as in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Break => "break",
            Self::Offline => "offline",
        }
    }
}

/// A person who answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operator {
    /// Its id.
    pub id: OperatorId,
    /// The tenant it works for.
    pub tenant: TenantId,
    /// The name that colleagues and customers see.
    pub name: String,
    /// The e-mail address to sign in with, lower case, unique within the tenant.
    pub email: String,
    /// What it may do.
    pub role: Role,
    /// Whether it takes conversations.
    pub status: OperatorStatus,
    /// Since when.
    pub status_since: Timestamp,
    /// How many open conversations it may have at once through routing.
    pub capacity: u32,
    /// The language of the console: `ru`, `en`; the browser's if absent.
    pub locale: Option<String>,
    /// The picture.
    pub avatar: Option<FileId>,
    /// May not sign in any more.
    pub disabled: bool,
    /// Hash of the password in PHC format; absent until the invitation is accepted.
    pub password_hash: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// Row version, from 1.
    pub version: u64,
}

impl Operator {
    /// The operator as one who asks.
    pub fn actor(&self) -> Actor {
        Actor::operator(self.tenant, self.id, self.name.clone(), self.role)
    }
}

/// The input for a new operator.
#[derive(Clone, Debug)]
pub struct NewOperator {
    /// The name that others see.
    pub name: String,
    /// The e-mail address to sign in with.
    pub email: String,
    /// What it may do.
    pub role: Role,
    /// How many open conversations it may have at once.
    pub capacity: u32,
    /// The language of the console.
    pub locale: Option<String>,
    /// Hash of a password in PHC format, or none for an invitation.
    pub password_hash: Option<String>,
}

/// A change of an operator; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct OperatorPatch {
    /// New name.
    pub name: Option<String>,
    /// New role.
    pub role: Option<Role>,
    /// New capacity.
    pub capacity: Option<u32>,
    /// New language.
    pub locale: Option<Option<String>>,
    /// Whether it may sign in.
    pub disabled: Option<bool>,
    /// New password hash in PHC format.
    pub password_hash: Option<String>,
    /// The version on which the change is based; not checked if absent.
    pub version: Option<u64>,
}

impl Operator {
    /// The operator without its password hash: what may be shown and logged.
    #[must_use]
    pub fn public(&self) -> Self {
        Self {
            password_hash: None,
            ..self.clone()
        }
    }
}
