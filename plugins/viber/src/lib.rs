//! Viber, by its REST Bot API: <https://developers.viber.com/docs/api/rest-bot-api/>.
//!
//! `parse` turns callbacks into events and `render` turns messages into requests, both without I/O; `client` speaks HTTP;
//! `deliver` and `webhook` hold what takes several calls.

mod callback;
mod client;
mod config;
mod deliver;
mod error;
mod markup;
mod parse;
mod render;
mod webhook;

pub use config::Settings;

use omnichat_plugin_sdk::host::crypto::{self, Algorithm};
use omnichat_plugin_sdk::prelude::*;

use callback::Opening;
use client::Client;
use render::Renderer;

/// Where the signature of a callback stands.
const SIGNATURE_HEADER: &str = "x-viber-content-signature";
/// A bot.
#[derive(Debug)]
pub struct Viber {
    settings: Settings,
}

omnichat_plugin_sdk::export_channel!(Viber);

impl Viber {
    fn client(&self) -> Client<'_> {
        Client::new(&self.settings)
    }

    fn renderer(&self) -> Renderer<'_> {
        Renderer {
            settings: &self.settings,
        }
    }
}

impl Channel for Viber {
    type Config = Settings;

    fn describe() -> Descriptor {
        let descriptor = Descriptor::new("viber", env!("CARGO_PKG_VERSION"), "Viber")
            .summary("A bot answers in private chats.")
            .config::<Settings>()
            .capabilities(&[
                "rich-text",
                "location",
                "contact",
                "delivery-receipts",
                "webhook",
                "webhook-registration",
                "buttons",
            ])
            .limit("text", render::TEXT_MAX)
            .limit("caption", render::CAPTION_MAX)
            .limit("attachments", 10)
            .limit("button-rows", 24)
            .limit("buttons-per-row", render::COLUMNS)
            .limit("button-data", render::DATA_MAX)
            .docs(include_str!("../docs.md"));
        let kinds = [
            "image",
            "video",
            "audio",
            "voice",
            "document",
            "animation",
            "sticker",
            "video-note",
        ];
        kinds.into_iter().fold(descriptor, |descriptor, kind| {
            descriptor.limit(&format!("media.{kind}"), render::FILE_MAX)
        })
    }

    fn open(settings: Settings) -> Self {
        Self { settings }
    }

    fn validate(settings: &Settings) -> Vec<ConfigIssue> {
        settings.issues()
    }

    fn check(&self) -> Result<AccountInfo> {
        let (account, webhook) = self.client().account()?;
        webhook::check(&webhook)?;
        Ok(account)
    }

    fn accept_webhook(&self, request: &WebhookRequest) -> Result<WebhookVerdict> {
        let given = request.header(SIGNATURE_HEADER).and_then(crypto::from_hex);
        let proved = match given {
            Some(mac) if request.method == "POST" => {
                crypto::verify_hmac(Algorithm::Sha256, "auth_token", &request.body, &mac)?
            }
            _ => false,
        };
        if !proved {
            return Err(PluginError::unauthenticated(
                "the callback's signature is missing or wrong",
            ));
        }
        // What cannot be read is kept, too: parsing says what is wrong with it.
        let Ok(opening) = request.json::<Opening>() else {
            return Ok(WebhookVerdict::process(WebhookReply::ok()));
        };
        Ok(match opening.event.as_str() {
            "webhook" => WebhookVerdict::handshake(WebhookReply::ok()),
            "conversation_started" if !opening.subscribed => {
                let name = opening.user.name.as_deref();
                let welcome = self.renderer().welcome(name, opening.context.as_deref());
                let reply = welcome.map_or_else(WebhookReply::ok, |message| WebhookReply::json(&message));
                WebhookVerdict::process(reply)
            }
            _ => WebhookVerdict::process(WebhookReply::ok()),
        })
    }

    fn parse_webhook(&self, request: &WebhookRequest) -> Result<Vec<InboundEvent>> {
        parse::events(&request.json()?)
    }

    fn send(&self, message: Outbound) -> Result<Receipt> {
        let steps = self.renderer().steps(&message)?;
        send_steps(&message.id, &steps, |step| deliver::send(&self.client(), step)).map(Receipt::of)
    }

    fn register_webhook(&self, url: &str) -> Result<()> {
        webhook::register(&self.client(), url)
    }

    fn remove_webhook(&self) -> Result<()> {
        webhook::unregister(&self.client())
    }

    fn resolve_media(&self, remote: &str) -> Result<HttpRequest> {
        Ok(HttpRequest::get(remote))
    }
}
