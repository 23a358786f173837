//! Kinds of channels on the wire.

use omnichat_core::channel as core;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::message::AttachmentKind;

/// A kind of channel that an inbox can be of.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ChannelKind)]
pub struct ChannelKindView {
    /// Stable name: `telegram`.
    pub kind: String,
    /// The name that people see.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// JSON Schema (2020-12) of the settings, with hints for a form (`x-secret`, `x-order`, `x-i18n`, …).
    #[schema(value_type = Object)]
    pub config_schema: Value,
    /// What it can do.
    pub capabilities: CapabilitiesView,
    /// How to set it up, in Markdown.
    pub docs: String,
}

/// What a channel can do. Limits on text count UTF-16 code units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Capabilities)]
pub struct CapabilitiesView {
    /// Longest text; 0 for a channel that carries no text to the customer, such as calls or reviews.
    pub text_max: u32,
    /// Longest text beside a file; a longer one is sent as a message of its own. 0 where there is no text at all.
    pub caption_max: u32,
    /// Styles of text are kept.
    pub rich_text: bool,
    /// Kinds of files that may be sent.
    pub media: Vec<MediaLimitView>,
    /// Most files in a message.
    pub attachments_max: u32,
    /// Buttons under a message.
    pub buttons: Option<ButtonLimitsView>,
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
    /// The customer is shown that somebody writes.
    pub typing_out: bool,
    /// The platform tells when the customer writes.
    pub typing_in: bool,
    /// The customer is shown that a message was read.
    pub read_marks: bool,
    /// The platform tells when a message was delivered or read.
    pub delivery_receipts: bool,
    /// For how many hours after the customer's last message an answer is allowed.
    pub window_hours: Option<u32>,
    /// The same message sent twice arrives once.
    pub idempotent_send: bool,
    /// News are asked for.
    pub polling: bool,
    /// News are brought by webhook.
    pub webhook: bool,
    /// The webhook can be registered with the platform from here.
    pub webhook_registration: bool,
    /// A customer can be played in the console.
    pub simulate: bool,
}

/// A kind of file that may be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MediaLimit)]
pub struct MediaLimitView {
    /// The kind.
    pub kind: AttachmentKind,
    /// The largest size in bytes.
    pub max_bytes: u64,
}

/// What buttons may be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ButtonLimits)]
pub struct ButtonLimitsView {
    /// Most rows.
    pub max_rows: u32,
    /// Most buttons in a row.
    pub max_per_row: u32,
    /// Largest data of a reply button, in bytes.
    pub data_max_bytes: u32,
}

impl From<core::Descriptor> for ChannelKindView {
    fn from(kind: core::Descriptor) -> Self {
        Self {
            capabilities: (&kind.capabilities).into(),
            kind: kind.kind,
            title: kind.title,
            summary: kind.summary,
            config_schema: kind.config_schema,
            docs: kind.docs,
        }
    }
}

impl From<&core::Capabilities> for CapabilitiesView {
    fn from(can: &core::Capabilities) -> Self {
        let media = |m: &core::MediaLimit| MediaLimitView {
            kind: m.kind.into(),
            max_bytes: m.max_bytes,
        };
        Self {
            text_max: can.text_max,
            caption_max: can.caption_max,
            rich_text: can.rich_text,
            media: can.media.iter().map(media).collect(),
            attachments_max: can.attachments_max,
            buttons: can.buttons.map(|b| ButtonLimitsView {
                max_rows: b.max_rows,
                max_per_row: b.max_per_row,
                data_max_bytes: b.data_max_bytes,
            }),
            location: can.location,
            contact: can.contact,
            reply: can.reply,
            edit: can.edit,
            delete: can.delete,
            typing_out: can.typing_out,
            typing_in: can.typing_in,
            read_marks: can.read_marks,
            delivery_receipts: can.delivery_receipts,
            window_hours: can.window_hours,
            idempotent_send: can.idempotent_send,
            polling: can.polling,
            webhook: can.webhook,
            webhook_registration: can.webhook_registration,
            simulate: can.simulate,
        }
    }
}
