//! What a channel can do, as data: services and screens ask it, nobody asks for the channel's name.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::messages::AttachmentKind;

/// What a kind of channel is.
#[derive(Clone, Debug)]
pub struct Descriptor {
    /// Stable name: `telegram`.
    pub kind: String,
    /// Version of the settings that the schema describes; [`crate::settings::Kind::migrate`] reads those of other versions.
    pub version: String,
    /// The name that people see.
    pub title: String,
    /// One sentence for the list of channels.
    pub summary: String,
    /// JSON Schema (2020-12) of the settings. Properties with `"x-secret": true` are encrypted and never read back.
    pub config_schema: Value,
    /// What it can do.
    pub capabilities: Capabilities,
    /// Present where one app of the platform brings the webhooks of many accounts, see [`AppAccounts`].
    pub app: Option<AppAccounts>,
    /// How an administrator sets it up, in Markdown.
    pub docs: String,
}

/// Which settings say whose webhooks an app brings. On some platforms an app has one webhook address and one secret that signs, and each
/// delivery holds parts for several accounts (pages, shops). Inboxes of such a kind share the address `/webhooks/apps/KIND/APP`; which
/// of them a delivery is for, [`ChannelKind::addressed`](super::ChannelKind::addressed) says. Each checks the signature with its own secret, and takes the
/// parts of its own account only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppAccounts {
    /// The setting that holds the platform's id of the app. Not a secret; a text or a number.
    pub app: String,
    /// The setting that holds the platform's id of the account, in the words of `addressed`. Not a secret; a text or a number.
    pub account: String,
}

/// A kind of file that may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaLimit {
    /// The kind.
    pub kind: AttachmentKind,
    /// The largest size in bytes.
    pub max_bytes: u64,
}

/// What buttons may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ButtonLimits {
    /// Most rows.
    pub max_rows: u32,
    /// Most buttons in a row.
    pub max_per_row: u32,
    /// Largest data of a reply button, in bytes.
    pub data_max_bytes: u32,
}

/// What a channel can do. Limits on text count UTF-16 code units.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Capabilities {
    /// Longest text. 0: a channel that carries no text to the customer (calls, reviews). What else it carries is sent without one.
    pub text_max: u32,
    /// Longest text beside a file; a longer one is sent as a message of its own. 0 where there is no text at all.
    pub caption_max: u32,
    /// Styles of text are kept.
    pub rich_text: bool,
    /// Kinds of files that may be sent; none if empty.
    pub media: Vec<MediaLimit>,
    /// Most files in a message.
    pub attachments_max: u32,
    /// Buttons under a message.
    pub buttons: Option<ButtonLimits>,
    /// A place can be sent.
    pub location: bool,
    /// A card can be sent.
    pub contact: bool,
    /// A message can answer another.
    pub reply: bool,
    /// A sent message can be edited.
    pub edit: bool,
    /// A sent message can be deleted at the customer's.
    pub delete: bool,
    /// For how long after sending a message can be deleted, in hours; always if absent.
    pub delete_window_hours: Option<u32>,
    /// The customer can be shown that somebody writes.
    pub typing_out: bool,
    /// The platform tells when the customer writes.
    pub typing_in: bool,
    /// The customer can be shown that a message was read.
    pub read_marks: bool,
    /// The platform tells when a message was delivered or read.
    pub delivery_receipts: bool,
    /// For how long after the customer's last message an answer is allowed, in hours; always if absent.
    pub window_hours: Option<u32>,
    /// The same message sent twice arrives once, by its key.
    pub idempotent_send: bool,
    /// News can be asked for.
    pub polling: bool,
    /// News are brought by webhook.
    pub webhook: bool,
    /// The webhook can be registered with the platform by [`super::Action::RegisterWebhook`].
    pub webhook_registration: bool,
    /// The channel lives in this host: what is stored has arrived, and followers of the event log show it.
    pub local: bool,
    /// The other side is a program that its author can mend: what does not fit into [`crate::limits`] is refused with the
    /// field's name. Of what any other channel brings the rest is cut off, so that no message is lost.
    pub strict: bool,
    /// A customer can be played in the console.
    pub simulate: bool,
}

impl Capabilities {
    /// Whether a text can be sent to the customer.
    pub fn sends_text(&self) -> bool {
        self.text_max > 0
    }

    /// Whether anything that an operator writes or attaches can be sent to the customer.
    pub fn sends(&self) -> bool {
        self.sends_text() || self.attachments_max > 0 || self.location || self.contact
    }

    /// The limit for a kind of file; none if it cannot be sent.
    pub fn media_limit(&self, kind: AttachmentKind) -> Option<u64> {
        self.media.iter().find(|m| m.kind == kind).map(|m| m.max_bytes)
    }
}
