//! A channel of one's own: a doorbell that posts what visitors say and prints what they are answered.

use std::sync::Arc;

use async_trait::async_trait;
use omnichat_core::channel::{
    AccountConfig, AccountInfo, Capabilities, Channel, ChannelKind, Descriptor, Inbound, InboundEvent,
    InboundMessage, Outbound, Person, Profile, Receipt, Verdict, WebhookReply, WebhookRequest,
};
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::settings::Kind;
use serde::Deserialize;
use serde_json::json;

/// Describes the channel and opens accounts.
pub(crate) struct DoorbellKind(pub(crate) Descriptor);

impl Default for DoorbellKind {
    fn default() -> Self {
        Self(Descriptor {
            kind: "doorbell".to_owned(),
            version: "1".to_owned(),
            title: "Doorbell".to_owned(),
            summary: "Visitors ring, speak and are answered.".to_owned(),
            config_schema: json!({
                "type": "object",
                "required": ["key"],
                "properties": { "key": { "type": "string", "title": "Shared key", "x-secret": true } }
            }),
            capabilities: Capabilities {
                text_max: 500,
                webhook: true,
                ..Capabilities::default()
            },
            app: None,
            docs: "Give the doorbell the same key, and the webhook's address.".to_owned(),
        })
    }
}

impl Kind for DoorbellKind {
    fn descriptor(&self) -> &Descriptor {
        &self.0
    }
}

impl ChannelKind for DoorbellKind {
    fn open(&self, account: AccountConfig) -> Result<Arc<dyn Channel>> {
        let key = account.config["key"].as_str().unwrap_or_default().to_owned();
        Ok(Arc::new(Doorbell {
            key,
            capabilities: self.0.capabilities.clone(),
        }))
    }
}

struct Doorbell {
    key: String,
    capabilities: Capabilities,
}

/// What the doorbell posts.
#[derive(Deserialize)]
struct Ring {
    id: String,
    flat: String,
    name: String,
    text: String,
}

#[async_trait]
impl Channel for Doorbell {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn accept(&self, request: &WebhookRequest) -> Result<Verdict> {
        match request.header("x-doorbell-key") {
            Some(key) if key == self.key => Ok(Verdict::Process(WebhookReply::ok())),
            _ => Err(Error::new(
                ErrorKind::Unauthenticated,
                "the doorbell's key is wrong",
            )),
        }
    }

    async fn parse(&self, request: &WebhookRequest) -> Result<Vec<Inbound>> {
        let ring: Ring = serde_json::from_slice(&request.body)
            .map_err(|error| Error::new(ErrorKind::Malformed, "this is no ring").caused_by(error))?;
        let message = InboundMessage {
            external_id: ring.id,
            text: ring.text,
            ..InboundMessage::default()
        };
        Ok(vec![
            Inbound::private(ring.flat, InboundEvent::Message(message)).by(Person::from(Profile {
                name: ring.name,
                ..Profile::default()
            })),
        ])
    }

    async fn check(&self) -> Result<AccountInfo> {
        Ok(AccountInfo {
            id: "doorbell".to_owned(),
            name: "Doorbell".to_owned(),
            url: None,
        })
    }

    async fn send(&self, message: &Outbound) -> Result<Receipt> {
        println!("to flat {}: {}", message.chat, message.text);
        Ok(Receipt {
            external_ids: vec![message.id.to_string()],
            ..Receipt::default()
        })
    }
}
