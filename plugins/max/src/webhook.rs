//! The subscription by which MAX calls this host.

use omnichat_plugin_sdk::prelude::*;
use serde::Deserialize;
use serde_json::json;

use crate::client::Client;
use crate::error::Fault;
use crate::parse::UPDATE_TYPES;

/// Where it is remembered which webhook is ours.
const KEY: &str = "webhook";
/// What stands in this host's addresses before the inbox.
const PLACE: &str = "/webhooks/";

/// Has updates sent to an address, and no longer to where this inbox was before. May be repeated: MAX then takes the same
/// subscription anew.
pub(crate) fn register(client: &Client<'_>, url: &str, secret: &str) -> Result<()> {
    let body = json!({ "url": url, "update_types": UPDATE_TYPES, "secret": secret });
    client.act("POST", "/subscriptions", Some(&body))?;
    let before = ours()?;
    let is_left_over =
        |other: &String| *other != url && (before.as_ref() == Some(other) || is_same_inbox(other, url));
    for other in subscriptions(client)?.iter().filter(|other| is_left_over(other)) {
        unsubscribe(client, other)?;
    }
    host::kv::set(KEY, url.as_bytes(), None)
}

/// Removes the webhook that was registered here. If none is known, the bot has been moved: all of them.
pub(crate) fn unregister(client: &Client<'_>) -> Result<()> {
    let urls = match ours()? {
        Some(url) => vec![url],
        None => subscriptions(client)?,
    };
    for url in urls {
        unsubscribe(client, &url)?;
    }
    host::kv::delete(KEY)
}

/// Whether the webhook that was registered here, if any, is still there.
///
/// # Errors
/// `not-found` if it is not.
pub(crate) fn check(client: &Client<'_>) -> Result<()> {
    match ours()? {
        Some(url) if !subscriptions(client)?.contains(&url) => Err(PluginError::not_found(
            "MAX has removed the webhook, as it does after 8 hours in which nothing could be delivered: register it again",
        )),
        _ => Ok(()),
    }
}

fn ours() -> Result<Option<String>> {
    let known = host::kv::get(KEY)?;
    Ok(known.and_then(|url| String::from_utf8(url).ok()))
}

/// Whether two addresses belong to one inbox: this host has been given another name.
fn is_same_inbox(one: &str, other: &str) -> bool {
    let place = |url: &str| url.rfind(PLACE).map(|at| url[at..].to_owned());
    place(one).is_some_and(|found| place(other) == Some(found))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inbox_is_known_again_at_another_address() {
        let new = "https://new.example.org/webhooks/ib_1";
        assert!(is_same_inbox("https://old.example.org/chat/webhooks/ib_1", new));
        assert!(!is_same_inbox("https://old.example.org/webhooks/ib_2", new));
        assert!(!is_same_inbox("https://shop.example.org/max", new));
        assert!(!is_same_inbox(
            "https://a.example.org/w",
            "https://b.example.org/w"
        ));
    }
}
