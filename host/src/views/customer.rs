//! Customers on the wire.

use std::collections::BTreeMap;

use omnichat_core::chats::{Chat, Context};
use omnichat_core::contacts::Contact;
use omnichat_core::customers::CustomerDetails;
use omnichat_core::inboxes::Inbox;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::names::wire_enum;
use super::{Time, channel_of, file_url};

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
    /// Who it is on platforms, oldest first.
    pub contacts: Vec<ContactView>,
    /// Where it writes, oldest first.
    pub chats: Vec<ChatView>,
    /// Its messages are kept as spam.
    pub blocked: bool,
    /// When it first appeared.
    pub created_at: Time,
    /// When it was last heard of.
    pub last_seen_at: Time,
    /// Rises with each change.
    pub version: u64,
}

wire_enum! {
    /// What kind of chat it is.
    ChatKind is omnichat_core::chats::ChatKind {
        /// With one person.
        Private,
        /// With several; each message says who wrote it.
        Group,
        /// One subject with one or more people: a letter and its answers.
        Thread,
        /// Read by many, written by few.
        Channel,
    }
}

/// Who somebody is: an account on a platform, an address, a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerContact)]
pub struct ContactView {
    /// Its id.
    pub id: String,
    /// Where `external_id` means this person: `inbox` for one inbox, `platform:NAME` for every account of a platform, `email`, `phone`.
    pub scope: String,
    /// The platform's id, the address or the number.
    pub external_id: String,
    /// Nobody vouches for it.
    pub claimed: bool,
    /// The public name, without `@`.
    pub username: Option<String>,
    /// The name on the platform.
    pub name: String,
}

/// A chat of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerChat)]
pub struct ChatView {
    /// Its id.
    pub id: String,
    /// Where.
    pub inbox_id: String,
    /// The inbox's channel; empty if the inbox was removed.
    pub channel: String,
    /// The platform's id of the chat.
    pub external_id: String,
    /// What kind of chat it is.
    pub kind: ChatKind,
    /// The account of its person, if it is private.
    pub contact_id: Option<String>,
    /// What it is called, if it has a name of its own.
    pub title: Option<String>,
    /// Nothing can be delivered there.
    pub blocked: bool,
}

/// What is spoken of: a listing, a page of the site, an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ConversationContext)]
pub struct ContextView {
    /// Its title; may be empty.
    pub title: String,
    /// Where it can be seen.
    pub url: Option<String>,
    /// What else is known of it, by what it is called.
    pub facts: BTreeMap<String, String>,
}

impl ContextView {
    /// A context, if anything is known.
    pub fn of(context: &Context) -> Option<Self> {
        (!context.is_empty()).then(|| Self {
            title: context.title.clone(),
            url: context.url.clone(),
            facts: context.facts.clone(),
        })
    }
}

impl From<&Contact> for ContactView {
    fn from(c: &Contact) -> Self {
        Self {
            id: c.id.to_string(),
            scope: c.scope.to_string(),
            external_id: c.external_id.clone(),
            claimed: c.claimed,
            username: c.username.clone(),
            name: c.name.clone(),
        }
    }
}

impl ChatView {
    fn of(c: &Chat, inboxes: &[Inbox]) -> Self {
        Self {
            id: c.id.to_string(),
            inbox_id: c.inbox.to_string(),
            channel: channel_of(inboxes, c.inbox),
            external_id: c.external_id.clone(),
            kind: c.kind.into(),
            contact_id: c.contact.map(|id| id.to_string()),
            title: c.title.clone(),
            blocked: c.unreachable,
        }
    }
}

impl CustomerView {
    /// A customer with what it is known by. The inboxes name the channels.
    pub fn of(details: &CustomerDetails, inboxes: &[Inbox]) -> Self {
        let c = &details.customer;
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
            contacts: details.contacts.iter().map(ContactView::from).collect(),
            chats: details
                .chats
                .iter()
                .map(|chat| ChatView::of(chat, inboxes))
                .collect(),
            blocked: c.blocked,
            created_at: c.created_at.into(),
            last_seen_at: c.last_seen_at.into(),
            version: c.version,
        }
    }
}
