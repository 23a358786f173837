//! Calls of a channel.

use async_trait::async_trait;
use omnichat_core::channel::{
    AccountInfo, Action, Inbound, Outbound, OutboundFile, PollBatch, Receipt, Unreadable, Verdict,
    WebhookReply, WebhookRequest,
};
use omnichat_core::error::FieldError;
use wasmtime::Store;

use super::channel_world::ChannelPlugin;
use super::channel_world::exports::omnichat::plugin::channel as wit;
use super::events::events;
use super::types::{
    buttons_to_wit, contact_to_wit, file_kind_to_wit, location_to_wit, pairs, span_to_wit, time, words,
};
use crate::descriptor::Described;
use crate::factors::State;
use crate::factors::http::blob_id;
use crate::factors::request::Request;
use crate::outcome::PluginError;
use crate::worlds::{ChannelGuest, Common, Said};

/// The functions that all worlds export, each under its own interface.
macro_rules! common {
    ($world:ty, $interface:ident) => {
        #[async_trait]
        impl Common for $world {
            async fn describe(&self, store: &mut Store<State>) -> Said<Described> {
                Ok(Ok(self.$interface().call_describe(store).await?.into()))
            }

            async fn validate_config(&self, store: &mut Store<State>, config: &str) -> Said<Vec<FieldError>> {
                let issues = self
                    .$interface()
                    .call_validate_config(store, &config.to_owned())
                    .await?;
                Ok(Ok(issues
                    .err()
                    .unwrap_or_default()
                    .into_iter()
                    .map(Into::into)
                    .collect()))
            }

            async fn migrate_config(
                &self,
                store: &mut Store<State>,
                from: &str,
                config: &str,
            ) -> Said<String> {
                let migrated = self
                    .$interface()
                    .call_migrate_config(store, from, &config.to_owned())
                    .await?;
                Ok(migrated.map_err(Into::into))
            }
        }
    };
}
pub(super) use common;

common!(ChannelPlugin, omnichat_plugin_channel);

#[async_trait]
impl ChannelGuest for ChannelPlugin {
    async fn check(&self, store: &mut Store<State>) -> Said<AccountInfo> {
        let info = self.omnichat_plugin_channel().call_check(store).await?;
        Ok(info.map_err(PluginError::from).map(|info| AccountInfo {
            id: info.id,
            name: info.name,
            url: info.url,
        }))
    }

    async fn accept(&self, store: &mut Store<State>, request: &WebhookRequest) -> Said<Verdict> {
        let verdict = self
            .omnichat_plugin_channel()
            .call_accept_webhook(store, &webhook(request))
            .await?;
        Ok(verdict.map_err(Into::into).and_then(verdict_from_wit))
    }

    async fn addressed(&self, store: &mut Store<State>, request: &WebhookRequest) -> Said<Vec<String>> {
        let accounts = self
            .omnichat_plugin_channel()
            .call_addressed(store, &webhook(request))
            .await?;
        Ok(accounts.map_err(Into::into))
    }

    async fn parse(&self, store: &mut Store<State>, request: &WebhookRequest) -> Said<Vec<Inbound>> {
        let list = self
            .omnichat_plugin_channel()
            .call_parse_webhook(store, &webhook(request))
            .await?;
        Ok(list.map_err(PluginError::from).and_then(events))
    }

    async fn poll(&self, store: &mut Store<State>, cursor: Option<&str>) -> Said<PollBatch> {
        let batch = self.omnichat_plugin_channel().call_poll(store, cursor).await?;
        Ok(batch.map_err(PluginError::from).map(batch_from_wit))
    }

    async fn send(&self, store: &mut Store<State>, message: &Outbound) -> Said<Receipt> {
        let receipt = self
            .omnichat_plugin_channel()
            .call_send(store, &outbound(message))
            .await?;
        Ok(receipt.map_err(PluginError::from).map(|receipt| Receipt {
            external_ids: receipt.external_ids,
            at: receipt.at.map(time),
            new_chat: receipt.new_chat,
        }))
    }

    async fn perform(&self, store: &mut Store<State>, action: &Action) -> Said<()> {
        let Some(action) = action_to_wit(action) else {
            return Ok(Err(PluginError::new(
                "rejected",
                format!("plugins of version {} know no such action", super::VERSION),
            )));
        };
        let done = self
            .omnichat_plugin_channel()
            .call_perform(store, &action)
            .await?;
        Ok(done.map_err(Into::into))
    }

    async fn resolve_media(&self, store: &mut Store<State>, remote: &str) -> Said<Request> {
        let request = self
            .omnichat_plugin_channel()
            .call_resolve_media(store, remote)
            .await?;
        Ok(request.map(Into::into).map_err(Into::into))
    }
}

/// An event that cannot be understood goes into quarantine as it came, so that it holds up nothing behind it.
fn batch_from_wit(batch: wit::PollBatch) -> PollBatch {
    let mut made = PollBatch {
        cursor: batch.cursor,
        more: batch.more,
        ..PollBatch::default()
    };
    for one in batch.unreadable {
        made.unreadable.push(Unreadable {
            request: WebhookRequest {
                method: one.request.method,
                path: one.request.path,
                query: one.request.query,
                address: one.request.address,
                headers: one.request.headers,
                body: one.request.body.into(),
            },
            reason: one.reason,
        });
    }
    for event in batch.events {
        let came = format!("{event:#?}");
        match events(vec![event]) {
            Ok(understood) => made.events.extend(understood),
            Err(error) => made.unreadable.push(Unreadable {
                request: WebhookRequest::post(came),
                reason: error.message,
            }),
        }
    }
    made
}

fn webhook(request: &WebhookRequest) -> wit::WebhookRequest {
    wit::WebhookRequest {
        method: request.method.clone(),
        query: request.query.clone(),
        headers: request.headers.clone(),
        body: request.body.to_vec(),
        path: request.path.clone(),
        address: request.address.clone(),
    }
}

fn verdict_from_wit(verdict: wit::WebhookVerdict) -> Result<Verdict, PluginError> {
    let reply = verdict.reply;
    if !(200..=599).contains(&reply.status) {
        return Err(PluginError::new(
            "malformed",
            format!("the plugin replies to a webhook with the status {}", reply.status),
        ));
    }
    let whole = WebhookReply {
        status: reply.status,
        content_type: reply.content_type,
        body: reply.body.into(),
    };
    Ok(if verdict.process {
        Verdict::Process(whole)
    } else {
        Verdict::Reply(whole)
    })
}

fn outbound(message: &Outbound) -> wit::Outbound {
    let part = message.part.as_ref();
    wit::Outbound {
        id: message.id.to_string(),
        chat: message.chat.clone(),
        route: pairs(&message.route),
        author_name: words(&message.author_name),
        text: words(&message.text),
        spans: message.spans.iter().map(span_to_wit).collect(),
        files: message
            .files
            .iter()
            .enumerate()
            .map(|(index, file)| file_to_wit(index, file))
            .collect(),
        buttons: buttons_to_wit(&message.buttons),
        location: part.and_then(location_to_wit),
        contact: part.and_then(contact_to_wit),
        reply_to: message.reply_to.clone(),
        extra: "{}".to_owned(),
    }
}

fn file_to_wit(index: usize, file: &OutboundFile) -> wit::OutboundFile {
    wit::OutboundFile {
        blob: blob_id(index),
        kind: file_kind_to_wit(file.kind),
        name: words(&file.name),
        content_type: file.content_type.clone(),
        size: file.size,
        digest: file.digest.clone(),
        url: file.source.public_url(),
    }
}

fn action_to_wit(action: &Action) -> Option<wit::Action> {
    let mut made = wit::Action {
        kind: String::new(),
        chat: String::new(),
        route: Vec::new(),
        external_ids: Vec::new(),
        text: String::new(),
        spans: Vec::new(),
        buttons: Vec::new(),
        is_caption: false,
        url: None,
        extra: "{}".to_owned(),
    };
    let kind = match action {
        Action::Edit {
            chat,
            route,
            external_id,
            text,
            spans,
            buttons,
            is_caption,
        } => {
            (made.chat, made.route) = (chat.clone(), pairs(route));
            made.external_ids = vec![external_id.clone()];
            made.text = words(text);
            made.spans = spans.iter().map(span_to_wit).collect();
            made.buttons = buttons_to_wit(buttons);
            made.is_caption = *is_caption;
            "edit"
        }
        Action::Delete {
            chat,
            route,
            external_ids,
        } => {
            (made.chat, made.route) = (chat.clone(), pairs(route));
            made.external_ids = external_ids.clone();
            "delete"
        }
        Action::Typing { chat, route } => {
            (made.chat, made.route) = (chat.clone(), pairs(route));
            "typing"
        }
        Action::MarkRead {
            chat,
            route,
            external_id,
        } => {
            (made.chat, made.route) = (chat.clone(), pairs(route));
            made.external_ids = vec![external_id.clone()];
            "mark-read"
        }
        Action::AcknowledgeButton { external_id } => {
            made.external_ids = vec![external_id.clone()];
            "acknowledge-button"
        }
        Action::RegisterWebhook { url } => {
            made.url = Some(url.clone());
            "register-webhook"
        }
        Action::RemoveWebhook => "remove-webhook",
        _ => return None,
    };
    made.kind = kind.to_owned();
    Some(made)
}

#[cfg(test)]
#[path = "channel_tests.rs"]
mod tests;
