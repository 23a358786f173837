//! A channel to anybody's own system: it sends signed events here and gets signed events back. The format is ours, see
//! `docs.md`.

mod client;
mod config;
mod error;
mod parse;
mod render;
mod signature;

pub use config::ApiConfig;

use std::sync::Arc;

use async_trait::async_trait;
use omnichat_core::channel::{
    AccountConfig, AccountInfo, Action, ButtonLimits, Capabilities, Channel, ChannelKind, Descriptor,
    Inbound, MediaLimit, Outbound, Receipt, Verdict, WebhookReply, WebhookRequest,
};
use omnichat_core::clock::Clock;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::id::InboxId;
use omnichat_core::messages::AttachmentKind;
use omnichat_core::settings::Kind;
use omnichat_core::store::blob::ByteStream;
use url::Url;

use crate::settings;
use client::Client;
use omnichat_net::http::Http;

/// The name of this kind.
pub const KIND: &str = "api";

/// Largest file that is fetched from the other system, in bytes.
const DOWNLOAD_MAX: u64 = 100 * 1024 * 1024;

/// The kind of channel.
pub struct ApiKind {
    descriptor: Descriptor,
    http: Http,
    clock: Arc<dyn Clock>,
}

impl ApiKind {
    /// With a way out and the time, by which signatures expire.
    pub fn new(http: Http, clock: Arc<dyn Clock>) -> Self {
        let descriptor = Descriptor {
            kind: KIND.to_owned(),
            version: "1".to_owned(),
            title: "API".to_owned(),
            summary: "Your own system sends and receives messages by signed requests.".to_owned(),
            config_schema: settings::form::<ApiConfig>(),
            capabilities: capabilities(true, false),
            app: None,
            docs: include_str!("docs.md").to_owned(),
        };
        Self {
            descriptor,
            http,
            clock,
        }
    }
}

impl Kind for ApiKind {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }
}

impl ChannelKind for ApiKind {
    fn open(&self, account: AccountConfig) -> Result<Arc<dyn Channel>> {
        let config: ApiConfig = settings::read(account.config)?;
        if config.signing_secret.is_empty() {
            return Err(Error::invalid_field(
                "config.signing_secret",
                "required",
                "this is required",
            ));
        }
        let url = config.url()?;
        let client = Client {
            http: self.http.to_anywhere(account.proxy_url.as_deref())?,
            clock: Arc::clone(&self.clock),
            headers: config.header_map()?,
            secret: config.signing_secret,
        };
        let capabilities = capabilities(url.is_some(), config.presence);
        Ok(Arc::new(ApiChannel {
            inbox: account.inbox,
            capabilities,
            url,
            client,
        }))
    }
}

/// Without an address to send to, what is stored has arrived: the other system reads it by the REST API.
fn capabilities(pushes: bool, presence: bool) -> Capabilities {
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
        text_max: 20_000,
        caption_max: 20_000,
        rich_text: true,
        media: kinds
            .into_iter()
            .map(|kind| MediaLimit {
                kind,
                max_bytes: render::FILE_MAX,
            })
            .collect(),
        attachments_max: 10,
        buttons: Some(ButtonLimits {
            max_rows: 20,
            max_per_row: 10,
            data_max_bytes: 1_024,
        }),
        location: true,
        contact: true,
        reply: true,
        edit: true,
        delete: true,
        typing_out: pushes && presence,
        typing_in: true,
        read_marks: pushes && presence,
        delivery_receipts: pushes,
        idempotent_send: true,
        webhook: true,
        strict: true,
        local: !pushes,
        ..Capabilities::default()
    }
}

struct ApiChannel {
    inbox: InboxId,
    capabilities: Capabilities,
    url: Option<Url>,
    client: Client,
}

#[async_trait]
impl Channel for ApiChannel {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn accept(&self, request: &WebhookRequest) -> Result<Verdict> {
        if request.method != "POST" {
            return Err(Error::new(ErrorKind::Unauthenticated, "events are sent by POST"));
        }
        let header = request.header(signature::HEADER);
        signature::verify(
            &self.client.secret,
            self.client.clock.now(),
            &request.body,
            header,
        )?;
        Ok(Verdict::Process(WebhookReply::ok()))
    }

    async fn parse(&self, request: &WebhookRequest) -> Result<Vec<Inbound>> {
        parse::events(&request.body)
    }

    async fn check(&self) -> Result<AccountInfo> {
        let Some(url) = &self.url else {
            return Ok(AccountInfo {
                id: self.inbox.to_string(),
                name: "API".to_owned(),
                url: None,
            });
        };
        self.client.post(url, &render::ping(self.inbox), None).await?;
        let host = url.host_str().unwrap_or_default().to_owned();
        Ok(AccountInfo {
            id: host.clone(),
            name: host,
            url: None,
        })
    }

    async fn send(&self, message: &Outbound) -> Result<Receipt> {
        let own_id = message.id.to_string();
        let Some(url) = &self.url else {
            return Ok(Receipt {
                external_ids: vec![own_id],
                ..Receipt::default()
            });
        };
        let event = render::message(self.inbox, message).await?;
        let answer = self.client.post(url, &event, Some(&own_id)).await?;
        Ok(Receipt {
            external_ids: vec![answer.id().unwrap_or(own_id)],
            ..Receipt::default()
        })
    }

    async fn perform(&self, action: &Action) -> Result<()> {
        let wanted = match action {
            Action::Typing { .. } => self.capabilities.typing_out,
            Action::MarkRead { .. } => self.capabilities.read_marks,
            _ => true,
        };
        if !wanted {
            return Err(
                Error::new(ErrorKind::Rejected, "the other system does not want to know this")
                    .surely_not_sent(),
            );
        }
        let Some(event) = render::action(self.inbox, action)? else {
            return Ok(());
        };
        // Without an address the other system sees the change where it reads the message.
        let Some(url) = &self.url else { return Ok(()) };
        self.client.post(url, &event, None).await.map(|_| ())
    }

    async fn fetch(&self, remote: &str) -> Result<ByteStream> {
        self.client.download(remote, DOWNLOAD_MAX).await
    }
}
