//! Customers on the wire.

use std::collections::BTreeMap;

use omnichat_core::customers::{Customer, Identity};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Time, file_url};

/// A person who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Customer)]
pub struct CustomerView {
    /// Its id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Its picture.
    pub avatar_url: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Phone number, as given.
    pub phone: Option<String>,
    /// Language tag.
    pub locale: Option<String>,
    /// What operators want to remember.
    pub note: String,
    /// Labels.
    pub tags: Vec<String>,
    /// Free attributes.
    pub attributes: BTreeMap<String, String>,
    /// Its accounts.
    pub identities: Vec<IdentityView>,
    /// Its messages are kept as spam.
    pub blocked: bool,
    /// When it first appeared.
    pub created_at: Time,
    /// When it was last heard of.
    pub last_seen_at: Time,
    /// Rises with each change.
    pub version: u64,
}

/// A customer's account on one inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Identity)]
pub struct IdentityView {
    /// Where.
    pub inbox_id: String,
    /// The inbox's channel; empty if the inbox was removed.
    pub channel: String,
    /// The platform's id of the chat or person.
    pub peer: String,
    /// The account's public name, without `@`.
    pub username: Option<String>,
    /// The name on the platform.
    pub name: String,
}

impl CustomerView {
    /// A customer with its accounts. `channel` names the channel of an inbox.
    pub fn of(c: &Customer, identities: &[Identity], channel: impl Fn(&Identity) -> String) -> Self {
        let identity = |i: &Identity| IdentityView {
            inbox_id: i.inbox.to_string(),
            channel: channel(i),
            peer: i.peer.clone(),
            username: i.username.clone(),
            name: i.name.clone(),
        };
        Self {
            id: c.id.to_string(),
            name: c.name.clone(),
            avatar_url: c.avatar.map(file_url),
            email: c.email.clone(),
            phone: c.phone.clone(),
            locale: c.locale.clone(),
            note: c.note.clone(),
            tags: c.tags.clone(),
            attributes: c.attributes.clone(),
            identities: identities.iter().map(identity).collect(),
            blocked: c.blocked,
            created_at: c.created_at.into(),
            last_seen_at: c.last_seen_at.into(),
            version: c.version,
        }
    }
}
