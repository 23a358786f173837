//! What a channel tells the core: something happened on the platform.
//!
//! Every event is idempotent by what it says: a message by its external id, an edit by its time, a receipt by its rank, a
//! reaction by its whole set. A channel therefore need not remember what it has told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{WebhookReply, WebhookRequest};
use crate::chats::{ChatKind, Context};
use crate::clock::Timestamp;
use crate::contacts::Scope;
use crate::messages::{AttachmentKind, Button, DeliveryState, Part, Span};

/// Something that happened on the platform, in one chat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inbound {
    /// Where.
    pub chat: ChatInfo,
    /// Who: of a private chat its person, also where the business wrote; else the member who did it, if the platform says. A
    /// private chat without is with a person who is known by the chat's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// What happened.
    pub event: InboundEvent,
}

impl Inbound {
    /// In a private chat with a person of whom no more is known than the chat's id.
    pub fn private(chat: impl Into<String>, event: InboundEvent) -> Self {
        Self {
            chat: ChatInfo::private(chat),
            person: None,
            event,
        }
    }

    /// The same with what the platform says of the person.
    #[must_use]
    pub fn by(mut self, person: impl Into<Option<Person>>) -> Self {
        self.person = person.into();
        self
    }
}

/// What a platform says of a chat; titles and contexts are taken over as they change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChatInfo {
    /// The platform's id of it: what an answer is addressed to.
    pub id: String,
    /// What kind of chat it is.
    pub kind: ChatKind,
    /// What it is called, if it has a name of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What is spoken of.
    #[serde(skip_serializing_if = "Context::is_empty")]
    pub context: Context,
    /// What the channel needs to write there beside the id: given back with each [`super::Outbound`].
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub route: BTreeMap<String, String>,
}

impl ChatInfo {
    /// A private chat.
    pub fn private(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            ..Self::default()
        }
    }
}

/// Who somebody is on the platform, and what it says of him.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    /// The platform's id; empty for the chat's.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// Where that id means this person.
    pub scope: Scope,
    /// Nobody vouches for it, see [`ContactKey::claimed`](crate::contacts::ContactKey::claimed).
    #[serde(skip_serializing_if = "is_false")]
    pub claimed: bool,
    /// What the platform vouches for besides: a phone number that it has checked. Whoever is known by it is the same customer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Also>,
    /// What it says of the person; names are taken over as they change.
    #[serde(flatten)]
    pub profile: Profile,
}

/// Another id of the same person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Also {
    /// Where it means this person.
    pub scope: Scope,
    /// The id.
    pub id: String,
}

impl Person {
    /// A person who is known on every account of a platform.
    pub fn on_platform(platform: &str, id: impl Into<String>, profile: Profile) -> Self {
        Self {
            id: id.into(),
            scope: Scope::platform(platform),
            profile,
            ..Self::default()
        }
    }
}

impl From<Profile> for Person {
    /// The person of a private chat, who is known by the chat's id on this inbox only.
    fn from(profile: Profile) -> Self {
        Self {
            profile,
            ..Self::default()
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// What the platform says of a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// The name.
    pub name: String,
    /// The public name, without `@`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// E-mail address, if proved or given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Phone number, if proved or given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Language tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Further attributes to add to the customer.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum InboundEvent {
    /// The customer, or the business's own account, wrote.
    Message(InboundMessage),
    /// A message has another content now.
    Edited {
        /// Which message, and its whole new content.
        message: InboundMessage,
        /// When; an older edit than the one known changes nothing.
        at: Timestamp,
    },
    /// Messages were deleted by the customer.
    Deleted {
        /// Which.
        external_ids: Vec<String>,
        /// When, if the platform says.
        at: Option<Timestamp>,
    },
    /// A message of ours got further.
    Receipt {
        /// Which.
        external_id: String,
        /// How far.
        state: DeliveryState,
        /// Why, if it failed.
        reason: Option<String>,
    },
    /// The customer has read everything up to a time.
    ReadUpTo {
        /// The time.
        at: Timestamp,
    },
    /// The reactions of one person to a message are now these.
    Reactions {
        /// Which message.
        external_id: String,
        /// The emoji, all of them.
        emoji: Vec<String>,
    },
    /// Reactions to a message of people whom the platform does not name are now so many.
    ReactionCounts {
        /// Which message.
        external_id: String,
        /// Each emoji, with how many have chosen it.
        counts: Vec<(String, u32)>,
    },
    /// The customer pressed a reply button. Shown as a message from it.
    ButtonPressed {
        /// The platform's id of the press: makes it happen once.
        external_id: String,
        /// Under which message.
        message_external_id: Option<String>,
        /// The button's data.
        data: String,
        /// The button's label, if the platform tells it. That of a button which was sent from here is known anyway.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// When.
        at: Option<Timestamp>,
    },
    /// The customer is writing, or has stopped.
    Typing {
        /// Which.
        on: bool,
    },
    /// The customer can, or can no longer, be reached on this account.
    Reachable {
        /// Which.
        reachable: bool,
        /// When, if the platform says.
        at: Option<Timestamp>,
    },
    /// The chat has another id from now on.
    Migrated {
        /// The new one.
        new_chat: String,
    },
}

/// What a platform tells of the message that is answered to. It counts where the message is not known here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Original {
    /// Who wrote it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub author_name: String,
    /// What it says.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// What it is, as [`crate::messages::Content::kind`] says; empty if nobody knows.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
}

/// A message as a channel gives it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct InboundMessage {
    /// The platform's id, unique within the chat.
    pub external_id: String,
    /// When it was written, by the platform's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// A number that rises with each message of the chat, where the platform's clock only counts seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<u64>,
    /// Written by the business's own account (from a phone, or by another bot), not by the customer.
    pub outgoing: bool,
    /// The name under which it was written, if it is not that of the person: the business's own account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author_name: Option<String>,
    /// The text.
    pub text: String,
    /// Its styles.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<Span>,
    /// Its files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<InboundAttachment>,
    /// Rows of buttons (an echo of our own message may have some).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Vec<Button>>,
    /// Anything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// The platform's id of the message that it answers to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// What it quotes of that message; the beginning of the message if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// What the platform tells of that message. It may stand without `reply_to`: a message of another chat, a story.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<Original>,
    /// Whose words are passed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwarded_from: Option<String>,
    /// Messages of one album share this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The sender's own key, where the sender is ours (the widget).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_key: Option<String>,
}

impl InboundMessage {
    /// Digest of what the sender's key stands for, to tell a repetition from a mistake; none without a key.
    pub fn client_digest(&self) -> Option<String> {
        self.client_key.as_ref()?;
        let files: Vec<_> = self.attachments.iter().map(|file| &file.source).collect();
        let parts = (&self.text, &self.spans, files, &self.part, &self.reply_to);
        // Plain data with string keys: it can always be written.
        let digest = Sha256::digest(serde_json::to_vec(&parts).unwrap_or_default());
        Some(hex::encode(&digest[..16]))
    }
}

/// A file as a channel gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboundAttachment {
    /// What it is.
    pub kind: AttachmentKind,
    /// The file name; made up from the kind if the platform gives none.
    pub name: String,
    /// The MIME type.
    pub content_type: String,
    /// Bytes, if known.
    pub size: Option<u64>,
    /// Pixels, if known.
    pub width: Option<u32>,
    /// Pixels, if known.
    pub height: Option<u32>,
    /// Milliseconds, if known.
    pub duration_ms: Option<u64>,
    /// What the platform knows the content by, the same each time that it is told of: an edit with another one brings another
    /// file. Files without it are the same if kind, name, size and measures are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// Where its bytes are.
    pub source: AttachmentSource,
}

/// Where the bytes of an inbound file are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentSource {
    /// At the platform: the handle for [`super::Channel::fetch`].
    Remote(String),
    /// Stored here already (the widget uploads first).
    Stored(crate::id::FileId),
    /// Nowhere: the platform does not give it, for this reason.
    Missing(String),
}

/// Something that a poll brought and the channel cannot understand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What came, as a webhook would have brought it: [`super::Channel::parse`] is tried on it again when somebody asks.
    pub request: WebhookRequest,
    /// Why it is not understood, for people.
    pub reason: String,
}

/// What a poll brought.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PollBatch {
    /// What happened, in order.
    pub events: Vec<Inbound>,
    /// What goes into quarantine, in the same commit as the cursor. It holds up nothing behind it.
    pub unreadable: Vec<Unreadable>,
    /// Where the next poll goes on. Stored in the same commit as the last event.
    pub cursor: Option<String>,
    /// There is more: poll again at once.
    pub more: bool,
}

/// What a webhook is, once its signature is known to be right.
#[derive(Debug)]
pub enum Webhook {
    /// A challenge or a ping: the answer is all there is to do.
    Reply(WebhookReply),
    /// What it brings, or why it cannot be understood. The answer is given when that is durable.
    Events(WebhookReply, crate::error::Result<Vec<Inbound>>),
}
