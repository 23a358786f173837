//! Long polling: asks Telegram for news and tells how far it got.

use std::time::Duration;

use omnichat_core::channel::{PollBatch, Unreadable, WebhookRequest};
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::id::InboxId;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::actions::WebhookInfo;
use super::client::{Client, Params};
use super::config::Mode;
use super::error::Fault;
use super::parse::{ALLOWED_UPDATES, Reader};

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
            let update_id = self.read(update, &mut batch)?;
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

    /// Reads one update. One that cannot be read must not hold up those behind it: it goes into quarantine.
    fn read(&self, update: &RawValue, batch: &mut PollBatch) -> Result<i64> {
        match self.reader.update(update.get().as_bytes()) {
            Ok(parsed) => {
                batch.events.extend(parsed.events);
                Ok(parsed.update_id)
            }
            Err(error) => {
                let number: Number = serde_json::from_str(update.get()).map_err(|_| {
                    Error::new(ErrorKind::Malformed, "Telegram gives something that is no update")
                })?;
                batch.unreadable.push(Unreadable {
                    request: WebhookRequest::post(update.get().to_owned()),
                    reason: error.message().to_owned(),
                });
                Ok(number.update_id)
            }
        }
    }
}

/// The least that an update has.
#[derive(Deserialize)]
struct Number {
    update_id: i64,
}
