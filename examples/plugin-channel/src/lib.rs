//! Letterbox: a channel of OmniChat.
//!
//! The platform posts `{"id", "from", "name", "text"}` with the header `x-signature` (HMAC-SHA256 of the body in hex), and
//! takes messages at `POST {api_url}/messages`. Change it into what your platform does.

use omnichat_plugin_sdk::host::crypto::Algorithm;
use omnichat_plugin_sdk::prelude::*;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

/// The settings; their schema becomes the form that an administrator fills in.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Settings {
    /// Where messages are sent to, without a slash at the end.
    #[schemars(title = "Address of the API", url)]
    api_url: String,
    /// From the platform's cabinet. Signs webhooks, too.
    #[schemars(title = "Token", length(min = 1), extend("x-secret" = true))]
    token: String,
}

/// One account of the platform.
#[derive(Debug)]
pub struct LetterboxChannel {
    settings: Settings,
}

/// A message as the platform sends it. What is not named here is skipped.
#[derive(Debug, Deserialize)]
struct Incoming {
    id: String,
    from: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    text: String,
}

impl Channel for LetterboxChannel {
    type Config = Settings;

    fn describe() -> Descriptor {
        Descriptor::new("letterbox", env!("CARGO_PKG_VERSION"), "Letterbox")
            .summary("Says in one sentence what it connects.")
            .config::<Settings>()
            .capabilities(&["webhook", "idempotent-send"])
            .limit("text", 4_000)
            .docs(include_str!("../docs.md"))
    }

    fn open(settings: Settings) -> Self {
        Self { settings }
    }

    fn check(&self) -> Result<AccountInfo> {
        let answer = self.call(HttpRequest::get(format!("{}/me", self.settings.api_url)))?;
        let me: serde_json::Value = answer.json()?;
        Ok(AccountInfo {
            id: me["id"].as_str().unwrap_or_default().to_owned(),
            name: me["name"].as_str().unwrap_or("Letterbox").to_owned(),
            url: None,
        })
    }

    fn accept_webhook(&self, request: &WebhookRequest) -> Result<WebhookVerdict> {
        let given = request.header("x-signature").and_then(host::crypto::from_hex);
        let is_good = match given {
            // The secret is named, never seen: the host computes.
            Some(mac) => host::crypto::verify_hmac(Algorithm::Sha256, "token", &request.body, &mac)?,
            None => false,
        };
        if !is_good {
            return Err(PluginError::unauthenticated("the signature is missing or wrong"));
        }
        Ok(WebhookVerdict::process(WebhookReply::ok()))
    }

    fn parse_webhook(&self, request: &WebhookRequest) -> Result<Vec<InboundEvent>> {
        let message: Incoming = request.json()?;
        let person = Person {
            name: message.name,
            ..Person::default()
        };
        let event = InboundEvent::message(message.from, InboundMessage::new(message.id, message.text));
        Ok(vec![event.by(person)])
    }

    fn send(&self, message: Outbound) -> Result<Receipt> {
        let request = HttpRequest::post(format!("{}/messages", self.settings.api_url)).json(&json!({
            "to": message.chat,
            "text": message.text,
            // The same on every try, so that the platform can recognise a repetition.
            "key": message.id,
        }))?;
        let answer: serde_json::Value = self.call(request)?.json()?;
        Ok(Receipt::of(answer["id"].as_str().map(str::to_owned)))
    }
}

impl LetterboxChannel {
    /// Calls the platform and says what its refusals mean: that decides what the host does next.
    fn call(&self, request: HttpRequest) -> Result<HttpResponse> {
        // The token appears as {{secret:token}}; the host fills it in when it sends the request.
        let request = request.header("authorization", &format!("Bearer {}", self.settings.token));
        let answer = host::http::send(&request)?;
        match answer.status {
            200..=299 => Ok(answer),
            401 | 403 => Err(PluginError::account_broken("the platform refuses the token").not_sent()),
            404 => Err(PluginError::unreachable(
                "the platform does not know this customer",
            )),
            429 => Err(PluginError::rate_limited("too many messages").not_sent()),
            500.. => Err(PluginError::unavailable(format!(
                "the platform answers {}",
                answer.status
            ))),
            status => Err(PluginError::rejected(format!("the platform answers {status}"))),
        }
    }
}

omnichat_plugin_sdk::export_channel!(LetterboxChannel);
