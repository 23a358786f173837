//! Sends one request, and what Viber wants to be done where it refuses in a way that can be mended. Each remedy is tried once.

use omnichat_plugin_sdk::prelude::*;
use serde_json::Value;

use crate::client::Client;
use crate::error::{ASKS_TOO_LITTLE, Fault, NO_WEBHOOK, TOO_OLD};
use crate::render::Step;
use crate::webhook;

/// Sends a request; gives the message's token.
pub(crate) fn send(client: &Client<'_>, step: &Step) -> Result<String> {
    match attempt(client, step.body()) {
        Err(fault) if fault.status() == Some(ASKS_TOO_LITTLE) => match attempt(client, &step.raised()) {
            Err(fault) if fault.status() == Some(TOO_OLD) => plain(client, step, fault),
            sent => sent.map_err(Into::into),
        },
        Err(fault) if fault.status() == Some(TOO_OLD) => plain(client, step, fault),
        sent => sent.map_err(Into::into),
    }
}

/// A client that is too old for buttons gets the message without them.
fn plain(client: &Client<'_>, step: &Step, fault: Fault) -> Result<String> {
    match step.plain() {
        Some(plain) => attempt(client, &plain).map_err(Into::into),
        None => Err(fault.into()),
    }
}

/// Without a webhook nothing goes out: the one that was registered here is set again.
fn attempt(client: &Client<'_>, message: &Value) -> Result<String, Fault> {
    match client.send(message) {
        Err(fault) if fault.status() == Some(NO_WEBHOOK) => match webhook::restore(client) {
            Ok(true) => client.send(message),
            Ok(false) => Err(fault),
            // Another try may help; the message itself was refused.
            Err(error) if error.retryable => Err(error.not_sent().into()),
            Err(error) => {
                let because = format!(
                    "the bot has no webhook, and it cannot be set again: {}",
                    error.message
                );
                Err(PluginError::account_broken(because).into())
            }
        },
        sent => sent,
    }
}
