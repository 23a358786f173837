//! What a channel is: it translates between a platform's protocol and the words of the core, and nothing else.
//!
//! A [`ChannelKind`] describes itself and opens accounts; a [`Channel`] is one opened account. Deduplication, finding the
//! conversation, retries, ordering and storage are not a channel's business. Nobody outside a channel's folder branches on
//! its name: they ask its [`Capabilities`].

pub mod capability;
pub mod inbound;
pub mod outbound;
pub mod webhook;

pub use capability::{AppAccounts, ButtonLimits, Capabilities, Descriptor, MediaLimit};
pub use inbound::{
    Also, ChatInfo, Inbound, InboundAttachment, InboundEvent, InboundMessage, Original, Person, PollBatch,
    Profile, Unreadable, Webhook,
};
pub use outbound::{Action, FileSource, Outbound, OutboundFile, Receipt};
pub use webhook::{Verdict, WebhookReply, WebhookRequest};

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;

use crate::error::{Error, ErrorKind, Result};
use crate::id::InboxId;
use crate::settings::{Kind, Registry};
use crate::store::blob::ByteStream;

/// What an account is opened with.
#[derive(Clone)]
pub struct AccountConfig {
    /// Which inbox it is.
    pub inbox: InboxId,
    /// All settings, secrets included, valid by the kind's schema.
    pub config: Value,
    /// Outgoing HTTP or SOCKS5 proxy, password included.
    pub proxy_url: Option<String>,
}

impl std::fmt::Debug for AccountConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountConfig")
            .field("inbox", &self.inbox)
            .finish_non_exhaustive()
    }
}

/// A kind of channel: Telegram, the widget, a plugin.
#[async_trait]
pub trait ChannelKind: Kind {
    /// Opens an account. No I/O: a wrong token is found by [`Channel::check`].
    ///
    /// # Errors
    /// `Invalid` with the field for settings that the schema cannot express as wrong.
    fn open(&self, account: AccountConfig) -> Result<Arc<dyn Channel>>;

    /// The platform's ids of the accounts of which a request at an app's address speaks, in any order; none for a handshake. Pure, and
    /// of no consequence by itself: the request may be anybody's, and each account checks its signature. Requires
    /// [`Descriptor::app`]; at most [`limits::WEBHOOK_ACCOUNTS`](crate::limits::WEBHOOK_ACCOUNTS) different ids.
    ///
    /// # Errors
    /// `Malformed` for what cannot be understood: it is put into quarantine if the app has signed it.
    async fn addressed(&self, request: &WebhookRequest) -> Result<Vec<String>> {
        let _ = request;
        Ok(Vec::new())
    }
}

/// The kinds of channels that an engine knows.
pub type ChannelRegistry = Registry<dyn ChannelKind>;

/// Who the platform says we are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountInfo {
    /// The platform's id of the account.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its public page.
    pub url: Option<String>,
}

/// One opened account of a channel. Methods that a channel's [`Capabilities`] rule out need not be overridden: they answer
/// `Rejected`.
#[async_trait]
pub trait Channel: Send + Sync + 'static {
    /// What it can do. May differ between accounts of a kind.
    fn capabilities(&self) -> &Capabilities;

    /// Checks the signature of a webhook and says what the platform wants to hear. Fast and without a network.
    ///
    /// # Errors
    /// `Unauthenticated` for a wrong or missing signature.
    async fn accept(&self, request: &WebhookRequest) -> Result<Verdict> {
        let _ = request;
        Err(Error::new(ErrorKind::NotFound, "this channel has no webhook"))
    }

    /// Turns an accepted webhook into events. Pure: the same bytes give the same events, with the same external ids.
    ///
    /// # Errors
    /// Any error puts the request into quarantine. What is merely unknown is no error: it becomes an unsupported message,
    /// or nothing if it concerns nobody. Where an app brings webhooks for many accounts ([`Descriptor::app`]), what concerns another
    /// account is nothing, too.
    async fn parse(&self, request: &WebhookRequest) -> Result<Vec<Inbound>> {
        let _ = request;
        Ok(Vec::new())
    }

    /// Both, one after the other: what webhooks go through. To be overridden only where the two together cost less.
    ///
    /// # Errors
    /// As [`Channel::accept`].
    async fn webhook(&self, request: &WebhookRequest) -> Result<Webhook> {
        Ok(match self.accept(request).await? {
            Verdict::Reply(reply) => Webhook::Reply(reply),
            Verdict::Process(reply) => Webhook::Events(reply, self.parse(request).await),
        })
    }

    /// Asks the platform for news since a cursor; may wait for some time. Requires [`Capabilities::polling`].
    async fn poll(&self, cursor: Option<&str>) -> Result<PollBatch> {
        let _ = cursor;
        Err(unsupported("polling"))
    }

    /// Asks the platform whether the settings work. Changes nothing there. `NotFound` says that the platform has lost the webhook
    /// which was registered by [`Action::RegisterWebhook`]: it is registered again.
    async fn check(&self) -> Result<AccountInfo>;

    /// Sends a message. Returns when the platform has taken it. Called where [`Capabilities::sends`] holds, and with a text only where
    /// [`Capabilities::sends_text`] does.
    ///
    /// # Errors
    /// The kind says what to do: `RateLimited` and `Unavailable` with retry advice are tried again, `Rejected` fails this
    /// message, `Unreachable` the conversation, `AccountBroken` the inbox. `Timeout`, and any other error without
    /// [`Error::surely_not_sent`], leave unknown whether the message went out; such a message is sent again only if
    /// [`Capabilities::idempotent_send`] holds, and else marked uncertain.
    async fn send(&self, message: &Outbound) -> Result<Receipt> {
        let _ = message;
        Err(unsupported("sending messages"))
    }

    /// Does something that is not a message: edit, delete, typing, read mark, answer to a button, registration.
    async fn perform(&self, action: &Action) -> Result<()> {
        Err(unsupported(action.name()))
    }

    /// Fetches a file that a customer sent, by the handle in [`inbound::AttachmentSource::Remote`].
    async fn fetch(&self, remote: &str) -> Result<ByteStream> {
        let _ = remote;
        Err(unsupported("fetching files"))
    }
}

fn unsupported(what: &str) -> Error {
    Error::new(
        ErrorKind::Rejected,
        format!("this channel does not support {what}"),
    )
    .surely_not_sent()
}
