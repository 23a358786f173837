//! From what the core asks for to what the other system gets: one JSON object for each request.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::TryStreamExt;
use omnichat_core::channel::{Action, Outbound, OutboundFile};
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::id::InboxId;
use omnichat_core::messages::Part;
use serde_json::{Map, Value, json};

/// Largest file, in bytes. Files stand in the JSON itself, so that one signature covers everything.
pub(super) const FILE_MAX: u64 = 10 * 1024 * 1024;
/// Largest sum of a message's files, in bytes.
const FILES_MAX: u64 = 25 * 1024 * 1024;

/// A message, its files included.
///
/// # Errors
/// `Rejected` if the files are too large; what our own storage says if it fails. Both surely not sent.
pub(super) async fn message(inbox: InboxId, message: &Outbound) -> Result<Value> {
    let total = message
        .files
        .iter()
        .fold(0_u64, |sum, file| sum.saturating_add(file.size));
    if total > FILES_MAX {
        let message = format!(
            "the files of one message may have {} MB together",
            FILES_MAX / (1024 * 1024)
        );
        return Err(Error::new(ErrorKind::Rejected, message).surely_not_sent());
    }
    let mut attachments = Vec::with_capacity(message.files.len());
    for file in &message.files {
        attachments.push(attachment(file).await?);
    }
    let (location, contact) = match &message.part {
        Some(Part::Location {
            latitude,
            longitude,
            title,
            address,
            ..
        }) => (
            Some(json!({ "latitude": latitude, "longitude": longitude, "title": title, "address": address })),
            None,
        ),
        Some(Part::Contact { name, phone }) => (None, Some(json!({ "name": name, "phone": phone }))),
        _ => (None, None),
    };
    Ok(event(
        "message",
        inbox,
        json!({
            "id": message.id.to_string(),
            "chat": message.chat,
            "route": message.route,
            "author_name": message.author_name,
            "text": message.text,
            "spans": message.spans,
            "attachments": attachments,
            "buttons": message.buttons,
            "location": location,
            "contact": contact,
            "reply_to": message.reply_to,
        }),
    ))
}

/// An action; none if there is nothing to tell the other system.
pub(super) fn action(inbox: InboxId, action: &Action) -> Result<Option<Value>> {
    let (kind, body) = match action {
        Action::Edit {
            chat,
            route,
            external_id,
            text,
            spans,
            buttons,
            ..
        } => (
            "edited",
            json!({
                "id": external_id, "chat": chat, "route": route, "text": text, "spans": spans, "buttons": buttons,
            }),
        ),
        Action::Delete {
            chat,
            route,
            external_ids,
        } => (
            "deleted",
            json!({ "ids": external_ids, "chat": chat, "route": route }),
        ),
        Action::Typing { chat, route } => ("typing", json!({ "chat": chat, "route": route })),
        Action::MarkRead {
            chat,
            route,
            external_id,
        } => ("read", json!({ "id": external_id, "chat": chat, "route": route })),
        // The press was answered when its webhook was.
        Action::AcknowledgeButton { .. } => return Ok(None),
        other => {
            let message = format!("this channel does not support {}", other.name());
            return Err(Error::new(ErrorKind::Rejected, message).surely_not_sent());
        }
    };
    Ok(Some(event(kind, inbox, body)))
}

/// A question whether the other system listens and accepts our signature.
pub(super) fn ping(inbox: InboxId) -> Value {
    event("ping", inbox, json!({}))
}

/// The common members; those that are absent or empty are left out.
fn event(kind: &str, inbox: InboxId, body: Value) -> Value {
    let mut event = Map::new();
    event.insert("type".to_owned(), kind.into());
    event.insert("inbox_id".to_owned(), inbox.to_string().into());
    if let Value::Object(members) = body {
        event.extend(members.into_iter().filter(|(_, value)| !is_empty(value)));
    }
    Value::Object(event)
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

async fn attachment(file: &OutboundFile) -> Result<Value> {
    if file.size > FILE_MAX {
        let message = format!("a file may have {} MB at most", FILE_MAX / (1024 * 1024));
        return Err(Error::new(ErrorKind::Rejected, message).surely_not_sent());
    }
    let mut stream = file.source.open().await.map_err(Error::surely_not_sent)?;
    let mut bytes = Vec::with_capacity(usize::try_from(file.size).unwrap_or_default());
    while let Some(chunk) = stream.try_next().await.map_err(Error::surely_not_sent)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > file.size {
            return Err(Error::internal("a stored file is longer than its record says").surely_not_sent());
        }
    }
    Ok(json!({
        "kind": file.kind,
        "name": file.name,
        "content_type": file.content_type,
        "size": file.size,
        "sha256": file.digest,
        "data": STANDARD.encode(bytes),
    }))
}
