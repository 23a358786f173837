//! Users, messages and updates as they stand in answers and deliveries.

use serde_json::{Value, json};

use crate::clock::now;

/// All types of updates that a bot may choose.
pub(super) const UPDATE_TYPES: [&str; 15] = [
    "message_created",
    "message_callback",
    "message_edited",
    "message_removed",
    "bot_started",
    "bot_stopped",
    "bot_added",
    "bot_removed",
    "user_added",
    "user_removed",
    "dialog_cleared",
    "dialog_removed",
    "dialog_muted",
    "dialog_unmuted",
    "chat_title_changed",
];
/// The bot's own id.
pub(super) const BOT: i64 = 229_000_001;

/// The bot.
pub(super) fn bot() -> Value {
    json!({
        "user_id": BOT, "first_name": "Shop", "last_name": null, "username": "shop_bot", "is_bot": true,
        "last_activity_time": now(), "name": "Shop",
    })
}

/// A customer.
pub(super) fn user(id: i64, first_name: &str) -> Value {
    json!({
        "user_id": id, "first_name": first_name, "last_name": null, "username": null, "is_bot": false,
        "last_activity_time": now(), "name": first_name,
    })
}

/// A message in a dialog; `to` is the one who did not write it.
pub(super) fn message(sender: Value, chat: i64, to: i64, link: Option<Value>, body: Value) -> Value {
    let mut message = json!({
        "sender": sender, "recipient": {"chat_id": chat, "chat_type": "dialog", "user_id": to},
        "timestamp": now(), "body": body,
    });
    if let Some(link) = link {
        message["link"] = link;
    }
    message
}

/// `message_created` or `message_edited`.
pub(super) fn of_message(kind: &str, message: &Value) -> Value {
    json!({"update_type": kind, "timestamp": now(), "user_locale": "ru", "message": message})
}

pub(super) fn message_removed(mid: &str, chat: i64, user: i64) -> Value {
    json!({
        "update_type": "message_removed", "timestamp": now(), "message_id": mid, "chat_id": chat, "user_id": user,
    })
}

/// `message` is none if it has been removed.
pub(super) fn message_callback(id: &str, payload: &Value, user: Value, message: Option<&Value>) -> Value {
    json!({
        "update_type": "message_callback", "timestamp": now(), "user_locale": "ru", "message": message,
        "callback": {"timestamp": now(), "callback_id": id, "payload": payload, "user": user},
    })
}

/// `bot_started`, `bot_stopped`, `dialog_removed` and others about the dialog as a whole.
pub(super) fn of_dialog(kind: &str, chat: i64, user: Value) -> Value {
    json!({"update_type": kind, "timestamp": now(), "chat_id": chat, "user": user, "user_locale": "ru"})
}
