//! A sandbox: somebody plays the customer in the console, to try things out without a platform. Everything that a channel
//! can do is allowed here, and nothing leaves the host.

mod config;

pub use config::SandboxConfig;

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
pub const KIND: &str = "sandbox";

/// Largest file, in bytes.
const FILE_MAX: u64 = 50 * 1024 * 1024;

/// The kind of channel.
pub struct SandboxKind {
    descriptor: Descriptor,
}

impl SandboxKind {
    /// Needs nothing.
    pub fn new() -> Self {
        Self {
            descriptor: Descriptor {
                kind: KIND.to_owned(),
                version: "1".to_owned(),
                title: "Sandbox".to_owned(),
                summary: "Play the customer yourself, in the console.".to_owned(),
                config_schema: settings::form::<SandboxConfig>(),
                capabilities: capabilities(),
                app: None,
                docs: include_str!("docs.md").to_owned(),
            },
        }
    }
}

impl Default for SandboxKind {
    fn default() -> Self {
        Self::new()
    }
}

impl Kind for SandboxKind {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }
}

impl ChannelKind for SandboxKind {
    fn open(&self, account: AccountConfig) -> Result<Arc<dyn Channel>> {
        let _: SandboxConfig = settings::read(account.config)?;
        Ok(Arc::new(SandboxChannel {
            inbox: account.inbox,
            capabilities: capabilities(),
        }))
    }
}

fn capabilities() -> Capabilities {
    use AttachmentKind as Kind;
    let kinds = [
        Kind::Image,
        Kind::Video,
        Kind::Audio,
        Kind::Voice,
        Kind::Document,
        Kind::Animation,
        Kind::Sticker,
        Kind::VideoNote,
    ];
    Capabilities {
        text_max: 4_096,
        caption_max: 4_096,
        rich_text: true,
        media: kinds
            .into_iter()
            .map(|kind| MediaLimit {
                kind,
                max_bytes: FILE_MAX,
            })
            .collect(),
        attachments_max: 10,
        buttons: Some(ButtonLimits {
            max_rows: 12,
            max_per_row: 8,
            data_max_bytes: 64,
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
        simulate: true,
        ..Capabilities::default()
    }
}

struct SandboxChannel {
    inbox: InboxId,
    capabilities: Capabilities,
}

#[async_trait]
impl Channel for SandboxChannel {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn check(&self) -> Result<AccountInfo> {
        Ok(AccountInfo {
            id: self.inbox.to_string(),
            name: "Sandbox".to_owned(),
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
