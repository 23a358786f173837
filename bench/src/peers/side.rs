//! A back end under load, and how it is asked.

use std::sync::atomic::AtomicU64;

use anyhow::{Context, Result};
use futures::future::try_join_all;
use serde_json::json;

use super::{CONNECTIONS, CONVERSATIONS, TEXT};
use crate::host::Host;

/// One of those that are compared.
pub(super) struct Side {
    /// What the report calls it.
    pub(super) name: &'static str,
    /// Host and port.
    pub(super) address: String,
    /// The header `authorization` of an operator who may see and answer everything.
    pub(super) bearer: String,
    /// Where messages go: a path for each conversation.
    pub(super) sends: Vec<String>,
    /// The body of the message of this number.
    pub(super) body: fn(u64) -> String,
    /// The status which says that a message was stored, and was not there before.
    pub(super) stored: u16,
    /// Where the latest fifty conversations are.
    pub(super) list: &'static str,
    /// Messages sent so far, over all turns: each has a number of its own.
    pub(super) sent: AtomicU64,
}

/// A host whose sandbox has so many customers, each of whom has written. A sandbox has no platform behind it: a message that is
/// stored has arrived, as it has in the usual stack.
pub(super) async fn omnichat(name: &'static str, host: &Host) -> Result<Side> {
    let token = host.set_up().await?;
    let body = json!({ "kind": "sandbox", "title": "Peers", "config": {}, "routing": "manual" });
    let inbox = host
        .call("POST", "/api/v1/inboxes", Some(&token), Some(&body))
        .await?;
    let inbox = inbox["id"].as_str().context("no inbox id")?;
    let path = format!("/api/v1/inboxes/{inbox}/simulate");
    let mut sends = Vec::with_capacity(CONVERSATIONS);
    while sends.len() < CONVERSATIONS {
        let some = sends.len()..(sends.len() + CONNECTIONS).min(CONVERSATIONS);
        let written = try_join_all(some.map(|customer| write(host, &token, &path, customer))).await?;
        sends.extend(
            written
                .iter()
                .map(|id| format!("/api/v1/conversations/{id}/messages")),
        );
    }
    Ok(Side {
        name,
        address: host.address.clone(),
        bearer: format!("Bearer {token}"),
        sends,
        body: |number| format!(r#"{{"client_key":"peers-{number:08}","kind":"reply","text":"{TEXT}"}}"#),
        stored: 202,
        list: "/api/v1/conversations?limit=50",
        sent: AtomicU64::new(0),
    })
}

/// A customer writes for the first time; the id of the conversation.
async fn write(host: &Host, token: &str, path: &str, customer: usize) -> Result<String> {
    let body = json!({
        "chat": format!("customer-{customer}"), "name": format!("Customer {customer}"), "action": "message", "text": TEXT,
    });
    let heard = host.call("POST", path, Some(token), Some(&body)).await?;
    let id = heard["conversation_id"].as_str();
    Ok(id.context("the conversation is not there")?.to_owned())
}
