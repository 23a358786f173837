//! Who asks, and with which rights. Every service method takes `&Actor` first and checks it on its first lines, so that
//! REST, WebSocket, plugins and embedders obey one rule.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::error::{Error, Result};
use crate::id::{ApiKeyId, CustomerId, InboxId, OperatorId, TenantId};

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal),* $(,)?) => {
        /// One right. Checked in the services, named in tokens, roles and the API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Permission { $($(#[$doc])* $name),* }

        impl Permission {
            /// Every right there is.
            pub const ALL: &'static [Permission] = &[$(Permission::$name),*];

            /// The stable name, as in the API.
            pub const fn name(self) -> &'static str {
                match self { $(Permission::$name => $text),* }
            }

            /// The right of a stable name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|permission| permission.name() == name)
            }
        }
    };
}

permissions! {
    /// See every conversation of the tenant.
    ConversationsReadAll = "conversations.read_all",
    /// See conversations that are one's own, that one was invited to, or that nobody has.
    ConversationsReadOwn = "conversations.read_own",
    /// Take a conversation that nobody has.
    ConversationsTake = "conversations.take",
    /// Give a conversation to an operator.
    ConversationsAssign = "conversations.assign",
    /// Resolve, close, reopen, snooze, mark as spam, change priority and tags.
    ConversationsManage = "conversations.manage",
    /// Answer customers.
    MessagesSend = "messages.send",
    /// Write internal notes.
    MessagesNote = "messages.note",
    /// Edit one's own messages.
    MessagesEditOwn = "messages.edit_own",
    /// Delete one's own messages.
    MessagesDeleteOwn = "messages.delete_own",
    /// Delete anybody's messages.
    MessagesDeleteAny = "messages.delete_any",
    /// See customers.
    CustomersRead = "customers.read",
    /// Change customers.
    CustomersWrite = "customers.write",
    /// See the inboxes and their health.
    InboxesRead = "inboxes.read",
    /// Add, change and remove inboxes.
    InboxesManage = "inboxes.manage",
    /// See colleagues.
    OperatorsRead = "operators.read",
    /// Invite, change and disable operators.
    OperatorsManage = "operators.manage",
    /// See and replay what could not be understood.
    QuarantineManage = "quarantine.manage",
    /// Read the audit log.
    AuditRead = "audit.read",
    /// Install and look after the plugins of the host.
    PluginsManage = "plugins.manage",
    /// Upload files.
    FilesUpload = "files.upload",
    /// Set up scenarios that answer customers, and tools.
    AutomationsManage = "automations.manage",
    /// Make, change and revoke the keys of programs.
    ApiKeysManage = "api_keys.manage",
    /// Make, change and delete the quick phrases that are everybody's.
    PhrasesManage = "phrases.manage",
    /// Make, change and delete the saved views that are everybody's.
    ViewsManage = "views.manage",
}

/// A set of rights.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Permissions(u64);

impl Permissions {
    /// No right at all.
    pub const NONE: Self = Self(0);

    /// Every right.
    pub fn all() -> Self {
        Permission::ALL.iter().copied().collect()
    }

    /// Whether the set holds a right.
    pub const fn has(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u64) != 0
    }

    /// Whether every right of the set is in another.
    pub const fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// The rights that both sets hold.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The rights in the set.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |p| self.has(*p))
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().fold(0, |set, p| set | 1 << p as u64))
    }
}

impl fmt::Debug for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Permission::name)).finish()
    }
}

impl Serialize for Permissions {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter().map(Permission::name))
    }
}

impl<'de> Deserialize<'de> for Permissions {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(from)?;
        let known = |name: &String| {
            Permission::from_name(name).ok_or_else(|| de::Error::custom(format!("«{name}» is not a right")))
        };
        names.iter().map(known).collect()
    }
}

/// A named set of rights of an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Answers customers.
    Operator,
    /// Also distributes work and deletes others' messages.
    Senior,
    /// Also manages inboxes, colleagues, plugins and faults.
    Admin,
    /// As an administrator; cannot be disabled by one.
    Owner,
}

impl Role {
    /// The rights that come with the role.
    pub fn permissions(self) -> Permissions {
        use Permission as P;
        let operator = [
            P::ConversationsReadAll,
            P::ConversationsReadOwn,
            P::ConversationsTake,
            P::ConversationsAssign,
            P::ConversationsManage,
            P::MessagesSend,
            P::MessagesNote,
            P::MessagesEditOwn,
            P::MessagesDeleteOwn,
            P::CustomersRead,
            P::CustomersWrite,
            P::InboxesRead,
            P::OperatorsRead,
            P::FilesUpload,
        ];
        match self {
            Self::Operator => operator.into_iter().collect(),
            Self::Senior => operator
                .into_iter()
                .chain([
                    P::MessagesDeleteAny,
                    P::AuditRead,
                    P::PhrasesManage,
                    P::ViewsManage,
                ])
                .collect(),
            Self::Admin | Self::Owner => Permissions::all(),
        }
    }

    /// The stable name, as in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Senior => "senior",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

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
    /// A customer.
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
    pub role: Option<Role>,
    /// The only inboxes that it reaches; every one if there is none.
    pub inboxes: Option<Arc<[InboxId]>>,
}

impl Actor {
    /// An operator with the rights of a role.
    pub fn operator(tenant: TenantId, id: OperatorId, name: impl Into<String>, role: Role) -> Self {
        Self {
            tenant,
            who: Who::Operator {
                id,
                name: name.into(),
            },
            permissions: role.permissions(),
            role: Some(role),
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
            permissions: Permissions::all(),
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
            _ if permissions.iter().any(|one| self.permissions.has(*one)) => Ok(()),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_grow() {
        let sizes: Vec<usize> = [Role::Operator, Role::Senior, Role::Admin]
            .iter()
            .map(|r| r.permissions().iter().count())
            .collect();
        assert!(sizes[0] < sizes[1] && sizes[1] < sizes[2]);
        assert!(!Role::Operator.permissions().has(Permission::InboxesManage));
        assert!(Role::Operator.permissions().is_within(Role::Senior.permissions()));
        assert!(!Role::Senior.permissions().is_within(Role::Operator.permissions()));
    }

    #[test]
    fn a_set_of_rights_is_kept_by_names() {
        let rights = Role::Senior.permissions();
        let text = serde_json::to_string(&rights).unwrap();
        assert!(text.contains("\"messages.send\""), "{text}");
        assert_eq!(serde_json::from_str::<Permissions>(&text).unwrap(), rights);
        assert!(serde_json::from_str::<Permissions>("[\"everything\"]").is_err());
    }
}
