//! The events as they stand in the bodies of deliveries.

use serde_json::{Value, json};

use crate::clock::now;

use super::state::Person;

/// All events that a bot may choose; the first three cannot be left out.
pub(super) const EVENT_TYPES: [&str; 8] = [
    "message",
    "subscribed",
    "unsubscribed",
    "conversation_started",
    "delivered",
    "seen",
    "failed",
    "client_status",
];
/// How many of them come whether the bot chose them or not.
pub(super) const MANDATORY: usize = 3;
/// A machine of the platform, as answers and events name one.
pub(super) const HOSTNAME: &str = "SN-CHAT-05_";

/// A customer as events show one; without `named` only what the platform shows to bots that asked for no names.
pub(super) fn user(id: &str, person: &Person, named: bool) -> Value {
    let mut user = json!({"id": id, "language": "ru", "country": "RU", "api_version": person.api_version});
    if named {
        user["name"] = person.name.as_str().into();
    }
    user
}

pub(super) fn handshake(token: u64) -> Value {
    json!({"event": "webhook", "timestamp": now(), "chat_hostname": HOSTNAME, "message_token": token})
}

pub(super) fn message(token: u64, sender: Value, message: Value) -> Value {
    json!({
        "event": "message", "timestamp": now(), "chat_hostname": HOSTNAME, "message_token": token,
        "sender": sender, "message": message, "silent": false,
    })
}

pub(super) fn conversation_started(
    token: u64,
    user: Value,
    context: Option<&str>,
    subscribed: bool,
) -> Value {
    let mut event = json!({
        "event": "conversation_started", "timestamp": now(), "chat_hostname": HOSTNAME, "message_token": token,
        "type": "open", "user": user, "subscribed": subscribed,
    });
    if let Some(context) = context {
        event["context"] = context.into();
    }
    event
}

pub(super) fn subscribed(token: u64, user: Value) -> Value {
    json!({
        "event": "subscribed", "timestamp": now(), "chat_hostname": HOSTNAME, "user": user, "message_token": token,
    })
}

pub(super) fn unsubscribed(token: u64, id: &str) -> Value {
    json!({
        "event": "unsubscribed", "timestamp": now(), "chat_hostname": HOSTNAME, "user_id": id, "message_token": token,
    })
}

/// `delivered`, `seen` or `failed`, which carry the token of the message that they are about.
pub(super) fn receipt(kind: &str, token: u64, id: &str, desc: Option<&str>) -> Value {
    let mut event = json!({
        "event": kind, "timestamp": now(), "chat_hostname": HOSTNAME, "message_token": token, "user_id": id,
    });
    if let Some(desc) = desc {
        event["desc"] = desc.into();
    }
    event
}
