//! One message: who wrote it, what it says, what it answers to.

use omnichat_core::channel::{InboundMessage, Person};
use omnichat_core::clock::Timestamp;
use omnichat_core::error::Result;
use omnichat_core::messages::{Button, ButtonAction, Live, Part, Span, SpanStyle};
use serde_json::Value;
use serde_json::value::RawValue;

use super::super::chat_name::ChatName;
use super::super::update::{Contact, Entity, Location, Message, ReplyMarkup};
use super::fields::Fields;
use super::people::{chat_name, full_name, user_name};
use super::{Envelope, Reader, media, notice, people, reply, rich};

pub(super) fn read(raw: &RawValue, member: &str) -> Result<Message> {
    super::read(raw, member)
}

/// Where a message was written and by whom, with what it reveals of the customer.
pub(super) fn envelope(message: &Message) -> Envelope {
    let place = place(message);
    let chat = &message.chat;
    let person = match &message.direct_messages_topic {
        Some(topic) => topic.user.as_ref().map(people::person),
        None if chat.is_private() => people::of_private(chat, message.from.as_ref()),
        None => people::member(chat, message.from.as_ref(), message.sender_chat.as_ref()),
    };
    let is_direct = message.direct_messages_topic.is_some();
    let is_customers = (chat.is_private() || is_direct) && !is_outgoing(message);
    let person = match is_customers {
        true => person.map(|person| revealed(person, message)),
        false => person,
    };
    Envelope::new(&place, Some(chat), person)
}

fn revealed(mut person: Person, message: &Message) -> Person {
    if let Some(payload) = message.text.as_deref().and_then(start_payload) {
        let attributes = &mut person.profile.attributes;
        attributes.insert("start".to_owned(), payload.to_owned());
    }
    match own_phone(message) {
        Some(phone) => people::with_phone(person, phone),
        None => person,
    }
}

fn place(message: &Message) -> ChatName {
    if let Some(topic) = &message.direct_messages_topic {
        return ChatName::direct(message.chat.id, topic.topic_id);
    }
    let topic = message.message_thread_id.filter(|_| message.is_topic_message);
    ChatName::new(message.chat.id, message.business_connection_id.clone(), topic)
}

/// What a message says. `raw` is the same message, to name what is not understood; `update_id` names one that has no number.
pub(super) fn content(
    reader: &Reader,
    message: Message,
    raw: &RawValue,
    update_id: i64,
) -> Result<InboundMessage> {
    let mut attachments = media::attachments(reader, &message);
    let mut part = part(&message);
    let (mut text, mut spans) = match (&message.text, &message.caption) {
        (Some(text), _) => (text.clone(), spans(&message.entities)),
        (None, Some(caption)) => (caption.clone(), spans(&message.caption_entities)),
        (None, None) => (String::new(), Vec::new()),
    };
    if let Some(rich) = message.rich_message.as_ref().map(|rich| rich::read(reader, rich)) {
        if text.is_empty() {
            (text, spans) = (rich.text, rich.spans);
        }
        attachments.extend(rich.files);
    }
    let says_nothing = message.text.as_deref().unwrap_or_default().is_empty()
        && (text.is_empty() || message.caption.is_some());
    // A caption alone says that something is there besides.
    if says_nothing && attachments.is_empty() && part.is_none() {
        let fields: Fields = super::read(raw, "message")?;
        part = notice::part(&fields);
    }
    let reply = reply::read(&message);
    Ok(InboundMessage {
        external_id: external_id(&message).unwrap_or_else(|| format!("update:{update_id}")),
        at: (message.date > 0).then(|| Timestamp::from_secs(message.date)),
        order: u64::try_from(message.message_id)
            .ok()
            .filter(|number| *number > 0),
        outgoing: is_outgoing(&message),
        author_name: author(&message),
        text,
        spans,
        attachments,
        buttons: message.reply_markup.as_ref().map(buttons).unwrap_or_default(),
        part,
        reply_to: reply.id,
        quote: reply.quote,
        original: reply.original,
        forwarded_from: reply::forwarded_from(&message),
        group: message.media_group_id,
        client_key: None,
    })
}

/// A message's number in its chat. What only one person sees has 0 there, and a number beside its receiver.
fn external_id(message: &Message) -> Option<String> {
    let sender = message.from.as_ref().map(|from| from.id);
    numbered(message.message_id, message.ephemeral_message_id, sender)
}

/// The same of a message that another one answers to.
pub(super) fn external_id_of(message: &Fields) -> Option<String> {
    let number = |name: &str| message.get(name).and_then(Value::as_i64);
    let sender = message
        .get("from")
        .and_then(|from| from.get("id"))
        .and_then(Value::as_i64);
    numbered(number("message_id")?, number("ephemeral_message_id"), sender)
}

fn numbered(number: i64, ephemeral: Option<i64>, sender: Option<i64>) -> Option<String> {
    match (number, ephemeral) {
        (0, None) => None,
        (0, Some(ephemeral)) => Some(format!("ephemeral:{}:{ephemeral}", sender.unwrap_or_default())),
        (number, _) => Some(number.to_string()),
    }
}

/// Written by the business itself: in chats of a business account, and in a channel's direct messages, only what the customer
/// wrote comes in.
fn is_outgoing(message: &Message) -> bool {
    if let Some(topic) = &message.direct_messages_topic {
        // The channel answers in its own name; whoever opened the topic is the customer.
        let customer = topic.user.as_ref().map_or(topic.topic_id, |user| user.id);
        return message.sender_chat.is_some()
            || message.from.as_ref().is_some_and(|from| from.id != customer);
    }
    message.business_connection_id.is_some()
        && message
            .from
            .as_ref()
            .is_some_and(|from| from.id != message.chat.id)
}

/// Under which name it was written, where that is not the person's: a bot in the name of a business, the business itself.
fn author(message: &Message) -> Option<String> {
    if let Some(bot) = &message.sender_business_bot {
        return Some(user_name(bot));
    }
    if !is_outgoing(message) {
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
            live: None,
        });
    }
    if let Some(place) = &message.location {
        return Some(Part::Location {
            latitude: place.latitude,
            longitude: place.longitude,
            title: None,
            address: None,
            live: live(message.date, place),
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

/// Whether and until when a place moves. Far beyond a day means that it moves until somebody ends it.
fn live(sent: i64, place: &Location) -> Option<Live> {
    let seconds = place.live_period.filter(|seconds| *seconds > 0)?;
    Some(Live {
        until: (seconds < i64::from(i32::MAX)).then(|| Timestamp::from_secs(sent.saturating_add(seconds))),
        heading: place.heading.filter(|degrees| (1..=360).contains(degrees)),
        ended: false,
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

/// Where somebody is to be found: the public page, else the address by which Telegram's programs know a person.
pub(super) fn person_url(user: &Value) -> Option<String> {
    let username = user
        .get("username")
        .and_then(Value::as_str)
        .filter(|name| !name.is_empty());
    match username {
        Some(username) => Some(format!("https://t.me/{username}")),
        None => user
            .get("id")
            .and_then(Value::as_i64)
            .map(|id| format!("tg://user?id={id}")),
    }
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
            "text_link" | "text_mention" => SpanStyle::Link,
            // Mentions, commands, addresses and the like can be seen in the text itself.
            _ => return None,
        };
        Some(Span {
            start: entity.offset,
            length: entity.length,
            style,
            url: entity
                .url
                .clone()
                .or_else(|| entity.user.as_ref().and_then(person_url)),
        })
    };
    entities.iter().filter_map(span).collect()
}

pub(super) fn buttons(markup: &ReplyMarkup) -> Vec<Vec<Button>> {
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
