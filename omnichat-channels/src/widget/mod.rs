//! The chat widget on a web page. Its visitors talk to the host itself, so there is no platform to translate for: what is
//! stored has arrived, and the frame sees it in the event log.

mod config;

pub use config::{Ask, Locale, Position, PrechatField, WidgetConfig};

use std::sync::Arc;

use async_trait::async_trait;
use omnichat_core::channel::{
    AccountConfig, AccountInfo, Action, ButtonLimits, Capabilities, Channel, ChannelKind, Descriptor,
    MediaLimit, Outbound, Receipt,
};
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::id::InboxId;
use omnichat_core::messages::AttachmentKind;
use omnichat_core::settings::Kind;

use crate::settings;

/// The name of this kind.
pub const KIND: &str = "widget";

/// The kind of channel.
pub struct WidgetKind {
    descriptor: Descriptor,
}

impl WidgetKind {
    /// Needs nothing.
    pub fn new() -> Self {
        Self {
            descriptor: Descriptor {
                kind: KIND.to_owned(),
                version: "1".to_owned(),
                title: "Chat widget".to_owned(),
                summary: "A chat window on your own site.".to_owned(),
                config_schema: settings::form::<WidgetConfig>(),
                capabilities: capabilities(&WidgetConfig::default()),
                app: None,
                docs: include_str!("docs.md").to_owned(),
            },
        }
    }
}

impl Default for WidgetKind {
    fn default() -> Self {
        Self::new()
    }
}

impl Kind for WidgetKind {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }
}

impl ChannelKind for WidgetKind {
    fn open(&self, account: AccountConfig) -> Result<Arc<dyn Channel>> {
        let config = WidgetConfig::read(&account.config)?;
        Ok(Arc::new(WidgetChannel {
            inbox: account.inbox,
            capabilities: capabilities(&config),
        }))
    }
}

fn capabilities(config: &WidgetConfig) -> Capabilities {
    use AttachmentKind as Kind;
    let kinds = [
        Kind::Image,
        Kind::Video,
        Kind::Audio,
        Kind::Voice,
        Kind::Document,
        Kind::Animation,
    ];
    Capabilities {
        text_max: 10_000,
        caption_max: 10_000,
        rich_text: true,
        media: kinds
            .into_iter()
            .map(|kind| MediaLimit {
                kind,
                max_bytes: config.max_file_bytes(),
            })
            .collect(),
        attachments_max: 10,
        buttons: Some(ButtonLimits {
            max_rows: 12,
            max_per_row: 8,
            data_max_bytes: 1_024,
        }),
        location: true,
        contact: true,
        reply: true,
        edit: true,
        delete: true,
        typing_out: true,
        typing_in: true,
        read_marks: true,
        delivery_receipts: true,
        idempotent_send: true,
        local: true,
        ..Capabilities::default()
    }
}

struct WidgetChannel {
    inbox: InboxId,
    capabilities: Capabilities,
}

#[async_trait]
impl Channel for WidgetChannel {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn check(&self) -> Result<AccountInfo> {
        Ok(AccountInfo {
            id: self.inbox.to_string(),
            name: "Chat widget".to_owned(),
            url: None,
        })
    }

    /// What is stored has arrived.
    async fn send(&self, message: &Outbound) -> Result<Receipt> {
        Ok(Receipt {
            external_ids: vec![message.id.to_string()],
            ..Receipt::default()
        })
    }

    /// What is stored is seen.
    async fn perform(&self, action: &Action) -> Result<()> {
        match action {
            Action::RegisterWebhook { .. } | Action::RemoveWebhook => {
                let message = "this channel lives here and needs no webhook";
                Err(Error::new(ErrorKind::Rejected, message).surely_not_sent())
            }
            _ => Ok(()),
        }
    }
}
