//! A plugin as a channel: to the core it is like any built-in one.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use omnichat_core::channel::{
    AccountConfig, AccountInfo, Action, Capabilities, Channel, ChannelKind, Descriptor, Inbound, Outbound,
    PollBatch, Receipt, Verdict, Webhook, WebhookReply, WebhookRequest,
};
use omnichat_core::error::{Error, ErrorKind, Result, Retry};
use omnichat_core::settings::Kind;
use omnichat_core::store::blob::ByteStream;
use serde_json::Value;

use crate::account::{Account, PluginAccount};
use crate::call::Input;
use crate::export::Export;
use crate::factors::CallScope;
use crate::factors::http::HttpFactor;
use crate::kv::Owner;
use crate::outcome::Failure;
use crate::plugin::Plugin;

/// The kind of channel that a plugin is.
pub(crate) struct PluginKindOfChannel {
    plugin: Arc<Plugin>,
}

impl PluginKindOfChannel {
    pub(crate) fn new(plugin: Arc<Plugin>) -> Self {
        Self { plugin }
    }
}

#[async_trait]
impl Kind for PluginKindOfChannel {
    fn descriptor(&self) -> &Descriptor {
        self.plugin.descriptor()
    }

    async fn validate(&self, config: &Value) -> Result<()> {
        self.plugin.validate_config(config).await
    }

    async fn migrate(&self, from: &str, config: Value) -> Result<Value> {
        self.plugin.migrate_config(from, config).await
    }
}

#[async_trait]
impl ChannelKind for PluginKindOfChannel {
    fn open(&self, account: AccountConfig) -> Result<Arc<dyn Channel>> {
        let account = self.plugin.open(PluginAccount {
            owner: Owner::Inbox(account.inbox),
            config: account.config,
            proxy_url: account.proxy_url,
        })?;
        Ok(Arc::new(PluginChannel {
            plugin: self.plugin.clone(),
            account,
        }))
    }

    async fn addressed(&self, request: &WebhookRequest) -> Result<Vec<String>> {
        self.plugin.addressed(request).await
    }
}

/// How far a webhook came.
enum Taken {
    /// There was nothing in it but a question.
    Answered(WebhookReply),
    /// What it says.
    Understood(Vec<Inbound>),
    /// It is the platform's, and the plugin is left alone for so long.
    PutAside(Duration),
}

/// One account of a plugin.
struct PluginChannel {
    plugin: Arc<Plugin>,
    account: Arc<Account>,
}

#[async_trait]
impl Channel for PluginChannel {
    fn capabilities(&self) -> &Capabilities {
        &self.plugin.descriptor().capabilities
    }

    async fn accept(&self, request: &WebhookRequest) -> Result<Verdict> {
        self.plugin
            .call(
                Export::AcceptWebhook,
                &self.account,
                Input::of(request),
                |guest, store, request| {
                    Box::pin(async move { guest.channel()?.accept(store, request).await })
                },
            )
            .await
            .map_err(Failure::into_core)
    }

    async fn parse(&self, request: &WebhookRequest) -> Result<Vec<Inbound>> {
        self.plugin
            .call(
                Export::ParseWebhook,
                &self.account,
                Input::of(request),
                |guest, store, request| Box::pin(async move { guest.channel()?.parse(store, request).await }),
            )
            .await
            .map_err(Failure::into_core)
    }

    /// One instance for both: what it costs to make one is a large part of what a webhook costs.
    async fn webhook(&self, request: &WebhookRequest) -> Result<Webhook> {
        let accepted: OnceLock<WebhookReply> = OnceLock::new();
        let cpu = self.plugin.limits().cpu_of(Export::ParseWebhook);
        let parsing = self.account.breakers.before(Export::ParseWebhook);
        let clock = &self.plugin.services.clock;
        let taken = self
            .plugin
            .call(
                Export::ParseWebhook,
                &self.account,
                // Who has not proved to be the platform gets no more than that takes.
                Input::of(&(request, &accepted)).first_within(Export::AcceptWebhook),
                |guest, store, (request, accepted)| {
                    Box::pin(async move {
                        let channel = guest.channel()?;
                        match channel.accept(store, request).await? {
                            Err(error) => return Ok(Err(error)),
                            Ok(Verdict::Reply(reply)) => return Ok(Ok(Taken::Answered(reply))),
                            Ok(Verdict::Process(reply)) => accepted.get_or_init(|| reply),
                        };
                        if let Err(wait) = parsing.admit(clock.now()) {
                            return Ok(Ok(Taken::PutAside(wait)));
                        }
                        store.data().begin_second_part(cpu);
                        let events = channel.parse(store, request).await?;
                        Ok(events.map(Taken::Understood))
                    })
                },
            )
            .await;
        let Some(reply) = accepted.into_inner() else {
            return match taken {
                Ok(Taken::Answered(reply)) => Ok(Webhook::Reply(reply)),
                Ok(_) => Err(Error::internal("a webhook was understood before it was accepted")),
                // The platform will try again.
                Err(failure) => Err(failure.into_core()),
            };
        };
        let events = match taken {
            Ok(Taken::Understood(events)) => Ok(events),
            Ok(Taken::Answered(_)) => Ok(Vec::new()),
            Ok(Taken::PutAside(wait)) => Err(Error::new(
                ErrorKind::Unavailable,
                "the plugin has failed to understand too many webhooks lately: this one was put aside",
            )
            .with_retry(Retry::After(wait))),
            Err(failure) => Err(failure.into_core()),
        };
        Ok(Webhook::Events(reply, events))
    }

    async fn poll(&self, cursor: Option<&str>) -> Result<PollBatch> {
        self.plugin
            .call(
                Export::Poll,
                &self.account,
                Input::of(&cursor),
                |guest, store, cursor| Box::pin(async move { guest.channel()?.poll(store, *cursor).await }),
            )
            .await
            .map_err(Failure::into_core)
    }

    async fn check(&self) -> Result<AccountInfo> {
        self.plugin
            .call(
                Export::Check,
                &self.account,
                Input::of(&()),
                |guest, store, ()| Box::pin(async move { guest.channel()?.check(store).await }),
            )
            .await
            .map_err(Failure::into_core)
    }

    async fn send(&self, message: &Outbound) -> Result<Receipt> {
        let input = Input::of(message).with_files(message.files.clone());
        self.plugin
            .call(Export::Send, &self.account, input, |guest, store, message| {
                Box::pin(async move { guest.channel()?.send(store, message).await })
            })
            .await
            .map_err(Failure::into_core)
    }

    async fn perform(&self, action: &Action) -> Result<()> {
        self.plugin
            .call(
                Export::Perform,
                &self.account,
                Input::of(action),
                |guest, store, action| Box::pin(async move { guest.channel()?.perform(store, action).await }),
            )
            .await
            .map_err(Failure::into_core)
    }

    async fn fetch(&self, remote: &str) -> Result<ByteStream> {
        let request = self
            .plugin
            .call(
                Export::ResolveMedia,
                &self.account,
                Input::of(remote),
                |guest, store, remote| {
                    Box::pin(async move { guest.channel()?.resolve_media(store, remote).await })
                },
            )
            .await
            .map_err(Failure::into_core)?;
        // The bytes pass the host only, by the same rules as the guest's own requests.
        let cpu = self.plugin.limits().cpu_of(Export::ResolveMedia);
        let services = &self.plugin.services;
        let scope = CallScope::new(services, Export::ResolveMedia, self.account.clone(), cpu);
        let http = HttpFactor::new(services, &scope);
        http.download(request, self.plugin.limits().file_bytes).await
    }
}
