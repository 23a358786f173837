//! What is not a message: edits, deletions, signs of life, answers to buttons, the webhook.

use omnichat_plugin_sdk::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::client::Client;
use crate::error::Fault;
use crate::parse::UPDATE_TYPES;
use crate::render;

/// Where it is remembered which webhook is ours.
const WEBHOOK_KEY: &str = "webhook";

pub(crate) fn edit(client: &Client<'_>, action: &Action) -> Result<()> {
    let mut body = render::text(&action.text, &action.spans)?;
    let keyboard = render::keyboard(&action.buttons)?;
    // A list replaces all attachments, files included; without one they stay.
    if !action.is_caption {
        body.insert("attachments".to_owned(), keyboard.into_iter().collect());
    }
    let path = format!("/messages?message_id={}", percent_encode(action.external_id()?));
    Ok(client.act("PUT", &path, Some(&Value::Object(body)))?)
}

pub(crate) fn delete(client: &Client<'_>, action: &Action) -> Result<()> {
    for id in &action.external_ids {
        match client.act(
            "DELETE",
            &format!("/messages?message_id={}", percent_encode(id)),
            None,
        ) {
            // It is gone already.
            Err(Fault::Api(error)) if error.is_absent() => {}
            outcome => outcome?,
        }
    }
    Ok(())
}

/// Shows something in the chat for some seconds.
pub(crate) fn show(client: &Client<'_>, peer: &str, what: &str) -> Result<()> {
    let path = format!("/chats/{}/actions", percent_encode(peer));
    Ok(client.act("POST", &path, Some(&json!({ "action": what })))?)
}

/// Ends the waiting sign on a pressed button. One that is too old to be answered needs no answer.
pub(crate) fn acknowledge(client: &Client<'_>, press: &str) -> Result<()> {
    let path = format!("/answers?callback_id={}", percent_encode(press));
    match client.act("POST", &path, Some(&json!({}))) {
        Err(Fault::Api(error)) if matches!(error.status, 200 | 400 | 404) => Ok(()),
        outcome => Ok(outcome?),
    }
}

pub(crate) fn register(client: &Client<'_>, url: &str, secret: &str) -> Result<()> {
    let body = json!({ "url": url, "update_types": UPDATE_TYPES, "secret": secret });
    client.act("POST", "/subscriptions", Some(&body))?;
    host::kv::set(WEBHOOK_KEY, url.as_bytes(), None)
}

/// Removes the webhook that was registered here. If none is known, the bot has been moved: all of them.
pub(crate) fn unregister(client: &Client<'_>) -> Result<()> {
    let known = host::kv::get(WEBHOOK_KEY)?.and_then(|url| String::from_utf8(url).ok());
    let urls = match known {
        Some(url) => vec![url],
        None => subscriptions(client)?,
    };
    for url in urls {
        unsubscribe(client, &url)?;
    }
    host::kv::delete(WEBHOOK_KEY)
}

pub(crate) fn unsubscribe(client: &Client<'_>, url: &str) -> Result<()> {
    match client.act(
        "DELETE",
        &format!("/subscriptions?url={}", percent_encode(url)),
        None,
    ) {
        Err(Fault::Api(error)) if error.is_absent() => Ok(()),
        outcome => Ok(outcome?),
    }
}

#[derive(Deserialize)]
struct Subscriptions {
    #[serde(default)]
    subscriptions: Vec<Subscription>,
}

#[derive(Deserialize)]
struct Subscription {
    url: String,
}

/// The addresses to which MAX sends updates.
pub(crate) fn subscriptions(client: &Client<'_>) -> Result<Vec<String>> {
    let answer: Subscriptions = client.get("/subscriptions")?;
    Ok(answer
        .subscriptions
        .into_iter()
        .map(|subscription| subscription.url)
        .collect())
}
