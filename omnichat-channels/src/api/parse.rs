//! From what the other system sends to what happened, in the words of the core. The words are nearly the same: the format
//! is ours, and `docs.md` describes it.

use omnichat_core::channel::inbound::AttachmentSource;
use omnichat_core::channel::{ChatInfo, Inbound, InboundAttachment, InboundEvent, InboundMessage, Person};
use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::limits;
use omnichat_core::messages::{AttachmentKind, Button, DeliveryState, Part, Span};
use omnichat_core::text::beginning;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

/// Longest id, of a chat or a message, in bytes.
const ID_MAX: usize = 255;
/// Most files of a message.
const ATTACHMENTS_MAX: usize = 20;

/// What every event says, as the other system sends it. What it says besides depends on its type.
#[derive(Deserialize)]
struct Head {
    #[serde(rename = "type")]
    kind: Kind,
    /// Its id, or all of it.
    chat: Value,
    #[serde(default)]
    person: Option<Person>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Message,
    Edited,
    Deleted,
    Receipt,
    Read,
    Typing,
    Reaction,
    Button,
    Reachable,
}

#[derive(Deserialize)]
struct Deleted {
    ids: Vec<String>,
    at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Progress {
    id: String,
    state: Receipt,
    reason: Option<String>,
}

#[derive(Deserialize)]
struct Read {
    at: Timestamp,
}

#[derive(Deserialize)]
struct Typing {
    on: bool,
}

#[derive(Deserialize)]
struct Reaction {
    id: String,
    emoji: Vec<String>,
}

#[derive(Deserialize)]
struct Press {
    id: String,
    message_id: Option<String>,
    data: String,
    title: Option<String>,
    at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Reachable {
    reachable: bool,
    at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Message {
    id: String,
    at: Option<Timestamp>,
    order: Option<u64>,
    #[serde(default)]
    outgoing: bool,
    author_name: Option<String>,
    #[serde(default)]
    text: String,
    #[serde(default)]
    spans: Vec<Span>,
    #[serde(default)]
    attachments: Vec<Attachment>,
    #[serde(default)]
    buttons: Vec<Vec<Button>>,
    location: Option<Location>,
    contact: Option<Contact>,
    reply_to: Option<String>,
    quote: Option<String>,
    forwarded_from: Option<String>,
    group: Option<String>,
}

#[derive(Deserialize)]
struct Attachment {
    url: Url,
    name: Option<String>,
    content_type: Option<String>,
    kind: Option<AttachmentKind>,
    size: Option<u64>,
    width: Option<u32>,
    height: Option<u32>,
    duration_ms: Option<u64>,
}

#[derive(Deserialize)]
struct Location {
    latitude: f64,
    longitude: f64,
    title: Option<String>,
    address: Option<String>,
}

#[derive(Deserialize)]
struct Contact {
    name: String,
    phone: String,
}

/// How far a message of ours got at the other system.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Receipt {
    Sent,
    Delivered,
    Read,
    Failed,
}

/// Reads one event, or a list of them.
///
/// # Errors
/// `Malformed` for what is no JSON, `Invalid` with the path of the field for what does not follow the format: unlike a platform's,
/// this one is ours, so that what is unknown in it is a mistake that its author wants to see.
pub(super) fn events(body: &[u8]) -> Result<Vec<Inbound>> {
    let document: Value = serde_json::from_slice(body)
        .map_err(|error| Error::new(ErrorKind::Malformed, format!("this is no event: {error}")))?;
    match document {
        Value::Array(events) => {
            let events = events.iter().enumerate();
            events
                .map(|(index, event)| inbound(event, &format!("[{index}].")))
                .collect()
        }
        event => Ok(vec![inbound(&event, "")?]),
    }
}

/// One event; `above` is its path in the document, for what is wrong with it.
fn inbound(document: &Value, above: &str) -> Result<Inbound> {
    let head: Head = read(document, above)?;
    let checked = |what: &str, id: String| checked(&format!("{above}{what}"), id);
    let chat = chat(&head.chat, above)?;
    let event = match head.kind {
        Kind::Message => InboundEvent::Message(read::<Message>(document, above)?.into_inbound(above)?),
        Kind::Edited => {
            let message: Message = read(document, above)?;
            let at = message
                .at
                .ok_or_else(|| wrong(&format!("{above}at"), "an edit needs its time"))?;
            // The message keeps its place: the time is that of the edit.
            InboundEvent::Edited {
                message: InboundMessage {
                    at: None,
                    ..message.into_inbound(above)?
                },
                at,
            }
        }
        Kind::Deleted => {
            let Deleted { ids, at } = read(document, above)?;
            let ids = ids
                .into_iter()
                .map(|id| checked("ids", id))
                .collect::<Result<_>>()?;
            InboundEvent::Deleted {
                external_ids: ids,
                at,
            }
        }
        Kind::Receipt => {
            let Progress { id, state, reason } = read(document, above)?;
            let state = match state {
                Receipt::Sent => DeliveryState::Sent,
                Receipt::Delivered => DeliveryState::Delivered,
                Receipt::Read => DeliveryState::Read,
                Receipt::Failed => DeliveryState::Failed,
            };
            InboundEvent::Receipt {
                external_id: checked("id", id)?,
                state,
                reason,
            }
        }
        Kind::Read => InboundEvent::ReadUpTo {
            at: read::<Read>(document, above)?.at,
        },
        Kind::Typing => InboundEvent::Typing {
            on: read::<Typing>(document, above)?.on,
        },
        Kind::Reaction => {
            let Reaction { id, emoji } = read(document, above)?;
            InboundEvent::Reactions {
                external_id: checked("id", id)?,
                emoji,
            }
        }
        Kind::Button => {
            let press: Press = read(document, above)?;
            InboundEvent::ButtonPressed {
                external_id: checked("id", press.id)?,
                message_external_id: press.message_id,
                data: press.data,
                title: press.title,
                at: press.at,
            }
        }
        Kind::Reachable => {
            let Reachable { reachable, at } = read(document, above)?;
            InboundEvent::Reachable { reachable, at }
        }
    };
    Ok(Inbound {
        chat,
        person: head.person,
        event,
    })
}

/// The chat of an event, which is told by its id where there is no more to say.
fn chat(told: &Value, above: &str) -> Result<ChatInfo> {
    let (path, chat) = match told {
        Value::String(id) => ("chat", ChatInfo::private(id)),
        told => ("chat.id", read(told, &format!("{above}chat."))?),
    };
    checked(&format!("{above}{path}"), chat.id.clone())?;
    Ok(chat)
}

fn read<'a, T: Deserialize<'a>>(document: &'a Value, above: &str) -> Result<T> {
    serde_path_to_error::deserialize(document)
        .map_err(|error| malformed(&format!("{above}{}", error.path()), error.inner()))
}

fn malformed(path: &str, error: &serde_json::Error) -> Error {
    match path.trim_end_matches('.') {
        "" => Error::invalid(format!("this is no event: {error}")),
        path => wrong(path, &error.to_string()),
    }
}

fn wrong(path: &str, message: &str) -> Error {
    let error = Error::invalid(format!("this is no event: {path}: {message}"));
    error.with_field(path, "invalid", message)
}

impl Message {
    fn into_inbound(self, above: &str) -> Result<InboundMessage> {
        let wrong = |what: &str, message: &str| wrong(&format!("{above}{what}"), message);
        if self.attachments.len() > ATTACHMENTS_MAX {
            return Err(wrong("attachments", "a message may have 20 at most"));
        }
        let part = match (self.location, self.contact) {
            (Some(_), Some(_)) => {
                return Err(wrong(
                    "contact",
                    "a message may have a location or a contact, not both",
                ));
            }
            (
                Some(Location {
                    latitude,
                    longitude,
                    title,
                    address,
                }),
                None,
            ) => Some(Part::Location {
                latitude,
                longitude,
                title,
                address,
                live: None,
            }),
            (None, Some(Contact { name, phone })) => Some(Part::Contact { name, phone }),
            (None, None) => None,
        };
        if self.text.trim().is_empty() && self.attachments.is_empty() && part.is_none() {
            let message = "the message is empty: it has neither text nor attachments, location or contact";
            return Err(wrong("text", message));
        }
        Ok(InboundMessage {
            external_id: checked(&format!("{above}id"), self.id)?,
            at: self.at,
            order: self.order,
            outgoing: self.outgoing,
            author_name: self.author_name,
            text: self.text,
            spans: self.spans,
            attachments: self
                .attachments
                .into_iter()
                .enumerate()
                .map(|(index, one)| one.into_inbound(&format!("{above}attachments[{index}].")))
                .collect::<Result<_>>()?,
            buttons: self.buttons,
            part,
            reply_to: self.reply_to,
            quote: self.quote,
            original: None,
            forwarded_from: self.forwarded_from,
            group: self.group,
            client_key: None,
        })
    }
}

impl Attachment {
    fn into_inbound(self, above: &str) -> Result<InboundAttachment> {
        if !matches!(self.url.scheme(), "http" | "https") {
            return Err(wrong(
                &format!("{above}url"),
                "it must begin with http:// or https://",
            ));
        }
        let content_type = self
            .content_type
            .unwrap_or_else(|| "application/octet-stream".to_owned());
        let last = self
            .url
            .path_segments()
            .and_then(|mut segments| segments.next_back());
        let name = self
            .name
            .or_else(|| last.map(|name| beginning(name, limits::FILE_NAME).to_owned()))
            .filter(|name| !name.is_empty());
        Ok(InboundAttachment {
            kind: self
                .kind
                .unwrap_or_else(|| AttachmentKind::of_content_type(&content_type)),
            name: name.unwrap_or_else(|| "file".to_owned()),
            content_type,
            size: self.size,
            width: self.width,
            height: self.height,
            duration_ms: self.duration_ms,
            // Long addresses are signed for a time and differ each time.
            identity: (self.url.as_str().len() <= limits::ID).then(|| self.url.to_string()),
            source: AttachmentSource::Remote(self.url.into()),
        })
    }
}

fn checked(path: &str, id: String) -> Result<String> {
    if id.is_empty() || id.len() > ID_MAX || id.chars().any(char::is_control) {
        let message = format!("it must have between 1 and {ID_MAX} bytes and no control characters");
        return Err(wrong(path, &message));
    }
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::path::Path;

    #[test]
    fn every_example_is_understood() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api/testdata");
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        assert!(files.len() >= 12);
        for path in files {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            insta::assert_json_snapshot!(name, events(&std::fs::read(&path).unwrap()).unwrap());
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (body, field, says) in [
            (r#"{"type":"message","chat":"u1"}"#, "", "missing field `id`"),
            (r#"{"type":"message","id":"1","chat":"u1"}"#, "text", "empty"),
            (
                r#"{"type":"message","id":"1","chat":"","text":"x"}"#,
                "chat",
                "255 bytes",
            ),
            (
                r#"{"type":"message","id":"","chat":"u1","text":"x"}"#,
                "id",
                "255 bytes",
            ),
            (
                r#"{"type":"letter","id":"1","chat":"u1"}"#,
                "type",
                "unknown variant `letter`",
            ),
            (
                r#"[{"type":"typing","chat":"u1","on":true},{"type":"message","id":"1","chat":"u1","text":"x","attachments":[{"url":1}]}]"#,
                "[1].attachments[0].url",
                "invalid type",
            ),
            (
                r#"[{"type":"message","id":"1","chat":"u1","attachments":[{"url":"file:///etc/passwd"}]}]"#,
                "[0].attachments[0].url",
                "http://",
            ),
            (
                r#"{"type":"edited","id":"1","chat":"u1","text":"x"}"#,
                "at",
                "its time",
            ),
            (
                r#"{"type":"receipt","id":"1","chat":"u1","state":"lost"}"#,
                "state",
                "unknown variant `lost`",
            ),
        ] {
            let error = events(body.as_bytes()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid, "{body}");
            assert!(error.message().contains(says), "{body}: {error}");
            let named = error.fields().first().map_or("", |fault| &fault.field);
            assert_eq!(named, field, "{body}");
        }
        assert_eq!(events(b"").unwrap_err().kind(), ErrorKind::Malformed);
    }

    #[test]
    fn a_signed_address_may_be_long() {
        let url = format!(
            "https://example.org/{}?signature={}",
            "n".repeat(300),
            "s".repeat(2_000)
        );
        let body = serde_json::json!({ "type": "message", "id": "1", "chat": "u1", "attachments": [{ "url": url }] });
        let events = events(body.to_string().as_bytes()).unwrap();
        let InboundEvent::Message(message) = &events[0].event else {
            panic!("no message")
        };
        let file = &message.attachments[0];
        assert_eq!((file.identity.as_deref(), file.name.len()), (None, 255));
    }

    proptest! {
        #[test]
        fn garbage_never_panics(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = events(&body);
        }

        #[test]
        fn any_text_survives(text in "\\PC{1,200}") {
            prop_assume!(!text.trim().is_empty());
            let body = serde_json::json!({ "type": "message", "id": "1", "chat": "u1", "text": text });
            let events = events(body.to_string().as_bytes()).unwrap();
            let InboundEvent::Message(message) = &events[0].event else { panic!("no message") };
            prop_assert_eq!(&message.text, &text);
        }
    }
}
