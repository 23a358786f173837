//! MAX, by its Bot API: <https://dev.max.ru/docs-api>.
//!
//! `parse` turns updates into events and `render` plans messages, both without I/O; `client` speaks HTTP; `deliver`, `upload`,
//! `actions`, `webhook` and `poll` hold what takes several calls.

mod actions;
mod attachment;
mod chat;
mod client;
mod config;
mod deliver;
mod error;
mod markup;
mod parse;
mod poll;
mod render;
mod update;
mod upload;
mod webhook;

pub use config::{Mode, Settings};

use omnichat_plugin_sdk::host::crypto::{self, Algorithm};
use omnichat_plugin_sdk::prelude::*;

use client::Client;

/// Where the webhook's secret stands.
const SECRET_HEADER: &str = "x-max-bot-api-secret";
/// What the webhook's secret is made of where none is set.
const SECRET_LABEL: &[u8] = b"omnichat max webhook secret";

/// A bot.
#[derive(Debug)]
pub struct Max {
    settings: Settings,
}

omnichat_plugin_sdk::export_channel!(Max);

impl Max {
    fn client(&self) -> Client<'_> {
        Client::new(&self.settings)
    }

    /// Whether a webhook shows the secret. Without a setting it follows from the token, so that nobody has to invent one.
    fn is_proved(&self, given: &str) -> Result<bool> {
        if !self.settings.webhook_secret.is_empty() {
            return crypto::equals_secret("webhook_secret", given.as_bytes());
        }
        match crypto::from_hex(given) {
            Some(mac) => crypto::verify_hmac(Algorithm::Sha256, "token", SECRET_LABEL, &mac),
            None => Ok(false),
        }
    }

    fn webhook_secret(&self) -> Result<String> {
        if !self.settings.webhook_secret.is_empty() {
            return Ok(self.settings.webhook_secret.clone());
        }
        crypto::hmac(Algorithm::Sha256, "token", SECRET_LABEL).map(|mac| crypto::to_hex(&mac))
    }
}

impl Channel for Max {
    type Config = Settings;

    fn describe() -> Descriptor {
        let descriptor = Descriptor::new("max", env!("CARGO_PKG_VERSION"), "MAX")
            .summary("A bot answers in dialogs and groups.")
            .config::<Settings>()
            .capabilities(&[
                "rich-text",
                "location",
                "contact",
                "reply",
                "edit",
                "delete",
                "typing-out",
                "read-marks",
            ])
            .capabilities(&["polling", "webhook", "webhook-registration", "buttons"])
            .limit("text", render::TEXT_MAX)
            .limit("caption", render::TEXT_MAX)
            .limit("attachments", render::FILES_MAX)
            .limit("button-rows", render::ROWS_MAX)
            .limit("buttons-per-row", render::ROW_MAX)
            .limit("button-data", render::DATA_MAX)
            .docs(include_str!("../docs.md"));
        upload::LIMITS
            .into_iter()
            .fold(descriptor, |descriptor, (kind, bytes)| {
                descriptor.limit(&format!("media.{kind}"), bytes)
            })
    }

    fn open(settings: Settings) -> Self {
        Self { settings }
    }

    fn validate(settings: &Settings) -> Vec<ConfigIssue> {
        settings.issues()
    }

    fn check(&self) -> Result<AccountInfo> {
        let client = self.client();
        let account = client.me()?;
        if self.settings.mode != Mode::Polling {
            webhook::check(&client)?;
        }
        Ok(account)
    }

    fn accept_webhook(&self, request: &WebhookRequest) -> Result<WebhookVerdict> {
        let given = request.header(SECRET_HEADER).unwrap_or_default();
        if request.method != "POST" || !self.is_proved(given)? {
            return Err(PluginError::unauthenticated(
                "the webhook's secret is missing or wrong",
            ));
        }
        Ok(WebhookVerdict::process(WebhookReply::ok()))
    }

    fn parse_webhook(&self, request: &WebhookRequest) -> Result<Vec<InboundEvent>> {
        parse::events(&request.json()?)
    }

    fn poll(&self, cursor: Option<&str>) -> Result<PollBatch> {
        if self.settings.mode == Mode::Webhook {
            return Err(PluginError::rejected("this account receives by webhook"));
        }
        poll::poll(&self.client(), self.settings.mode, cursor)
    }

    fn send(&self, message: Outbound) -> Result<Receipt> {
        deliver::send(&self.client(), &message)
    }

    fn edit(&self, action: &Action) -> Result<()> {
        actions::edit(&self.client(), action)
    }

    fn delete(&self, action: &Action) -> Result<()> {
        actions::delete(&self.client(), action)
    }

    fn typing(&self, action: &Action) -> Result<()> {
        actions::show(&self.client(), &action.chat, "typing_on")
    }

    fn mark_read(&self, action: &Action) -> Result<()> {
        actions::show(&self.client(), &action.chat, "mark_seen")
    }

    fn acknowledge_button(&self, action: &Action) -> Result<()> {
        actions::acknowledge(&self.client(), action)
    }

    fn register_webhook(&self, url: &str) -> Result<()> {
        if self.settings.mode == Mode::Polling {
            return Err(PluginError::rejected("this account receives by polling"));
        }
        webhook::register(&self.client(), url, &self.webhook_secret()?)
    }

    fn remove_webhook(&self) -> Result<()> {
        webhook::unregister(&self.client())
    }

    fn resolve_media(&self, remote: &str) -> Result<HttpRequest> {
        attachment::request(&self.client(), remote)
    }
}
