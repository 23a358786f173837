//! A channel: it translates between a platform's protocol and OmniChat's words, and nothing else. Deduplication, finding the
//! conversation, retries, ordering and storage are the host's business.

mod event;
mod export;
mod message;
mod steps;
mod webhook;

pub use crate::bindings::channel::exports::omnichat::plugin::channel::{
    Action, Chat, InboundEvent, InboundFile, InboundMessage, Outbound, OutboundFile, Person, PollBatch,
    Receipt, Unreadable, WebhookReply, WebhookRequest, WebhookVerdict,
};
pub use event::State;
#[doc(hidden)]
pub use export::Exported;
pub use steps::send_steps;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::config;
use crate::types::{AccountInfo, ConfigIssue, Descriptor, HttpRequest, PluginError, Result};

/// A channel with the settings of one account. It is opened for each call: what must outlive a call is kept in
/// [`crate::host::kv`].
///
/// Only [`describe`](Self::describe), [`open`](Self::open) and [`check`](Self::check) must be written; what else a channel can do,
/// it says in its descriptor's capabilities.
pub trait Channel: Sized {
    /// The settings; [`Descriptor::config`] makes the form of them.
    type Config: DeserializeOwned + JsonSchema;

    /// What it is. Pure: no function of the host may be called, and it says the same each time.
    fn describe() -> Descriptor;

    /// With the settings of an account. Does nothing yet.
    fn open(config: Self::Config) -> Self;

    /// Finds what the schema cannot express as wrong. A secret is its placeholder here. No network.
    fn validate(config: &Self::Config) -> Vec<ConfigIssue> {
        let _ = config;
        Vec::new()
    }

    /// Turns settings that an earlier version checked into those of this version. No network.
    ///
    /// # Errors
    /// Any error keeps the earlier version at work.
    fn migrate(from_version: &str, config: serde_json::Value) -> Result<serde_json::Value> {
        let _ = from_version;
        Ok(config)
    }

    /// Asks the platform whether the settings work. Changes nothing there.
    ///
    /// # Errors
    /// `account-broken` for a wrong token.
    fn check(&self) -> Result<AccountInfo>;

    /// Checks the signature of a webhook and says what the platform wants to hear. Fast; no network, no store.
    ///
    /// # Errors
    /// `unauthenticated` for a wrong or missing signature.
    fn accept_webhook(&self, request: &WebhookRequest) -> Result<WebhookVerdict> {
        let _ = request;
        Err(PluginError::new("not-found", "this channel has no webhook"))
    }

    /// The platform's ids of the accounts of which a webhook at an app's address speaks; none for a handshake. For
    /// [`Descriptor::app`]. Pure: no function of the host may be called. Nothing has been proved yet: each account checks the
    /// signature in [`accept_webhook`](Self::accept_webhook). At most 1,000 different ids.
    ///
    /// # Errors
    /// `malformed` for what cannot be understood.
    fn addressed(request: &WebhookRequest) -> Result<Vec<String>> {
        let _ = request;
        Ok(Vec::new())
    }

    /// Turns an accepted webhook into events. Pure: the same bytes give the same events, with the same ids; no network, no
    /// store. What concerns another account of the same app is nothing.
    ///
    /// # Errors
    /// Any error puts the request into quarantine. What is merely unknown is no error: it becomes an unsupported message,
    /// or nothing if it concerns nobody.
    fn parse_webhook(&self, request: &WebhookRequest) -> Result<Vec<InboundEvent>> {
        let _ = request;
        Ok(Vec::new())
    }

    /// Asks the platform for news since a cursor; may wait for some time. For the capability `polling`.
    ///
    /// # Errors
    /// Retryable ones are tried again with growing pauses.
    fn poll(&self, cursor: Option<&str>) -> Result<PollBatch> {
        let _ = cursor;
        Err(PluginError::unsupported("polling"))
    }

    /// Sends a message; returns when the platform has taken it. A channel that sends nothing (calls, reviews) says so by the limit
    /// `text` of 0 and leaves it out.
    ///
    /// # Errors
    /// The code and `not_sent` say what to do: see [`crate::types::code`].
    fn send(&self, message: Outbound) -> Result<Receipt> {
        let _ = message;
        Err(PluginError::unsupported("sending messages"))
    }

    /// Gives a sent message (`external_ids`) another text, styles and buttons. For the capability `edit`.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    fn edit(&self, action: &Action) -> Result<()> {
        let _ = action;
        Err(PluginError::unsupported("editing sent messages"))
    }

    /// Deletes sent messages (`external_ids`) at the customer's. For the capability `delete`.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    fn delete(&self, action: &Action) -> Result<()> {
        let _ = action;
        Err(PluginError::unsupported("deleting sent messages"))
    }

    /// Shows the customer that somebody writes. For the capability `typing-out`.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    fn typing(&self, action: &Action) -> Result<()> {
        let _ = action;
        Err(PluginError::unsupported("showing that somebody writes"))
    }

    /// Shows the customer that its messages up to `external_ids` were read. For the capability `read-marks`.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    fn mark_read(&self, action: &Action) -> Result<()> {
        let _ = action;
        Err(PluginError::unsupported("read marks"))
    }

    /// Tells the platform that the press of a button (`external_ids`) has been dealt with.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    fn acknowledge_button(&self, action: &Action) -> Result<()> {
        let _ = action;
        Err(PluginError::unsupported("acknowledging buttons"))
    }

    /// Has webhooks sent to an address. For the capability `webhook-registration`.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    fn register_webhook(&self, url: &str) -> Result<()> {
        let _ = url;
        Err(PluginError::unsupported("registering a webhook"))
    }

    /// Has no more webhooks sent. For the capability `webhook-registration`.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    fn remove_webhook(&self) -> Result<()> {
        Err(PluginError::unsupported("removing a webhook"))
    }

    /// Does something that is not a message: calls the method above that is named by the action's kind.
    ///
    /// # Errors
    /// `rejected` for a kind that is not known.
    fn perform(&self, action: &Action) -> Result<()> {
        match action.kind.as_str() {
            "edit" => self.edit(action),
            "delete" => self.delete(action),
            "typing" => self.typing(action),
            "mark-read" => self.mark_read(action),
            "acknowledge-button" => self.acknowledge_button(action),
            "register-webhook" => match action.url.as_deref() {
                Some(url) => self.register_webhook(url),
                None => Err(PluginError::rejected("the webhook's address is missing")),
            },
            "remove-webhook" => self.remove_webhook(),
            other => Err(PluginError::unsupported(&format!("«{other}»"))),
        }
    }

    /// The request that fetches an inbound file, by the handle in [`InboundFile::remote`]; the host sends it and keeps the
    /// bytes.
    ///
    /// # Errors
    /// `rejected` if the platform does not give the file.
    fn resolve_media(&self, remote: &str) -> Result<HttpRequest> {
        let _ = remote;
        Err(PluginError::unsupported("fetching files"))
    }

    /// With the settings of the account that the call is for, as the host gives them.
    ///
    /// # Errors
    /// `invalid` if they do not fit.
    fn opened() -> Result<Self> {
        Ok(Self::open(config::current()?))
    }
}

/// Exports a channel from the plugin. Write it once, at the root of the crate.
///
/// ```ignore
/// omnichat_plugin_sdk::export_channel!(MyChannel);
/// ```
#[macro_export]
macro_rules! export_channel {
    ($channel:ty) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            type Component = $crate::channel::Exported<$channel>;
            $crate::bindings::channel::export_channel_world!(
                Component with_types_in $crate::bindings::channel
            );
        };
    };
}
