//! Which role somebody has.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::permission::Permission as P;
use super::permissions::Permissions;
use crate::error::{Error, Result};
use crate::id::RoleId;

/// A role that every organisation has and nobody can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Answers customers.
    Operator,
    /// Also distributes work and deletes others' messages.
    Senior,
    /// Also manages inboxes, colleagues, plugins and faults: has every right.
    Admin,
    /// As an administrator; cannot be disabled by one.
    Owner,
}

impl Role {
    /// All of them, those with fewer rights first.
    pub const ALL: [Self; 4] = [Self::Operator, Self::Senior, Self::Admin, Self::Owner];

    /// The rights that come with the role.
    pub fn permissions(self) -> Permissions {
        let operator = [
            P::CONVERSATIONS_READ_ALL,
            P::CONVERSATIONS_READ_OWN,
            P::CONVERSATIONS_TAKE,
            P::CONVERSATIONS_ASSIGN,
            P::CONVERSATIONS_MANAGE,
            P::MESSAGES_SEND,
            P::MESSAGES_NOTE,
            P::MESSAGES_EDIT_OWN,
            P::MESSAGES_DELETE_OWN,
            P::CUSTOMERS_READ,
            P::CUSTOMERS_WRITE,
            P::INBOXES_READ,
            P::OPERATORS_READ,
            P::FILES_UPLOAD,
        ];
        match self {
            Self::Operator => operator.into_iter().collect(),
            Self::Senior => operator
                .into_iter()
                .chain([
                    P::MESSAGES_DELETE_ANY,
                    P::AUDIT_READ,
                    P::PHRASES_MANAGE,
                    P::VIEWS_MANAGE,
                    P::TAGS_MANAGE,
                ])
                .collect(),
            Self::Admin | Self::Owner => Permissions::every(),
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

    /// The built-in role of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// Which role somebody has: a built-in one, or one that the organisation has made. As text, in JSON and in a store it is one word: the
/// built-in one's name or the own one's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RoleRef {
    /// A built-in one.
    BuiltIn(Role),
    /// One of the organisation's own. It may be gone: then it gives no rights.
    Own(RoleId),
}

impl From<Role> for RoleRef {
    fn from(role: Role) -> Self {
        Self::BuiltIn(role)
    }
}

impl From<RoleId> for RoleRef {
    fn from(id: RoleId) -> Self {
        Self::Own(id)
    }
}

impl PartialEq<Role> for RoleRef {
    fn eq(&self, role: &Role) -> bool {
        *self == Self::BuiltIn(*role)
    }
}

impl fmt::Display for RoleRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn(role) => f.write_str(role.name()),
            Self::Own(id) => id.fmt(f),
        }
    }
}

impl FromStr for RoleRef {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if let Some(role) = Role::from_name(text) {
            return Ok(Self::BuiltIn(role));
        }
        let wrong = |_| Error::invalid("a role is operator, senior, admin, owner or the id of an own one");
        text.parse().map(Self::Own).map_err(wrong)
    }
}

impl Serialize for RoleRef {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RoleRef {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(from)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    #[test]
    fn roles_grow() {
        let [operator, senior, admin, owner] = Role::ALL.map(Role::permissions);
        assert!(operator.is_within(&senior) && senior.is_within(&admin) && admin == owner);
        assert!(!senior.is_within(&operator) && !admin.is_within(&senior));
        assert!(!operator.has(P::INBOXES_MANAGE));
        assert!(owner.has(P::own("shop.vouchers.manage")));
    }

    #[test]
    fn a_role_is_one_word() {
        let own = RoleRef::Own(RoleId::generate(&SystemClock));
        for role in Role::ALL.map(RoleRef::from).into_iter().chain([own]) {
            let json = serde_json::to_string(&role).unwrap();
            assert_eq!(json, format!("\"{role}\""));
            assert_eq!(serde_json::from_str::<RoleRef>(&json).unwrap(), role);
        }
        assert_eq!(
            serde_json::to_string(&RoleRef::from(Role::Senior)).unwrap(),
            r#""senior""#
        );
        for wrong in [
            "",
            "Owner",
            "king",
            "role_1",
            "op_0192f0c1a2b37c4d8e5f60718293a4b5",
        ] {
            assert!(wrong.parse::<RoleRef>().is_err(), "{wrong}");
        }
    }
}
