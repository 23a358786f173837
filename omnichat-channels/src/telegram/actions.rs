//! What is no message: edits, deletions, typing, read marks, answers to buttons, the webhook.

use omnichat_core::channel::Action;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::messages::{Button, ButtonAction, Span};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::chat_name::ChatName;
use super::client::{Client, Params};
use super::error::Fault;
use super::parse::ALLOWED_UPDATES;
use super::render::{address, insert_text, markup, strip_styles};

/// Most messages of one call.
const DELETE_MAX: usize = 100;
/// Ports that Telegram sends webhooks to.
const PORTS: [u16; 4] = [443, 80, 88, 8443];

/// What the actions need to know of an account.
pub(super) struct Actions<'a> {
    pub(super) client: &'a Client,
    /// What webhooks have to show.
    pub(super) secret: &'a str,
    /// The platform itself, with its rules for webhooks' addresses.
    pub(super) official: bool,
}

#[derive(Deserialize)]
pub(super) struct WebhookInfo {
    #[serde(default)]
    pub(super) url: String,
}

/// An edit, taken apart.
struct Edit<'a> {
    id: i64,
    text: &'a str,
    spans: &'a [Span],
    buttons: Vec<Vec<Button>>,
}

impl Actions<'_> {
    pub(super) async fn perform(&self, action: &Action) -> Result<()> {
        match action {
            Action::Edit {
                chat,
                route,
                external_id,
                text,
                spans,
                buttons,
                is_caption,
            } => {
                let place = ChatName::read(chat, route)?;
                let edit = Edit {
                    id: message_id(external_id)?,
                    text,
                    spans,
                    buttons: inline_only(buttons),
                };
                self.edit(&place, &edit, *is_caption).await
            }
            Action::Delete {
                chat,
                route,
                external_ids,
            } => {
                let ids = external_ids
                    .iter()
                    .map(|id| message_id(id))
                    .collect::<Result<Vec<i64>>>()?;
                self.delete(&ChatName::read(chat, route)?, &ids).await
            }
            Action::Typing { chat, route } => {
                let place = ChatName::read(chat, route)?;
                // Telegram shows it nowhere among the direct messages of a channel.
                if place.direct.is_some() {
                    return Ok(());
                }
                let mut params = params(json!({ "action": "typing" }));
                address(&mut params, &place);
                self.done("sendChatAction", &params).await
            }
            Action::MarkRead {
                chat,
                route,
                external_id,
            } => {
                let place = ChatName::read(chat, route)?;
                // Bots have no read marks, except in the name of a business account.
                let Some(connection) = &place.connection else {
                    return Ok(());
                };
                let id = message_id(external_id)?;
                let params = params(
                    json!({ "business_connection_id": connection, "chat_id": place.chat, "message_id": id }),
                );
                self.done("readBusinessMessage", &params).await
            }
            Action::AcknowledgeButton { external_id } => {
                let params = params(json!({ "callback_query_id": external_id }));
                // A press that is too old shows nothing any more that could be ended.
                forgive(
                    self.call("answerCallbackQuery", &params).await,
                    &["query is too old", "query id is invalid"],
                )
            }
            Action::RegisterWebhook { url } => self.register(url).await,
            Action::RemoveWebhook => {
                self.done("deleteWebhook", &params(json!({ "drop_pending_updates": false })))
                    .await
            }
            other => {
                let message = format!("this channel does not support {}", other.name());
                Err(Error::new(ErrorKind::Rejected, message).surely_not_sent())
            }
        }
    }

    /// Edits the text or the caption. Of a long text beside a file the text is a message of its own, which the core need
    /// not know: Telegram then says that there is no caption.
    async fn edit(&self, place: &ChatName, edit: &Edit<'_>, is_caption: bool) -> Result<()> {
        let first = self.edit_as(place, edit, is_caption).await;
        let other_way = &["no caption in the message", "no text in the message"];
        let outcome = match first {
            Err(fault) if fault.says(other_way) => self.edit_as(place, edit, !is_caption).await,
            outcome => outcome,
        };
        forgive(outcome, &["message is not modified"])
    }

    async fn edit_as(&self, place: &ChatName, edit: &Edit<'_>, is_caption: bool) -> Result<Value, Fault> {
        let (method, name, styles) = if is_caption {
            ("editMessageCaption", "caption", "caption_entities")
        } else {
            ("editMessageText", "text", "entities")
        };
        let mut params = params(json!({ "message_id": edit.id }));
        address(
            &mut params,
            &ChatName {
                topic: None,
                direct: None,
                ..place.clone()
            },
        );
        insert_text(&mut params, name, styles, edit.text, edit.spans);
        if let Some(markup) = markup(&edit.buttons, place)? {
            params.insert("reply_markup".to_owned(), markup);
        }
        match self.call(method, &params).await {
            Err(fault) if fault.says(&["can't parse entities"]) && strip_styles(&mut params) => {
                self.call(method, &params).await
            }
            outcome => outcome,
        }
    }

    async fn delete(&self, place: &ChatName, ids: &[i64]) -> Result<()> {
        let gone = &["to delete not found"];
        if let Some(connection) = &place.connection {
            for ids in ids.chunks(DELETE_MAX) {
                let params = params(json!({ "business_connection_id": connection, "message_ids": ids }));
                forgive(self.call("deleteBusinessMessages", &params).await, gone)?;
            }
            return Ok(());
        }
        // Several at once are deleted as far as possible, in silence; a single one says why it cannot be.
        if let [id] = ids {
            let params = params(json!({ "chat_id": place.chat, "message_id": id }));
            return forgive(self.call("deleteMessage", &params).await, gone);
        }
        for ids in ids.chunks(DELETE_MAX) {
            let params = params(json!({ "chat_id": place.chat, "message_ids": ids }));
            forgive(self.call("deleteMessages", &params).await, gone)?;
        }
        Ok(())
    }

    /// Registers the webhook and makes sure that Telegram has it.
    async fn register(&self, url: &str) -> Result<()> {
        if self.official {
            check_address(url)?;
        }
        let params = params(json!({
            "url": url,
            "secret_token": self.secret,
            "allowed_updates": ALLOWED_UPDATES,
            "max_connections": 40,
            "drop_pending_updates": false,
        }));
        self.done("setWebhook", &params).await?;
        let info: WebhookInfo = self.client.call("getWebhookInfo", &Params::new()).await?;
        if info.url == url {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Unavailable,
            "Telegram took the webhook's address but does not show it",
        ))
    }

    async fn call(&self, method: &str, params: &Params) -> Result<Value, Fault> {
        self.client.call(method, params).await
    }

    async fn done(&self, method: &str, params: &Params) -> Result<()> {
        Ok(self.call(method, params).await.map(|_| ())?)
    }
}

/// Takes a refusal for success if the wished-for state holds already.
fn forgive(outcome: Result<Value, Fault>, texts: &[&str]) -> Result<()> {
    match outcome {
        Err(fault) if fault.says(texts) => Ok(()),
        outcome => Ok(outcome.map(|_| ())?),
    }
}

fn check_address(url: &str) -> Result<()> {
    let url = Url::parse(url).ok().filter(|url| url.scheme() == "https");
    let port = url.as_ref().and_then(Url::port_or_known_default);
    if port.is_some_and(|port| PORTS.contains(&port)) {
        return Ok(());
    }
    let message = "Telegram sends webhooks only to https addresses with port 443, 80, 88 or 8443";
    Err(Error::new(ErrorKind::Rejected, message).surely_not_sent())
}

/// A keyboard that asks for something is not part of the message and cannot be edited.
fn inline_only(rows: &[Vec<Button>]) -> Vec<Vec<Button>> {
    let inline = |b: &&Button| matches!(b.action, ButtonAction::Reply { .. } | ButtonAction::Url { .. });
    rows.iter()
        .map(|row| row.iter().filter(inline).cloned().collect())
        .collect()
}

fn message_id(external_id: &str) -> Result<i64> {
    external_id.parse().map_err(|_| {
        Error::new(ErrorKind::Rejected, "this is no message that the bot has sent").surely_not_sent()
    })
}

fn params(value: Value) -> Params {
    match value {
        Value::Object(params) => params,
        _ => Params::new(),
    }
}
