//! The address at which Viber calls this host. A bot has one, whoever set it last.

use omnichat_plugin_sdk::prelude::*;
use serde_json::json;

use crate::client::Client;

/// Where it is remembered which webhook is ours.
const KEY: &str = "webhook";
/// The callbacks that are asked for; messages and subscriptions come anyway.
const EVENTS: [&str; 7] = [
    "delivered",
    "seen",
    "failed",
    "subscribed",
    "unsubscribed",
    "conversation_started",
    "message",
];

/// Has callbacks sent to an address. May be repeated.
pub(crate) fn register(client: &Client<'_>, url: &str) -> Result<()> {
    set(client, url)?;
    host::kv::set(KEY, url.as_bytes(), None)
}

pub(crate) fn unregister(client: &Client<'_>) -> Result<()> {
    client.set_webhook(&json!({ "url": "" }))?;
    host::kv::delete(KEY)
}

/// Sets the webhook that was registered here once more; says whether there was one.
///
/// # Errors
/// Those of Viber.
pub(crate) fn restore(client: &Client<'_>) -> Result<bool> {
    match ours()? {
        Some(url) => set(client, &url).map(|()| true),
        None => Ok(false),
    }
}

/// Compares the webhook that Viber names with the one that was registered here, if any.
///
/// # Errors
/// `not-found` if there is none any more, `account-broken` if it is another system's.
pub(crate) fn check(found: &str) -> Result<()> {
    match ours()? {
        Some(url) if found.is_empty() => Err(PluginError::not_found(format!(
            "the bot's webhook has been removed, so that nothing arrives here: register it again as {url}"
        ))),
        Some(url) if url != found => Err(PluginError::account_broken(format!(
            "another system has taken the bot's messages by setting its own webhook, {found}: register this one again to take them back"
        ))),
        _ => Ok(()),
    }
}

/// Names are asked for; pictures are not, since nothing shows them.
fn set(client: &Client<'_>, url: &str) -> Result<()> {
    client.set_webhook(&json!({ "url": url, "event_types": EVENTS, "send_name": true, "send_photo": false }))
}

fn ours() -> Result<Option<String>> {
    let known = host::kv::get(KEY)?;
    Ok(known.and_then(|url| String::from_utf8(url).ok()))
}
