//! What a message answers to, and whose words it passes on.

use omnichat_core::channel::Original;
use omnichat_core::messages::Part;
use serde_json::Value;

use super::super::update::{Message, Origin};
use super::fields::{Fields, name_of, text};
use super::people::{chat_name, user_name};
use super::{message, notice};

/// Members that hold content, with what it is here.
const KINDS: &[(&str, &str)] = &[
    // An animation is also given as a document, a venue also as a location.
    ("animation", "animation"),
    ("photo", "image"),
    ("live_photo", "image"),
    ("video", "video"),
    ("video_note", "video_note"),
    ("voice", "voice"),
    ("audio", "audio"),
    ("document", "document"),
    ("sticker", "sticker"),
    ("venue", "location"),
    ("location", "location"),
    ("contact", "contact"),
];

/// What a message answers to.
#[derive(Default)]
pub(super) struct Reply {
    /// The id of the message, in the same chat.
    pub(super) id: Option<String>,
    pub(super) quote: Option<String>,
    pub(super) original: Option<Original>,
}

/// Reads what a message answers to: a message of its chat, one of another, or a story.
pub(super) fn read(message: &Message) -> Reply {
    let quote = message.quote.as_ref().map(|quote| quote.text.clone());
    let quote = quote.filter(|quote| !quote.is_empty());
    if let Some(replied) = message
        .reply_to_message
        .as_ref()
        .filter(|one| !opens_topic(message, one))
    {
        return Reply {
            id: message::external_id_of(replied),
            quote,
            original: Some(original(replied)),
        };
    }
    if let Some(external) = &message.external_reply {
        let origin = external.get("origin").cloned().unwrap_or_default();
        let author = serde_json::from_value::<Origin>(origin).map(|origin| origin_name(&origin));
        let chat = external.get("chat").map(name_of);
        let author = author.ok().filter(|name| !name.is_empty()).or(chat);
        return Reply {
            id: None,
            quote,
            original: Some(Original {
                author_name: author.unwrap_or_default(),
                ..original(external)
            }),
        };
    }
    if let Some(story) = &message.reply_to_story {
        let owner = story.chat.as_ref().map(chat_name).unwrap_or_default();
        return Reply {
            id: None,
            quote,
            original: Some(Original {
                author_name: owner,
                text: String::new(),
                kind: "story".to_owned(),
            }),
        };
    }
    Reply {
        quote,
        ..Reply::default()
    }
}

/// In a group with topics every message hangs below the one that opened the topic.
fn opens_topic(message: &Message, replied: &Fields) -> bool {
    message.is_topic_message
        && message.message_thread_id.is_some()
        && replied.get("message_id").and_then(Value::as_i64) == message.message_thread_id
}

/// What is told of the original.
fn original(replied: &Fields) -> Original {
    let member = |name: &str| replied.get(name).filter(|value| !value.is_null());
    let said = |name: &str| member(name).and_then(Value::as_str).unwrap_or_default();
    let author = member("sender_chat").or_else(|| member("from"));
    let words = match (said("text"), said("caption")) {
        ("", caption) => caption,
        (text, _) => text,
    };
    let content = KINDS.iter().find_map(|(name, kind)| Some((*kind, member(name)?)));
    let (kind, named) = match (content, notice::notice(replied)) {
        (Some((kind, value)), _) => {
            let names = ["file_name", "title", "first_name", "emoji"];
            let named = names
                .iter()
                .map(|name| text(value, name))
                .find(|name| !name.is_empty());
            (kind, named.unwrap_or_default().to_owned())
        }
        (None, Some(Part::Notice { kind, title, .. })) => (kind.name(), title),
        _ if words.is_empty() => ("", String::new()),
        _ => ("text", String::new()),
    };
    Original {
        author_name: author.map(name_of).unwrap_or_default(),
        text: if words.is_empty() { named } else { words.to_owned() },
        kind: kind.to_owned(),
    }
}

/// Whose words are passed on, as new and as old servers tell it.
pub(super) fn forwarded_from(message: &Message) -> Option<String> {
    let origin = message.forward_origin.as_ref().map(origin_name);
    let known = |name: &String| !name.is_empty();
    origin
        .filter(known)
        .or_else(|| message.forward_from.as_ref().map(user_name).filter(known))
        .or_else(|| message.forward_sender_name.clone().filter(known))
        .or_else(|| {
            let chat = message.forward_from_chat.as_ref().map(chat_name).filter(known)?;
            Some(signed(chat, message.forward_signature.as_deref()))
        })
}

fn origin_name(origin: &Origin) -> String {
    let chat = origin.sender_chat.as_ref().or(origin.chat.as_ref());
    let user = origin.sender_user.as_ref().map(user_name);
    user.or_else(|| origin.sender_user_name.clone())
        .or_else(|| chat.map(|chat| signed(chat_name(chat), origin.author_signature.as_deref())))
        .unwrap_or_default()
}

fn signed(chat: String, signature: Option<&str>) -> String {
    match signature.map(str::trim).filter(|signature| !signature.is_empty()) {
        Some(signature) => format!("{chat} ({signature})"),
        None => chat,
    }
}
