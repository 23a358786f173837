//! A contact: who somebody is on a platform, and whose customer that is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::clock::Timestamp;
use crate::error::Error;
use crate::id::{ContactId, CustomerId, InboxId, TenantId};

/// Where an id of a person means that person. As text: `inbox`, `platform:telegram`, `email`, `phone`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// On this inbox only: a visitor of a site, an id that a platform makes anew for each account.
    #[default]
    Inbox,
    /// On every account of the platform.
    Platform(String),
    /// It is an e-mail address.
    Email,
    /// It is a phone number in its international form.
    Phone,
}

const PLATFORM: &str = "platform:";

impl Scope {
    /// Every account of this platform.
    pub fn platform(name: impl Into<String>) -> Self {
        Self::Platform(name.into())
    }

    /// Whether there can be such a scope: the name of a platform is of small letters, digits, `-` and `_`.
    pub fn is_valid(&self) -> bool {
        match self {
            Self::Platform(name) => is_plain(name),
            Self::Inbox | Self::Email | Self::Phone => true,
        }
    }

    /// Whether an id can mean somebody here.
    pub fn names(&self, id: &str) -> bool {
        let is_somebody = match self {
            Self::Inbox | Self::Platform(_) => !id.trim().is_empty() && !id.chars().any(char::is_control),
            Self::Email => {
                let parts = id.trim().split_once('@');
                let is_whole = |(name, host): (&str, &str)| !name.is_empty() && !host.is_empty();
                parts.is_some_and(is_whole)
                    && !id.trim().contains(|c: char| c.is_whitespace() || c.is_control())
            }
            Self::Phone => {
                let digits = id.bytes().filter(u8::is_ascii_digit).count();
                (7..=15).contains(&digits) && id.chars().all(|c| c.is_ascii_digit() || " +-().".contains(c))
            }
        };
        is_somebody && self.is_valid()
    }

    /// An id in the one form in which it is kept: addresses in lower case, phone numbers as digits.
    pub fn canonical(&self, id: &str) -> String {
        match self {
            Self::Inbox | Self::Platform(_) => id.to_owned(),
            Self::Email => id.trim().to_lowercase(),
            Self::Phone => id.chars().filter(char::is_ascii_digit).collect(),
        }
    }
}

/// Whether it can be the name of a platform.
fn is_plain(name: &str) -> bool {
    let is_part = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    (1..=64).contains(&name.len()) && name.bytes().all(is_part)
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inbox => f.write_str("inbox"),
            Self::Platform(name) => write!(f, "{PLATFORM}{name}"),
            Self::Email => f.write_str("email"),
            Self::Phone => f.write_str("phone"),
        }
    }
}

impl FromStr for Scope {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "inbox" => Ok(Self::Inbox),
            "email" => Ok(Self::Email),
            "phone" => Ok(Self::Phone),
            _ => match text.strip_prefix(PLATFORM) {
                Some(name) if is_plain(name) => Ok(Self::platform(name)),
                _ => Err(Error::invalid(format!(
                    "«{text}» is no scope: inbox, email, phone, or platform: and a name of small letters, digits, - and _"
                ))),
            },
        }
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse()
            .map_err(|error: Error| de::Error::custom(error.message()))
    }
}

/// What a contact is found by, unique in the tenant.
///
/// What somebody says of himself finds nobody but who has said the same before: who types another's address into a form is not
/// taken for the other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContactKey {
    /// Where the id means somebody.
    pub scope: Scope,
    /// The inbox, for [`Scope::Inbox`] and no other.
    pub inbox: Option<InboxId>,
    /// The id.
    pub external_id: String,
    /// Nobody vouches for it: an unauthenticated sender of a letter. The platform, a signature or a code does otherwise.
    pub claimed: bool,
}

impl ContactKey {
    /// The key of an id that was told on an inbox.
    pub fn new(scope: Scope, inbox: InboxId, id: &str, claimed: bool) -> Self {
        Self {
            external_id: scope.canonical(id),
            inbox: (scope == Scope::Inbox).then_some(inbox),
            scope,
            claimed,
        }
    }

    /// The scope with the inbox, as one text for a store's index.
    pub fn space(&self) -> String {
        match self.inbox {
            Some(inbox) => format!("{}:{}", self.scope, inbox.uuid().simple()),
            None => self.scope.to_string(),
        }
    }
}

/// Who somebody is: an account on a platform, an address, a number. It leads to a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// The tenant.
    pub tenant: TenantId,
    /// Whose it is.
    pub customer: CustomerId,
    /// Where the id means somebody.
    pub scope: Scope,
    /// The inbox, for [`Scope::Inbox`] and no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inbox: Option<InboxId>,
    /// The id; see [`Scope::canonical`].
    pub external_id: String,
    /// Nobody vouches for it, see [`ContactKey::claimed`].
    #[serde(default)]
    pub claimed: bool,
    /// The public name, without `@`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The name on the platform.
    pub name: String,
    /// The language tag that the platform last told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// When it first appeared.
    pub created_at: Timestamp,
    /// Row version, from 1.
    pub version: u64,
}

impl Contact {
    /// What it is found by.
    pub fn key(&self) -> ContactKey {
        ContactKey {
            scope: self.scope.clone(),
            inbox: self.inbox,
            external_id: self.external_id.clone(),
            claimed: self.claimed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_as_they_are_written() {
        for scope in [
            Scope::Inbox,
            Scope::platform("telegram"),
            Scope::Email,
            Scope::Phone,
        ] {
            assert_eq!(scope.to_string().parse::<Scope>().unwrap(), scope);
        }
        for text in ["", "platform:", "platform:Two words", "inbox:1", "planet"] {
            assert!(text.parse::<Scope>().is_err(), "{text}");
        }
    }

    #[test]
    fn one_number_and_one_address_have_one_form() {
        assert_eq!(Scope::Phone.canonical("+7 (900) 000-00-00"), "79000000000");
        assert_eq!(Scope::Email.canonical(" Anna@Example.ORG "), "anna@example.org");
        assert_eq!(Scope::platform("telegram").canonical("Aa1"), "Aa1");
    }
}
