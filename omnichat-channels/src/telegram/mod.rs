//! Telegram, by its Bot API: <https://core.telegram.org/bots/api>.
//!
//! `parse` turns updates into events and `render` turns messages into calls, both without I/O; `client` speaks HTTP;
//! `deliver`, `actions` and `poll` hold what takes several calls.

mod actions;
mod chat_name;
mod client;
mod config;
mod deliver;
mod error;
mod media;
mod parse;
mod poll;
mod render;
mod update;

pub use config::{Mode, TelegramConfig};

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use omnichat_core::channel::{
    AccountConfig, AccountInfo, Action, ButtonLimits, Capabilities, Channel, ChannelKind, Descriptor,
    Inbound, MediaLimit, Outbound, PollBatch, Receipt, Verdict, WebhookReply, WebhookRequest,
};
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::id::InboxId;
use omnichat_core::messages::AttachmentKind;
use omnichat_core::settings::Kind;
use omnichat_core::store::blob::ByteStream;
use serde::Deserialize;

use crate::layers::{Deadlines, Policy, Rate, Rates};
use crate::settings;
use crate::signature::same_secret;
use actions::Actions;
use client::{Client, Params, RemoteFile};
use deliver::Handles;
use omnichat_net::http::Http;
use parse::Reader;
use poll::Poll;

/// The name of this kind.
pub const KIND: &str = "telegram";

/// Where the webhook's secret stands.
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";
/// Largest file that the platform hands out, in bytes.
const DOWNLOAD_MAX: u64 = 20 * 1024 * 1024;
/// Largest file that the platform takes, in bytes.
const UPLOAD_MAX: u64 = 50_000_000;
/// The same for a server of one's own.
const LOCAL_UPLOAD_MAX: u64 = 2_000_000_000;

/// The kind of channel.
pub struct TelegramKind {
    descriptor: Descriptor,
    http: Http,
}

impl TelegramKind {
    /// With a way out.
    pub fn new(http: Http) -> Self {
        let descriptor = Descriptor {
            kind: KIND.to_owned(),
            version: "1".to_owned(),
            title: "Telegram".to_owned(),
            summary: "A bot answers in private chats, groups and business accounts.".to_owned(),
            config_schema: settings::form::<TelegramConfig>(),
            capabilities: capabilities(Mode::Auto, UPLOAD_MAX),
            app: None,
            docs: include_str!("docs.md").to_owned(),
        };
        Self { descriptor, http }
    }
}

impl Kind for TelegramKind {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }
}

impl ChannelKind for TelegramKind {
    fn open(&self, account: AccountConfig) -> Result<Arc<dyn Channel>> {
        let config: TelegramConfig = settings::read(account.config)?;
        let proxy = account.proxy_url.as_deref();
        let official = config.is_official();
        let http = if official {
            self.http.to_platform(proxy)?
        } else {
            self.http.to_anywhere(proxy)?
        };
        let download_max = official.then_some(DOWNLOAD_MAX);
        Ok(Arc::new(TelegramChannel {
            inbox: account.inbox,
            capabilities: capabilities(config.mode, if official { UPLOAD_MAX } else { LOCAL_UPLOAD_MAX }),
            reader: Reader {
                bot_id: config.bot_id()?,
                download_max,
            },
            client: Client::new(http, config.base_url()?, config.token.clone()),
            secret: config.secret(),
            handles: Handles::new(),
            config,
        }))
    }
}

/// How fast messages may go out, and how long calls may take.
pub(crate) fn policy() -> Policy {
    Policy {
        rates: Some(Rates {
            account: Rate {
                count: 30,
                per: Duration::from_secs(1),
            },
            chat: Rate {
                count: 5,
                per: Duration::from_secs(5),
            },
            // Groups and channels have negative ids.
            shared_chat: Rate {
                count: 20,
                per: Duration::from_secs(60),
            },
            is_shared: |chat| chat.starts_with('-'),
        }),
        deadlines: Deadlines::default(),
    }
}

fn capabilities(mode: Mode, upload_max: u64) -> Capabilities {
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
        text_max: 4096,
        caption_max: 1024,
        rich_text: true,
        media: kinds
            .into_iter()
            .map(|kind| MediaLimit {
                kind,
                max_bytes: upload_max,
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
        delete_window_hours: Some(48),
        typing_out: true,
        // They reach business chats only; elsewhere Telegram has none and nothing happens.
        read_marks: true,
        polling: mode != Mode::Webhook,
        webhook: mode != Mode::Polling,
        webhook_registration: mode != Mode::Polling,
        ..Capabilities::default()
    }
}

struct TelegramChannel {
    inbox: InboxId,
    config: TelegramConfig,
    capabilities: Capabilities,
    reader: Reader,
    client: Client,
    secret: String,
    handles: Handles,
}

#[derive(Deserialize)]
struct Me {
    id: i64,
    #[serde(default)]
    first_name: String,
    username: Option<String>,
}

#[async_trait]
impl Channel for TelegramChannel {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn accept(&self, request: &WebhookRequest) -> Result<Verdict> {
        let given = request.header(SECRET_HEADER).unwrap_or_default();
        if request.method != "POST" || !same_secret(&self.secret, given) {
            return Err(Error::new(
                ErrorKind::Unauthenticated,
                "the webhook's secret is missing or wrong",
            ));
        }
        Ok(Verdict::Process(WebhookReply::ok()))
    }

    async fn parse(&self, request: &WebhookRequest) -> Result<Vec<Inbound>> {
        self.reader.update(&request.body).map(|parsed| parsed.events)
    }

    async fn poll(&self, cursor: Option<&str>) -> Result<PollBatch> {
        if !self.capabilities.polling {
            return Err(ruled_out("this account receives by webhook"));
        }
        let poll = Poll {
            client: &self.client,
            reader: self.reader,
            inbox: self.inbox,
            mode: self.config.mode,
            timeout_s: self.config.poll_timeout_s.min(50),
        };
        poll.run(cursor).await
    }

    async fn check(&self) -> Result<AccountInfo> {
        let me: Me = self.client.call("getMe", &Params::new()).await?;
        let url = me.username.map(|name| format!("https://t.me/{name}"));
        Ok(AccountInfo {
            id: me.id.to_string(),
            name: me.first_name,
            url,
        })
    }

    async fn send(&self, message: &Outbound) -> Result<Receipt> {
        deliver::send(&self.client, &self.handles, message).await
    }

    async fn perform(&self, action: &Action) -> Result<()> {
        let about_webhook = matches!(action, Action::RegisterWebhook { .. } | Action::RemoveWebhook);
        if about_webhook && !self.capabilities.webhook_registration {
            return Err(ruled_out("this account receives by polling"));
        }
        let official = self.config.is_official();
        Actions {
            client: &self.client,
            secret: &self.secret,
            official,
        }
        .perform(action)
        .await
    }

    async fn fetch(&self, remote: &str) -> Result<ByteStream> {
        let mut params = Params::new();
        params.insert("file_id".to_owned(), remote.into());
        let file: RemoteFile = self.client.call("getFile", &params).await?;
        let path = file
            .file_path
            .ok_or_else(|| Error::new(ErrorKind::Rejected, "Telegram does not hand out this file"))?;
        self.client.download(&path, self.reader.download_max).await
    }
}

/// The settings forbid what was asked for.
fn ruled_out(message: &str) -> Error {
    Error::new(ErrorKind::Rejected, message).surely_not_sent()
}
