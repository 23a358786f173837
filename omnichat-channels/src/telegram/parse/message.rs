//! One message: who wrote it, what it says, what it answers to.

use omnichat_core::channel::{InboundMessage, Profile};
use omnichat_core::clock::Timestamp;
use omnichat_core::error::Result;
use omnichat_core::messages::{Button, ButtonAction, Part, Span, SpanStyle};
use serde_json::value::RawValue;

use super::super::peer::Peer;
use super::super::update::{Contact, Entity, Message, Origin, ReplyMarkup};
use super::{Envelope, Reader, chat_name, full_name, malformed, media, profile, service, user_name};

pub(super) fn read(raw: &RawValue) -> Result<Message> {
    serde_json::from_str(raw.get()).map_err(malformed)
}

/// To whom a message belongs, with what it reveals of the customer.
pub(super) fn envelope(message: &Message) -> Envelope {
    let topic = message.message_thread_id.filter(|_| message.is_topic_message);
    let peer = Peer::new(message.chat.id, message.business_connection_id.clone(), topic);
    let mut profile = profile(&message.chat, message.from.as_ref());
    if message.chat.is_private() && !is_outgoing(message) {
        let known = profile.get_or_insert_default();
        if let Some(phone) = own_phone(message) {
            known.phone = Some(phone);
        }
        if let Some(payload) = message.text.as_deref().and_then(start_payload) {
            known.attributes.insert("start".to_owned(), payload.to_owned());
        }
    }
    Envelope {
        peer,
        profile: profile.filter(|p| *p != Profile::default()),
    }
}

/// What a message says. `raw` is the same message, to name what is not understood.
pub(super) fn content(reader: &Reader, message: Message, raw: &RawValue) -> Result<InboundMessage> {
    let attachments = media::attachments(reader, &message);
    let mut part = part(&message);
    let text = message
        .text
        .clone()
        .or_else(|| message.caption.clone())
        .unwrap_or_default();
    // A caption alone says that something is there which nobody here knows.
    if message.text.as_deref().unwrap_or_default().is_empty() && attachments.is_empty() && part.is_none() {
        part = Some(service::unsupported(raw)?);
    }
    let entities = if message.text.is_some() {
        &message.entities
    } else {
        &message.caption_entities
    };
    Ok(InboundMessage {
        external_id: message.message_id.to_string(),
        at: (message.date > 0).then(|| Timestamp::from_secs(message.date)),
        order: u64::try_from(message.message_id).ok(),
        outgoing: is_outgoing(&message),
        author_name: author(&message),
        spans: spans(entities),
        attachments,
        buttons: message.reply_markup.as_ref().map(buttons).unwrap_or_default(),
        part,
        reply_to: reply_to(&message),
        quote: quote(&message),
        forwarded_from: message.forward_origin.as_ref().map(origin_name),
        group: message.media_group_id,
        client_key: None,
        text,
    })
}

/// Written by the business account itself: in its chats only what the customer wrote comes in.
fn is_outgoing(message: &Message) -> bool {
    message.business_connection_id.is_some()
        && message
            .from
            .as_ref()
            .is_some_and(|from| from.id != message.chat.id)
}

/// Who wrote it, where that is not the customer: a member of a group, or the business account.
fn author(message: &Message) -> Option<String> {
    if let Some(bot) = &message.sender_business_bot {
        return Some(user_name(bot));
    }
    if message.chat.is_private() && !is_outgoing(message) {
        return None;
    }
    let sender_chat = message.sender_chat.as_ref().map(chat_name);
    sender_chat
        .or_else(|| message.from.as_ref().map(user_name))
        .filter(|name| !name.is_empty())
}

fn part(message: &Message) -> Option<Part> {
    if let Some(venue) = &message.venue {
        return Some(Part::Location {
            latitude: venue.location.latitude,
            longitude: venue.location.longitude,
            title: venue.title.clone(),
            address: venue.address.clone(),
        });
    }
    if let Some(place) = &message.location {
        return Some(Part::Location {
            latitude: place.latitude,
            longitude: place.longitude,
            title: None,
            address: None,
        });
    }
    if let Some(contact) = &message.contact {
        return Some(Part::Contact {
            name: contact_name(contact),
            phone: contact.phone_number.clone(),
        });
    }
    message.sticker.as_ref().map(|sticker| Part::Sticker {
        emoji: sticker.emoji.clone(),
    })
}

fn contact_name(contact: &Contact) -> String {
    full_name(&contact.first_name, contact.last_name.as_deref())
}

/// The customer's own number: Telegram vouches for it if the card is the sender's.
fn own_phone(message: &Message) -> Option<String> {
    let contact = message.contact.as_ref()?;
    if contact.user_id.is_none() || contact.user_id != message.from.as_ref().map(|from| from.id) {
        return None;
    }
    let phone = contact.phone_number.trim();
    let bare = !phone.is_empty() && phone.bytes().all(|b| b.is_ascii_digit());
    Some(if bare {
        format!("+{phone}")
    } else {
        phone.to_owned()
    })
}

/// What a link like `t.me/BOT?start=PAYLOAD` passed on.
fn start_payload(text: &str) -> Option<&str> {
    let (command, payload) = text.split_once(' ')?;
    let command = command.split('@').next().unwrap_or(command);
    (command == "/start" && !payload.trim().is_empty()).then(|| payload.trim())
}

fn reply_to(message: &Message) -> Option<String> {
    let replied = message.reply_to_message.as_ref()?;
    // In a group with topics every message hangs below the one that opened the topic.
    let opens_topic = message.is_topic_message && message.message_thread_id == Some(replied.message_id);
    (!opens_topic).then(|| replied.message_id.to_string())
}

/// What is quoted. Of a message in another chat at least whose it is, since nothing else shows that it is an answer.
fn quote(message: &Message) -> Option<String> {
    if let Some(quote) = message.quote.as_ref().filter(|quote| !quote.text.is_empty()) {
        return Some(quote.text.clone());
    }
    if let Some(external) = &message.external_reply {
        return external
            .origin
            .as_ref()
            .map(origin_name)
            .filter(|name| !name.is_empty());
    }
    let story = message.reply_to_story.as_ref()?;
    Some(
        match story.chat.as_ref().map(chat_name).filter(|name| !name.is_empty()) {
            Some(name) => format!("story: {name}"),
            None => "story".to_owned(),
        },
    )
}

fn origin_name(origin: &Origin) -> String {
    let chat = origin.sender_chat.as_ref().or(origin.chat.as_ref());
    let user = origin.sender_user.as_ref().map(user_name);
    user.or_else(|| origin.sender_user_name.clone())
        .or_else(|| chat.map(chat_name))
        .unwrap_or_default()
}

fn spans(entities: &[Entity]) -> Vec<Span> {
    let span = |entity: &Entity| {
        let style = match entity.kind.as_str() {
            "bold" => SpanStyle::Bold,
            "italic" => SpanStyle::Italic,
            "underline" => SpanStyle::Underline,
            "strikethrough" => SpanStyle::Strike,
            "spoiler" => SpanStyle::Spoiler,
            "code" => SpanStyle::Code,
            "pre" => SpanStyle::Pre,
            "blockquote" | "expandable_blockquote" => SpanStyle::Quote,
            "text_link" => SpanStyle::Link,
            // Mentions, commands, addresses and the like can be seen in the text itself.
            _ => return None,
        };
        Some(Span {
            start: entity.offset,
            length: entity.length,
            style,
            url: entity.url.clone(),
        })
    };
    entities.iter().filter_map(span).collect()
}

fn buttons(markup: &ReplyMarkup) -> Vec<Vec<Button>> {
    let rows = markup.inline_keyboard.iter().map(|row| {
        let button = |text: &str, data: &Option<String>, url: &Option<String>| {
            let action = match (data, url) {
                (Some(data), _) => ButtonAction::Reply { data: data.clone() },
                (None, Some(url)) => ButtonAction::Url { url: url.clone() },
                (None, None) => return None,
            };
            Some(Button {
                text: text.to_owned(),
                action,
            })
        };
        row.iter()
            .filter_map(|b| button(&b.text, &b.callback_data, &b.url))
            .collect::<Vec<_>>()
    });
    rows.filter(|row| !row.is_empty()).collect()
}
