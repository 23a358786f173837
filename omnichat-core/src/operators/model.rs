//! An operator as it is kept.

use serde::{Deserialize, Serialize};

use crate::actor::{Actor, Permissions, RoleRef, Who};
use crate::clock::Timestamp;
use crate::id::{FileId, OperatorId, SessionId, TenantId};

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
    /// Which role it has: that says what it may do.
    pub role: RoleRef,
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
    /// The invitation that can be accepted. One at most: a newer one takes its place, and whatever is done to the operator
    /// (a password, another role, disabling) takes it away. What the role gives is looked up when it is used.
    #[serde(default)]
    pub invitation: Option<Invitation>,
    /// Rises when every session is to end: with a new password, with signing out everywhere, with disabling. Sessions of
    /// an earlier generation are over.
    #[serde(default)]
    pub session_generation: u64,
    /// When it was created.
    pub created_at: Timestamp,
    /// Row version, from 1.
    pub version: u64,
}

impl Operator {
    /// The operator as one who asks with these rights. Which ones its role gives [`crate::roles::actor_of`] finds out.
    pub fn acting(&self, permissions: Permissions) -> Actor {
        Actor {
            tenant: self.tenant,
            who: Who::Operator {
                id: self.id,
                name: self.name.clone(),
            },
            permissions,
            role: Some(self.role),
            inboxes: None,
        }
    }

    /// The operator as one in whose name something is written down and nothing is asked.
    pub fn named(&self) -> Actor {
        self.acting(Permissions::none())
    }
}

/// The input for a new operator.
#[derive(Clone, Debug)]
pub struct NewOperator {
    /// The name that others see.
    pub name: String,
    /// The e-mail address to sign in with.
    pub email: String,
    /// Which role it has.
    pub role: RoleRef,
    /// How many open conversations it may have at once.
    pub capacity: u32,
    /// The language of the console.
    pub locale: Option<String>,
    /// Hash of a password in PHC format, or none for an invitation.
    pub password_hash: Option<String>,
}

/// An invitation to set a password, or to set it anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// SHA-256 of the token, hex: the token itself is not stored.
    pub digest: String,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

/// A change of an operator; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct OperatorPatch {
    /// New name.
    pub name: Option<String>,
    /// New role.
    pub role: Option<RoleRef>,
    /// New capacity.
    pub capacity: Option<u32>,
    /// New language.
    pub locale: Option<Option<String>>,
    /// Whether it may sign in.
    pub disabled: Option<bool>,
    /// New password hash in PHC format. Every session ends with it, and an invitation too.
    pub password_hash: Option<String>,
    /// The hash that the new one replaces, for whoever proved the password until now: refused with `Conflict` if it is another
    /// by then.
    pub replaced_hash: Option<String>,
    /// The session that goes on although the change ends the others.
    pub keep_session: Option<SessionId>,
    /// The version on which the change is based; not checked if absent.
    pub version: Option<u64>,
}

impl Operator {
    /// Ends every session and the invitation, in the commit that writes the row.
    pub(super) fn shut_out(&mut self) {
        self.session_generation += 1;
        self.invitation = None;
    }

    /// The operator without its password hash and invitation: what may be shown and logged.
    #[must_use]
    pub fn public(&self) -> Self {
        Self {
            password_hash: None,
            invitation: None,
            ..self.clone()
        }
    }
}
