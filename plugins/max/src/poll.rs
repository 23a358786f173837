//! Long polling, for trying things out: MAX recommends webhooks.

use omnichat_plugin_sdk::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use crate::client::Client;
use crate::config::Mode;
use crate::error::Fault;
use crate::parse::{self, UPDATE_TYPES};
use crate::update::Update;
use crate::webhook::{subscriptions, unsubscribe};

/// How long MAX holds the request while there is no news, in seconds. Short of what the host gives a request.
const HOLD_S: u32 = 8;
/// How much later than promised an answer may come, in milliseconds.
const GRACE_MS: u32 = 5_000;
/// Two requests a second are allowed: after this long there is room again, in milliseconds.
const PAUSE_MS: u64 = 1_000;
/// Most updates of one answer.
const LIMIT: usize = 100;

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    updates: Vec<Value>,
    marker: Option<i64>,
}

/// One request. The cursor is MAX's marker.
pub(crate) fn poll(client: &Client<'_>, mode: Mode, cursor: Option<&str>) -> Result<PollBatch> {
    let marker = cursor.and_then(|cursor| cursor.parse::<i64>().ok());
    if marker.is_none() {
        clear_the_way(client, mode)?;
    }
    let mut path = format!(
        "/updates?limit={LIMIT}&timeout={HOLD_S}&types={}",
        UPDATE_TYPES.join(",")
    );
    if let Some(marker) = marker {
        path += &format!("&marker={marker}");
    }
    let answer: Answer = match client.get_within(&path, HOLD_S * 1000 + GRACE_MS) {
        Ok(answer) => answer,
        Err(fault) => return Err(unanswered(client, mode, fault)),
    };
    let mut batch = PollBatch {
        cursor: answer.marker.or(marker).map(|marker| marker.to_string()),
        more: answer.updates.len() >= LIMIT,
        ..PollBatch::default()
    };
    for update in answer.updates {
        // As a webhook would have brought it.
        let request = WebhookRequest::post(update.to_string());
        match request.json::<Update>().and_then(|read| parse::events(&read)) {
            Ok(events) => batch.events.extend(events),
            // One that cannot be read must not hold up those behind it.
            Err(error) => batch.unreadable.push(Unreadable {
                request,
                reason: error.message,
            }),
        }
    }
    Ok(batch)
}

/// Why a poll was not answered, and when to try again.
fn unanswered(client: &Client<'_>, mode: Mode, fault: Fault) -> PluginError {
    let status = match &fault {
        Fault::Api(error) => error.status,
        Fault::Other(_) => 0,
    };
    match status {
        429 => PluginError::from(fault).after_ms(PAUSE_MS),
        // A webhook may have been set since the polling began.
        400 | 403 | 405 | 409 => match clear_the_way(client, mode) {
            Ok(0) => fault.into(),
            Ok(_) => PluginError::unavailable("a webhook kept MAX from answering; it is removed")
                .after_ms(PAUSE_MS),
            Err(error) => error,
        },
        _ => fault.into(),
    }
}

/// A webhook keeps us from polling. It is removed if the settings say that this account polls; else it may be another
/// system's, whose messages must not be taken away in silence. Gives how many were removed.
fn clear_the_way(client: &Client<'_>, mode: Mode) -> Result<usize> {
    let urls = subscriptions(client)?;
    if mode != Mode::Polling && !urls.is_empty() {
        let message =
            "another program receives this bot's messages: remove its webhook or set receiving to polling";
        return Err(PluginError::account_broken(message));
    }
    urls.iter().try_for_each(|url| unsubscribe(client, url))?;
    Ok(urls.len())
}
