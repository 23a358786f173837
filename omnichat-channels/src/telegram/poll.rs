//! Long polling: asks Telegram for news and tells how far it got.

use std::time::Duration;

use omnichat_core::channel::{Inbound, InboundEvent, InboundMessage, PollBatch};
use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::id::InboxId;
use omnichat_core::messages::Part;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::actions::WebhookInfo;
use super::client::{Client, Params};
use super::config::Mode;
use super::error::Fault;
use super::parse::{ALLOWED_UPDATES, Parsed, Reader};
use super::peer::Peer;

/// Most updates of one answer.
const LIMIT: usize = 100;
/// How much later than promised an answer may come.
const GRACE: Duration = Duration::from_secs(15);

/// What polling needs to know of an account.
pub(super) struct Poll<'a> {
    pub(super) client: &'a Client,
    pub(super) reader: Reader,
    pub(super) inbox: InboxId,
    pub(super) mode: Mode,
    /// Seconds that Telegram may hold the request.
    pub(super) timeout_s: u32,
}

impl Poll<'_> {
    /// One request. The cursor is the number of the first update that is wanted; one that cannot be read asks for
    /// everything that is still kept, which does no harm, since events happen once by their ids.
    pub(super) async fn run(&self, cursor: Option<&str>) -> Result<PollBatch> {
        let offset = cursor.and_then(|cursor| cursor.parse::<i64>().ok());
        let updates = match self.updates(offset).await {
            Err(fault) if fault.says(&["webhook is active"]) => {
                self.remove_foreign_webhook(fault).await?;
                self.updates(offset).await?
            }
            outcome => outcome?,
        };
        let mut batch = PollBatch {
            cursor: cursor.map(str::to_owned),
            ..PollBatch::default()
        };
        batch.more = updates.len() >= LIMIT;
        for update in &updates {
            let Parsed { update_id, events } = self.read(update)?;
            batch.events.extend(events);
            batch.cursor = Some(update_id.saturating_add(1).to_string());
        }
        Ok(batch)
    }

    async fn updates(&self, offset: Option<i64>) -> Result<Vec<Box<RawValue>>, Fault> {
        let mut params = Params::new();
        if let Some(offset) = offset {
            params.insert("offset".to_owned(), offset.into());
        }
        params.insert("limit".to_owned(), LIMIT.into());
        params.insert("timeout".to_owned(), self.timeout_s.into());
        params.insert("allowed_updates".to_owned(), json!(ALLOWED_UPDATES));
        let patience = Duration::from_secs(self.timeout_s.into()) + GRACE;
        self.client.call_within("getUpdates", &params, patience).await
    }

    /// A webhook keeps us from polling. It is removed if the settings say that this account polls, or if it is one that
    /// this inbox registered earlier; else it may be another system's, whose messages we must not take away in silence.
    async fn remove_foreign_webhook(&self, fault: Fault) -> Result<()> {
        if self.mode != Mode::Polling {
            let info: WebhookInfo = self.client.call("getWebhookInfo", &Params::new()).await?;
            if !info.url.contains(&self.inbox.to_string()) {
                return Err(
                    Error::from(fault).with("advice", "remove the webhook or set receiving to polling")
                );
            }
        }
        let mut params = Params::new();
        params.insert("drop_pending_updates".to_owned(), false.into());
        let _: bool = self.client.call("deleteWebhook", &params).await?;
        Ok(())
    }

    /// Reads one update. One that cannot be read must not hold up those behind it: it is shown as far as it can be.
    fn read(&self, update: &RawValue) -> Result<Parsed> {
        self.reader.update(update.get().as_bytes()).or_else(|error| {
            tracing::warn!(inbox.id = %self.inbox, error = error.message(), "an update cannot be read");
            salvage(update)
        })
    }
}

#[derive(Deserialize)]
struct Outline {
    update_id: i64,
    message: Option<MessageOutline>,
    business_message: Option<MessageOutline>,
}

#[derive(Deserialize)]
struct MessageOutline {
    message_id: i64,
    #[serde(default)]
    date: i64,
    business_connection_id: Option<String>,
    chat: ChatOutline,
}

#[derive(Deserialize)]
struct ChatOutline {
    id: i64,
}

#[derive(Deserialize)]
struct Number {
    update_id: i64,
}

/// What is left of an update that cannot be read: that there was a message, or only its number.
fn salvage(update: &RawValue) -> Result<Parsed> {
    if let Ok(outline) = serde_json::from_str::<Outline>(update.get()) {
        let message = outline.message.or(outline.business_message);
        let events = message.map(unreadable).into_iter().collect();
        return Ok(Parsed {
            update_id: outline.update_id,
            events,
        });
    }
    let number: Number = serde_json::from_str(update.get())
        .map_err(|_| Error::new(ErrorKind::Malformed, "Telegram gives something that is no update"))?;
    Ok(Parsed {
        update_id: number.update_id,
        events: Vec::new(),
    })
}

fn unreadable(message: MessageOutline) -> Inbound {
    let peer = Peer::new(message.chat.id, message.business_connection_id, None);
    let summary = "a message of Telegram that could not be read".to_owned();
    Inbound {
        peer: peer.to_string(),
        profile: None,
        route: peer.route(),
        event: InboundEvent::Message(InboundMessage {
            external_id: message.message_id.to_string(),
            at: (message.date > 0).then(|| Timestamp::from_secs(message.date)),
            order: u64::try_from(message.message_id).ok(),
            part: Some(Part::Unsupported {
                kind: "unreadable".to_owned(),
                summary,
            }),
            ..InboundMessage::default()
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).unwrap()
    }

    #[test]
    fn of_an_unreadable_update_at_least_the_message_is_shown() {
        let parsed = salvage(&raw(
            r#"{"update_id":5,"message":{"message_id":7,"chat":{"id":9},"text":{}}}"#,
        ))
        .unwrap();
        assert_eq!(parsed.update_id, 5);
        assert_eq!(parsed.events[0].peer, "9");
        let parsed = salvage(&raw(r#"{"update_id":6,"message":{"chat":{}}}"#)).unwrap();
        assert_eq!((parsed.update_id, parsed.events.len()), (6, 0));
        assert!(salvage(&raw("[]")).is_err());
    }
}
