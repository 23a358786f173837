//! Inbound events.

use omnichat_core::channel::inbound::AttachmentSource;
use omnichat_core::channel::{
    Also, ChatInfo, Inbound, InboundAttachment, InboundEvent, InboundMessage, Original, Person, Profile,
};
use omnichat_core::chats::ChatKind;
use omnichat_core::contacts::Scope;
use omnichat_core::messages::{AttachmentKind, DeliveryState, Fact, Live, NoticeKind, Part};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::channel_world::exports::omnichat::plugin::channel as wit;
use super::types::{
    buttons_from_wit, contact_from_wit, file_kind_from_wit, lacking, location_from_wit, span_from_wit, time,
    unknown,
};
use crate::outcome::PluginError;

type Result<T> = std::result::Result<T, PluginError>;

/// What an event says in its `extra`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct EventExtra {
    /// Of `reaction-counts`: each emoji with how many have chosen it.
    counts: Vec<(String, u32)>,
}

/// What a message says in its `extra`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct MessageExtra {
    original: Option<Original>,
    notice: Option<Notice>,
    live: Option<Live>,
}

#[derive(Deserialize)]
struct Notice {
    kind: NoticeKind,
    #[serde(default)]
    title: String,
    #[serde(default)]
    facts: Vec<Fact>,
}

fn extra<T: DeserializeOwned + Default>(extra: &str) -> Result<T> {
    document(extra, "extra")
}

/// A document of a plugin; an empty text is an empty one.
fn document<T: DeserializeOwned + Default>(text: &str, member: &str) -> Result<T> {
    if text.trim().is_empty() {
        return Ok(T::default());
    }
    serde_json::from_str(text).map_err(|error| {
        PluginError::new(
            "malformed",
            format!("the plugin's «{member}» cannot be read: {error}"),
        )
    })
}

/// All events of a list. One of several external ids becomes several.
pub(super) fn events(list: Vec<wit::InboundEvent>) -> Result<Vec<Inbound>> {
    let mut events = Vec::with_capacity(list.len());
    for event in list {
        let chat = chat(event.chat.clone())?;
        let person = event.person.clone().map(person).transpose()?;
        let told = |event| Inbound {
            chat: chat.clone(),
            person: person.clone(),
            event,
        };
        events.extend(kinds(event)?.into_iter().map(told));
    }
    Ok(events)
}

fn kinds(event: wit::InboundEvent) -> Result<Vec<InboundEvent>> {
    let kind = event.kind.as_str();
    let one = match kind {
        "message" => InboundEvent::Message(message(event.message.ok_or_else(|| lacking(kind, "message"))?)?),
        "edited" => InboundEvent::Edited {
            message: message(event.message.ok_or_else(|| lacking(kind, "message"))?)?,
            at: time(event.at.ok_or_else(|| lacking(kind, "at"))?),
        },
        "deleted" => InboundEvent::Deleted {
            external_ids: some(event.external_ids, kind)?,
            at: event.at.map(time),
        },
        "receipt" => {
            let state = match event.value.as_deref() {
                Some("sent") => DeliveryState::Sent,
                Some("delivered") => DeliveryState::Delivered,
                Some("read") => DeliveryState::Read,
                Some("failed") => DeliveryState::Failed,
                other => return Err(unknown("a receipt", other.unwrap_or_default())),
            };
            return Ok(some(event.external_ids, kind)?
                .into_iter()
                .map(|external_id| InboundEvent::Receipt {
                    external_id,
                    state,
                    reason: event.reason.clone(),
                })
                .collect());
        }
        "read" => InboundEvent::ReadUpTo {
            at: time(event.at.ok_or_else(|| lacking(kind, "at"))?),
        },
        "reactions" => InboundEvent::Reactions {
            external_id: first(event.external_ids, kind)?,
            emoji: event.values,
        },
        "reaction-counts" => InboundEvent::ReactionCounts {
            counts: extra::<EventExtra>(&event.extra)?.counts,
            external_id: first(event.external_ids, kind)?,
        },
        "button" => {
            let mut ids = some(event.external_ids, kind)?.into_iter();
            InboundEvent::ButtonPressed {
                external_id: ids.next().unwrap_or_default(),
                message_external_id: ids.next(),
                data: event.value.ok_or_else(|| lacking(kind, "value"))?,
                title: event.values.into_iter().next(),
                at: event.at.map(time),
            }
        }
        "typing" => InboundEvent::Typing {
            on: switch("typing", event.value.as_deref(), "on", "off")?,
        },
        "reachable" => InboundEvent::Reachable {
            reachable: switch("reachable", event.value.as_deref(), "yes", "no")?,
            at: event.at.map(time),
        },
        "migrated" => InboundEvent::Migrated {
            new_chat: event.value.ok_or_else(|| lacking(kind, "value"))?,
        },
        other => return Err(unknown("an event", other)),
    };
    Ok(vec![one])
}

fn some(ids: Vec<String>, kind: &str) -> Result<Vec<String>> {
    if ids.is_empty() {
        Err(lacking(kind, "external-ids"))
    } else {
        Ok(ids)
    }
}

fn first(ids: Vec<String>, kind: &str) -> Result<String> {
    ids.into_iter()
        .next()
        .ok_or_else(|| lacking(kind, "external-ids"))
}

fn switch(kind: &str, value: Option<&str>, on: &str, off: &str) -> Result<bool> {
    match value {
        Some(value) if value == on => Ok(true),
        Some(value) if value == off => Ok(false),
        other => Err(unknown(&format!("an event «{kind}»"), other.unwrap_or_default())),
    }
}

fn chat(chat: wit::Chat) -> Result<ChatInfo> {
    let kind = match chat.kind.as_str() {
        "" => ChatKind::Private,
        kind => ChatKind::from_name(kind).ok_or_else(|| unknown("a chat", kind))?,
    };
    Ok(ChatInfo {
        id: chat.id,
        kind,
        title: chat.title,
        context: document(&chat.context, "context")?,
        route: chat.route.into_iter().collect(),
    })
}

fn person(person: wit::Person) -> Result<Person> {
    let also = |(scope, id): (String, String)| {
        Ok(Also {
            scope: scope_of(&scope)?,
            id,
        })
    };
    Ok(Person {
        id: person.id,
        scope: scope_of(&person.scope)?,
        claimed: person.claimed,
        also: person.also.into_iter().map(also).collect::<Result<_>>()?,
        profile: Profile {
            name: person.name,
            username: person.username,
            email: person.email,
            phone: person.phone,
            locale: person.locale,
            attributes: person.attributes.into_iter().collect(),
        },
    })
}

fn scope_of(scope: &str) -> Result<Scope> {
    match scope {
        "" => Ok(Scope::Inbox),
        scope => scope.parse().map_err(|_| unknown("a scope", scope)),
    }
}

fn message(message: wit::InboundMessage) -> Result<InboundMessage> {
    let extra: MessageExtra = extra(&message.extra)?;
    let mut attachments: Vec<InboundAttachment> =
        message.files.into_iter().map(file).collect::<Result<_>>()?;
    let known = if let Some(location) = message.location {
        Some(location_from_wit(location, extra.live))
    } else if let Some(contact) = message.contact {
        Some(contact_from_wit(contact))
    } else if let Some(emoji) = message.sticker {
        let emoji = Some(emoji).filter(|emoji| !emoji.is_empty());
        Some(Part::Sticker { emoji })
    } else {
        extra.notice.map(|notice| Part::Notice {
            kind: notice.kind,
            title: notice.title,
            facts: notice.facts,
        })
    };
    let part = match (known, message.unsupported) {
        (Some(known), Some(kind)) => {
            // What is understood comes first; what is not stands beside it.
            attachments.push(not_understood(kind));
            Some(known)
        }
        (None, Some(kind)) => Some(Part::Unsupported {
            kind,
            summary: String::new(),
        }),
        (known, None) => known,
    };
    Ok(InboundMessage {
        external_id: message.external_id,
        at: message.at.map(time),
        order: message.order,
        outgoing: message.outgoing,
        author_name: message.author_name,
        text: message.text,
        spans: message
            .spans
            .into_iter()
            .map(span_from_wit)
            .collect::<Result<_>>()?,
        attachments,
        buttons: buttons_from_wit(message.buttons)?,
        part,
        reply_to: message.reply_to,
        quote: message.quote,
        original: extra.original,
        forwarded_from: message.forwarded_from,
        group: message.group,
        client_key: None,
    })
}

fn file(file: wit::InboundFile) -> Result<InboundAttachment> {
    let kind = file_kind_from_wit(&file.kind)?;
    Ok(InboundAttachment {
        kind,
        name: if file.name.is_empty() {
            kind.name().to_owned()
        } else {
            file.name
        },
        content_type: file.content_type,
        size: file.size,
        width: file.width,
        height: file.height,
        duration_ms: file.duration_ms,
        // The same handle is the same file. Another one may be, too: then it is fetched again, and nothing is lost.
        identity: file.remote.clone(),
        source: match (file.remote, file.missing) {
            (Some(remote), _) => AttachmentSource::Remote(remote),
            (None, Some(reason)) => AttachmentSource::Missing(reason),
            (None, None) => AttachmentSource::Missing("the platform does not give the file".to_owned()),
        },
    })
}

/// Something beside what is understood, as a file that is not to be had: a message has one special part at most.
fn not_understood(kind: String) -> InboundAttachment {
    InboundAttachment {
        kind: AttachmentKind::Document,
        name: kind,
        content_type: "application/octet-stream".to_owned(),
        size: None,
        width: None,
        height: None,
        duration_ms: None,
        identity: None,
        source: AttachmentSource::Missing("this kind of attachment is not known here".to_owned()),
    }
}

#[cfg(test)]
#[path = "events_tests.rs"]
mod tests;
