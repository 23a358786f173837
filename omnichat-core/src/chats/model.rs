//! A chat as it is kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{ChatId, ContactId, CustomerId, InboxId, TenantId};

/// What kind of chat it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatKind {
    /// With one person.
    #[default]
    Private,
    /// With several; each message says who wrote it.
    Group,
    /// One subject with one or more people: a letter and its answers, the comments under a post.
    Thread,
    /// Read by many, written by few.
    Channel,
}

impl ChatKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Private, Self::Group, Self::Thread, Self::Channel];

    /// The stable name, as in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Group => "group",
            Self::Thread => "thread",
            Self::Channel => "channel",
        }
    }

    /// Reads the stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What is spoken of: a listing, a page of the site, an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Context {
    /// Its title; may be empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Where it can be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What else is known of it, by what it is called: a price, a city.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, String>,
}

impl Context {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.title.is_empty() && self.url.is_none() && self.facts.is_empty()
    }
}

/// A chat on an inbox. `(inbox, external_id)` is unique, and at most one conversation of it is not closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chat {
    /// Its id.
    pub id: ChatId,
    /// The tenant.
    pub tenant: TenantId,
    /// Where.
    pub inbox: InboxId,
    /// The platform's id of it.
    pub external_id: String,
    /// What kind of chat it is.
    #[serde(default)]
    pub kind: ChatKind,
    /// Whose it is: the person of a private chat; a group is a customer of its own, under the group's title.
    pub customer: CustomerId,
    /// The account of the person of a private chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
    /// What it is called: a group's name, a letter's subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What is spoken of.
    #[serde(default, skip_serializing_if = "Context::is_empty")]
    pub context: Context,
    /// What the channel needs to write there beside the id (a business connection, a topic).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub route: BTreeMap<String, String>,
    /// Nothing can be delivered there: the customer has blocked us, or we were removed.
    #[serde(default)]
    pub unreachable: bool,
    /// When it first appeared.
    pub created_at: Timestamp,
    /// Row version, from 1.
    pub version: u64,
}
