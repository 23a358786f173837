//! What is no ordinary message: notices of the platform and kinds that nobody here knows. They are shown all the same.

use omnichat_core::channel::{Inbound, InboundEvent, InboundMessage};
use omnichat_core::clock::Timestamp;
use omnichat_core::error::Result;
use omnichat_core::messages::{Part, preview};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::super::peer::Peer;
use super::super::update::BusinessConnection;
use super::{Envelope, malformed, may_reply, person, user_name};

/// Members that say how a message was sent, not what it is.
const ENVELOPE: &[&str] = &[
    "author_signature",
    "business_connection_id",
    "caption",
    "caption_entities",
    "chat",
    "date",
    "direct_messages_topic",
    "edit_date",
    "effect_id",
    "entities",
    "external_reply",
    "forward_origin",
    "from",
    "has_media_spoiler",
    "has_protected_content",
    "is_automatic_forward",
    "is_from_offline",
    "is_paid_post",
    "is_topic_message",
    "left_chat_participant",
    "link_preview_options",
    "media_group_id",
    "message_id",
    "message_thread_id",
    "new_chat_member",
    "new_chat_participant",
    "paid_star_count",
    "quote",
    "reply_markup",
    "reply_to_checklist_task_id",
    "reply_to_message",
    "reply_to_story",
    "sender_boost_count",
    "sender_business_bot",
    "sender_chat",
    "show_caption_above_media",
    "suggested_post_info",
    "text",
    "via_bot",
];

/// What a message without known content is: the name of the member that is left, and what can be said of it.
pub(super) fn unsupported(raw: &RawValue) -> Result<Part> {
    let message: Map<String, Value> = serde_json::from_str(raw.get()).map_err(malformed)?;
    let left = message
        .iter()
        .find(|(name, value)| !ENVELOPE.contains(&name.as_str()) && !is_blank(value));
    Ok(match left {
        Some((kind, value)) => Part::Unsupported {
            kind: kind.clone(),
            summary: summary(kind, value),
        },
        None => Part::Unsupported {
            kind: "empty".to_owned(),
            summary: "a message without content".to_owned(),
        },
    })
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(set) => !set,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn summary(kind: &str, value: &Value) -> String {
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    let said = match kind {
        "poll" => text("question").to_owned(),
        "dice" => match value.get("value").and_then(Value::as_i64) {
            Some(points) => format!("{} {points}", text("emoji")),
            None => text("emoji").to_owned(),
        },
        "game" | "invoice" | "checklist" => text("title").to_owned(),
        "new_chat_members" => names(value.as_array().map(Vec::as_slice).unwrap_or_default()),
        "left_chat_member" => names(std::slice::from_ref(value)),
        "pinned_message" => match text("text") {
            "" => text("caption").to_owned(),
            text => text.to_owned(),
        },
        "forum_topic_created" | "forum_topic_edited" => text("name").to_owned(),
        _ => value.as_str().unwrap_or_default().to_owned(),
    };
    let name = kind.replace('_', " ");
    match preview(&said) {
        said if said.is_empty() => name,
        said => format!("{name}: {said}"),
    }
}

fn names(users: &[Value]) -> String {
    let name = |user: &Value| {
        let part = |name: &str| {
            user.get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        format!("{} {}", part("first_name"), part("last_name"))
            .trim()
            .to_owned()
    };
    users
        .iter()
        .map(name)
        .filter(|name| !name.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// A business account was connected to the bot, changed its rights, or was disconnected. Told in the owner's own chat,
/// since from now on nobody else would learn why answers fail.
pub(super) fn business_connection(connection: &BusinessConnection) -> Inbound {
    let summary = match (connection.is_enabled, may_reply(connection)) {
        (true, true) => "the business account is connected and may be answered for",
        (true, false) => "the business account is connected, but the bot has no right to answer",
        (false, _) => "the business account is disconnected",
    };
    let envelope = Envelope {
        peer: Peer::chat(connection.user_chat_id),
        profile: Some(person(&connection.user)),
    };
    let state = format!(
        "{}{}",
        u8::from(connection.is_enabled),
        u8::from(may_reply(connection))
    );
    envelope.with(InboundEvent::Message(InboundMessage {
        external_id: format!(
            "business_connection:{}:{}:{state}",
            connection.id, connection.date
        ),
        at: Some(Timestamp::from_secs(connection.date)),
        part: Some(Part::Unsupported {
            kind: "business_connection".to_owned(),
            summary: summary.to_owned(),
        }),
        author_name: Some(user_name(&connection.user)),
        ..InboundMessage::default()
    }))
}
