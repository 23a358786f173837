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
    /// How an administrator sets it up, in Markdown.
    pub docs: String,
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
    /// Longest text.
    pub text_max: u32,
    /// Longest text beside a file; a longer one is sent as a message of its own.
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
    /// The limit for a kind of file; none if it cannot be sent.
    pub fn media_limit(&self, kind: AttachmentKind) -> Option<u64> {
        self.media.iter().find(|m| m.kind == kind).map(|m| m.max_bytes)
    }
}
