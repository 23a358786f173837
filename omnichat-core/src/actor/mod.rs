//! Who asks, and with which rights. Every service method takes `&Actor` first and checks it on its first lines, so that
//! REST, WebSocket, plugins and embedders obey one rule.

mod permission;
mod permissions;
mod rights;
mod role;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use self::permission::Permission;
pub use self::permissions::Permissions;
pub use self::rights::Rights;
pub use self::role::{Role, RoleRef};
use crate::error::{Error, Result};
use crate::id::{ApiKeyId, CustomerId, InboxId, OperatorId, TenantId};

/// Who an actor is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Who {
    /// An operator, by id and the name that others see.
    Operator {
        /// The operator.
        id: OperatorId,
        /// The name at the time of acting.
        name: String,
    },
    /// A program, by its key and the key's name.
    Service {
        /// The key.
        id: ApiKeyId,
        /// The key's name at the time of acting.
        name: String,
    },
    /// A customer, who did something. As one who asks it is no actor but a [`Visitor`](crate::visitors::Visitor).
    Customer {
        /// The customer.
        id: CustomerId,
    },
    /// A part of the system itself: `routing`, `inbound`, `cli`.
    System {
        /// Which part.
        name: String,
    },
}

/// Somebody who asks for something, within one tenant.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The tenant to which everything that the actor does is confined.
    pub tenant: TenantId,
    /// Who it is.
    pub who: Who,
    /// What it may do.
    pub permissions: Permissions,
    /// The role that the rights come from, if it is an operator: an owner differs from an administrator by it alone.
    pub role: Option<RoleRef>,
    /// The only inboxes that it reaches; every one if there is none.
    pub inboxes: Option<Arc<[InboxId]>>,
}

impl Actor {
    /// An operator with the rights of a built-in role.
    pub fn operator(tenant: TenantId, id: OperatorId, name: impl Into<String>, role: Role) -> Self {
        Self {
            tenant,
            who: Who::Operator {
                id,
                name: name.into(),
            },
            permissions: role.permissions(),
            role: Some(role.into()),
            inboxes: None,
        }
    }

    /// A part of the system, with every right.
    pub fn system(tenant: TenantId, name: &str) -> Self {
        Self {
            tenant,
            who: Who::System {
                name: name.to_owned(),
            },
            permissions: Permissions::every(),
            role: None,
            inboxes: None,
        }
    }

    /// Whether it is a part of the system itself.
    pub const fn is_system(&self) -> bool {
        matches!(self.who, Who::System { .. })
    }

    /// Whether what happens on an inbox is within its reach.
    pub fn reaches(&self, inbox: InboxId) -> bool {
        self.inboxes.as_ref().is_none_or(|only| only.contains(&inbox))
    }

    /// Fails with [`crate::error::ErrorKind::Forbidden`] if it is confined to some inboxes: what it asks for belongs to none.
    pub fn require_every_inbox(&self) -> Result<()> {
        match self.inboxes {
            None => Ok(()),
            Some(_) => Err(Error::forbidden("this key is confined to some inboxes")),
        }
    }

    /// The text of its id, if it is one who writes and uploads: an operator or a program.
    pub fn own_id(&self) -> Option<String> {
        match &self.who {
            Who::Operator { id, .. } => Some(id.to_string()),
            Who::Service { id, .. } => Some(id.to_string()),
            Who::Customer { .. } | Who::System { .. } => None,
        }
    }

    /// Fails with [`crate::error::ErrorKind::Forbidden`] unless the actor has the right.
    pub fn require(&self, permission: Permission) -> Result<()> {
        if self.permissions.has(permission) {
            Ok(())
        } else {
            Err(Error::forbidden("this is not allowed with your rights")
                .with("permission", permission.name()))
        }
    }

    /// Fails with [`crate::error::ErrorKind::Forbidden`] unless the actor has one of these rights, or more.
    pub fn require_one(&self, permissions: &[Permission]) -> Result<()> {
        match permissions {
            _ if self.permissions.has_one(permissions) => Ok(()),
            [] => Err(Error::forbidden("nobody is allowed this")),
            [first, ..] => self.require(*first),
        }
    }

    /// The operator, if the actor is one.
    pub fn operator_id(&self) -> Option<OperatorId> {
        match &self.who {
            Who::Operator { id, .. } => Some(*id),
            _ => None,
        }
    }

    /// The operator, or [`crate::error::ErrorKind::Forbidden`] for whoever is none.
    pub fn require_operator(&self) -> Result<OperatorId> {
        self.operator_id()
            .ok_or_else(|| Error::forbidden("only an operator can do this"))
    }

    /// The name that others see.
    pub fn name(&self) -> &str {
        match &self.who {
            Who::Operator { name, .. } | Who::Service { name, .. } | Who::System { name } => name,
            Who::Customer { .. } => "customer",
        }
    }
}
