//! What the core asks of a channel.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::MessageId;
use crate::messages::{AttachmentKind, Button, Part, Span};
use crate::store::blob::ByteStream;

/// A message to be sent.
#[derive(Clone, Debug)]
pub struct Outbound {
    /// Our id; the same on every try, so a platform with idempotent sends can be given it as the key.
    pub id: MessageId,
    /// The platform's id of the chat.
    pub chat: String,
    /// What was kept with the chat, from [`super::ChatInfo::route`].
    pub route: BTreeMap<String, String>,
    /// The author's name, for channels that show it.
    pub author_name: String,
    /// The text.
    pub text: String,
    /// Its styles.
    pub spans: Vec<Span>,
    /// Its files, in order.
    pub files: Vec<OutboundFile>,
    /// Rows of buttons.
    pub buttons: Vec<Vec<Button>>,
    /// A place or a card.
    pub part: Option<Part>,
    /// The platform's id of the message that it answers to.
    pub reply_to: Option<String>,
}

/// A file to be sent.
#[derive(Clone)]
pub struct OutboundFile {
    /// What it is.
    pub kind: AttachmentKind,
    /// The file name.
    pub name: String,
    /// The MIME type.
    pub content_type: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the content in hex: the same file has the same digest, and a channel may remember the platform's handle
    /// for it.
    pub digest: String,
    /// Where the bytes come from.
    pub source: Arc<dyn FileSource>,
}

impl std::fmt::Debug for OutboundFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutboundFile")
            .field("name", &self.name)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

/// Gives the bytes of a file, from the beginning, as often as asked.
#[async_trait]
pub trait FileSource: Send + Sync {
    /// Opens it.
    async fn open(&self) -> Result<ByteStream>;

    /// A public address at which the platform can fetch it, if the host has one.
    fn public_url(&self) -> Option<String> {
        None
    }
}

/// The platform took a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Its ids there, at least one where the platform gives any. The first one names the message; a message that the
    /// platform needed several for (an album, a long text) has more.
    pub external_ids: Vec<String>,
    /// The platform's time of sending.
    pub at: Option<Timestamp>,
    /// The chat has another id from now on.
    pub new_chat: Option<String>,
}

/// Something to do that is not a message.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Action {
    /// Give a sent message another text.
    Edit {
        /// In which chat.
        chat: String,
        /// What was kept with the chat.
        route: BTreeMap<String, String>,
        /// The platform's id.
        external_id: String,
        /// The new text.
        text: String,
        /// Its styles.
        spans: Vec<Span>,
        /// Its buttons.
        buttons: Vec<Vec<Button>>,
        /// The message has files, so that the text is a caption.
        is_caption: bool,
    },
    /// Delete a sent message at the customer's.
    Delete {
        /// In which chat.
        chat: String,
        /// What was kept with the chat.
        route: BTreeMap<String, String>,
        /// The platform's ids.
        external_ids: Vec<String>,
    },
    /// Show the customer that somebody writes. Lasts some seconds.
    Typing {
        /// In which chat.
        chat: String,
        /// What was kept with the chat.
        route: BTreeMap<String, String>,
    },
    /// Show the customer that its messages up to this one were read.
    MarkRead {
        /// In which chat.
        chat: String,
        /// What was kept with the chat.
        route: BTreeMap<String, String>,
        /// The newest one.
        external_id: String,
    },
    /// Tell the platform that a button press has been dealt with.
    AcknowledgeButton {
        /// The platform's id of the press.
        external_id: String,
    },
    /// Have webhooks sent to this address. It is the same for all accounts of an app ([`Descriptor::app`](super::Descriptor::app)).
    RegisterWebhook {
        /// HTTPS address.
        url: String,
    },
    /// Have no more webhooks sent. Those that an app brings for other accounts go on.
    RemoveWebhook,
}

impl Action {
    /// What it is, for people.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Edit { .. } => "editing sent messages",
            Self::Delete { .. } => "deleting sent messages",
            Self::Typing { .. } => "showing that somebody writes",
            Self::MarkRead { .. } => "read marks",
            Self::AcknowledgeButton { .. } => "acknowledging buttons",
            Self::RegisterWebhook { .. } => "registering a webhook",
            Self::RemoveWebhook => "removing a webhook",
        }
    }
}
