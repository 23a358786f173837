//! From updates to events. Pure.
//!
//! MAX gives updates no id and announces that it repeats them. A message is known by its `mid`, an edit by its time besides, a
//! press by its `callback_id`; the rest says what holds from then on.

use omnichat_plugin_sdk::prelude::*;

use crate::attachment;
use crate::chat;
use crate::markup;
use crate::update::{Body, Link, Message, Update, User};

/// The updates that are asked for. That a customer has emptied a dialog (`dialog_cleared`) changes nothing for us: the bot may
/// go on writing there.
pub(crate) const UPDATE_TYPES: [&str; 10] = [
    "message_created",
    "message_callback",
    "message_edited",
    "message_removed",
    "bot_started",
    "bot_stopped",
    "dialog_removed",
    "bot_added",
    "bot_removed",
    "chat_title_changed",
];

/// The events of an update. One that is not known is no event.
///
/// # Errors
/// `malformed` if it does not say which chat it concerns.
pub(crate) fn events(update: &Update) -> Result<Vec<InboundEvent>> {
    let event = match update.update_type.as_str() {
        "message_created"
            if update
                .message
                .as_ref()
                .is_none_or(|message| message.body.is_none()) =>
        {
            withheld(update)
        }
        "message_created" => message(update)?,
        "message_edited" => {
            let (chat, content, person) = content(update)?;
            let at = update.timestamp.or(content.at).unwrap_or_default();
            InboundEvent::edited(chat, content, at).by(person)
        }
        "message_removed" => {
            let id = update
                .message_id
                .clone()
                .ok_or_else(|| lacks("the message's id"))?;
            InboundEvent::deleted(place(update)?, vec![id]).at(update.timestamp)
        }
        "message_callback" => pressed(update)?,
        "bot_started" => return started(update),
        "bot_stopped" | "dialog_removed" | "bot_removed" => reachable(update, false)?,
        "bot_added" => {
            let (kind, title) = match update.is_channel {
                Some(true) => ("channel", "Channel"),
                _ => ("group", "Group"),
            };
            let mut event = reachable(update, true)?;
            event.chat.kind = kind.to_owned();
            event.chat.title = Some(title.to_owned());
            event
        }
        "chat_title_changed" => {
            let mut event = reachable(update, true)?;
            event.chat.kind = "group".to_owned();
            event.chat.title = update.title.clone().filter(|title| !title.is_empty());
            event
        }
        _ => return Ok(Vec::new()),
    };
    Ok(vec![event])
}

fn reachable(update: &Update, yes: bool) -> Result<InboundEvent> {
    Ok(InboundEvent::reachable(place(update)?, yes).at(update.timestamp))
}

/// Pressing «start» lets the bot write, and is the first thing that a customer says: what a conversation begins with. It has
/// no id of its own; its time serves.
fn started(update: &Update) -> Result<Vec<InboundEvent>> {
    let payload = update.payload.as_deref().filter(|payload| !payload.is_empty());
    let user = update.user.as_ref();
    let person = user.map(|user| person(user, update.user_locale.as_deref(), payload));
    let reached = reachable(update, true)?.by(person.clone());
    let said = InboundMessage {
        external_id: format!("start:{}", update.timestamp.unwrap_or_default()),
        at: update.timestamp,
        text: payload.map_or_else(|| "/start".to_owned(), |payload| format!("/start {payload}")),
        ..InboundMessage::default()
    };
    let said = InboundEvent::message(reached.chat.clone(), said).by(person);
    Ok(vec![reached, said])
}

fn message(update: &Update) -> Result<InboundEvent> {
    let (chat, content, person) = content(update)?;
    Ok(InboundEvent::message(chat, content).by(person))
}

/// MAX says that there is a message and does not hand it out, as it does with voice messages of some of its programs. It is told,
/// since the customer waits for an answer; where it is not said who that is, in a chat of its own.
fn withheld(update: &Update) -> InboundEvent {
    let message = update.message.as_ref();
    let known = message.and_then(|message| chat_of(message).ok());
    let chat = known.or_else(|| place(update).ok().map(Chat::from));
    let sender = message
        .and_then(|message| message.sender.as_ref())
        .or(update.user.as_ref());
    let person = match (&chat, sender) {
        (_, Some(user)) => Some(person(user, update.user_locale.as_deref(), None)),
        (Some(_), None) => None,
        (None, None) => Some(Person {
            name: "MAX".to_owned(),
            ..Person::default()
        }),
    };
    let mut said = InboundMessage {
        external_id: format!("withheld:{}", update.timestamp.unwrap_or_default()),
        at: message.and_then(|message| message.timestamp).or(update.timestamp),
        ..InboundMessage::default()
    };
    said.tell_notice("withheld", "", &[]);
    InboundEvent::message(chat.unwrap_or_else(|| chat::NOBODY.into()), said).by(person)
}

/// The chat, the message and who wrote it, unless that is a bot in the name of the business.
fn content(update: &Update) -> Result<(Chat, InboundMessage, Option<Person>)> {
    let message = update.message.as_ref().ok_or_else(|| lacks("a message"))?;
    let chat = chat_of(message)?;
    let body = message
        .body
        .as_ref()
        .ok_or_else(|| lacks("the message's content"))?;
    let mid = body
        .mid
        .clone()
        .filter(|mid| !mid.is_empty())
        .ok_or_else(|| lacks("the message's id"))?;
    let in_dialog = is_dialog(message);
    let sender = message.sender.as_ref();
    let mut read = InboundMessage {
        external_id: mid,
        at: message.timestamp.or(update.timestamp),
        order: body.seq,
        // The other side of a dialog is a person.
        outgoing: in_dialog && sender.is_some_and(|user| user.is_bot),
        ..InboundMessage::default()
    };
    if read.outgoing {
        read.author_name = sender.map(User::full_name).filter(|name| !name.is_empty());
    }
    let mut phone = fill(&mut read, body, sender);
    if let Some(link) = &message.link {
        phone = phone.or(follow(&mut read, link));
    }
    let person = sender.filter(|_| !read.outgoing).map(|user| Person {
        phone,
        ..person(user, update.user_locale.as_deref(), None)
    });
    Ok((chat, read, person))
}

/// Adds what a body holds. Gives the sender's own phone number, if it is a card of the sender.
fn fill(read: &mut InboundMessage, body: &Body, sender: Option<&User>) -> Option<String> {
    if let Some(text) = body.text.as_deref().filter(|text| !text.is_empty()) {
        read.text = text.to_owned();
        read.spans = body.markup.iter().flatten().filter_map(markup::span).collect();
    }
    let mut phone = None;
    for value in body.attachments.iter().flatten() {
        phone = phone.or(attachment::read(read, value, sender.map(|user| user.user_id)));
    }
    phone
}

/// An answer names its message; what is passed on stands in the link.
fn follow(read: &mut InboundMessage, link: &Link) -> Option<String> {
    let linked = link.message.as_ref();
    match link.kind.as_deref() {
        Some("reply") => {
            read.reply_to = linked.and_then(|body| body.mid.clone());
            if let Some(body) = linked {
                tell_original(read, body, link.sender.as_ref());
            }
            None
        }
        Some("forward") => {
            let name = link
                .sender
                .as_ref()
                .map(User::full_name)
                .filter(|name| !name.is_empty());
            read.forwarded_from = Some(name.unwrap_or_else(|| "MAX".to_owned()));
            let own = std::mem::take(&mut read.text);
            let own_spans = std::mem::take(&mut read.spans);
            if let Some(body) = linked {
                fill(read, body, None);
            }
            if !own.is_empty() && own != read.text {
                let joined = format!("{own}\n\n{}", read.text);
                let moved = u32::try_from(utf16_len(&own) + 2).unwrap_or_default();
                for span in &mut read.spans {
                    span.start += moved;
                }
                read.spans.splice(0..0, own_spans);
                read.text = joined.trim_end().to_owned();
            }
            None
        }
        _ => None,
    }
}

/// What is told of the message that is answered to: it may be one that the host does not know.
fn tell_original(read: &mut InboundMessage, body: &Body, sender: Option<&User>) {
    let kind = |kind: &str| match kind {
        "image" => Some("image"),
        "video" => Some("video"),
        "audio" => Some("voice"),
        "file" => Some("document"),
        "sticker" => Some("sticker"),
        "contact" => Some("contact"),
        "location" => Some("location"),
        _ => None,
    };
    let text = body.text.as_deref().unwrap_or_default();
    let attached = body.attachments.iter().flatten();
    let kind = attached
        .filter_map(|attachment| attachment.get("type")?.as_str())
        .find_map(kind)
        .unwrap_or(if text.is_empty() { "" } else { "text" });
    let author = sender.map(User::full_name).unwrap_or_default();
    read.tell_original(&author, text, kind);
}

/// A pressed button. If the message with the button is gone, MAX does not tell the chat either, but who pressed.
fn pressed(update: &Update) -> Result<InboundEvent> {
    let callback = update.callback.as_ref().ok_or_else(|| lacks("a callback"))?;
    let body = update.message.as_ref().and_then(|message| message.body.as_ref());
    let user = callback.user.as_ref();
    let (chat, mid) = match &update.message {
        Some(message) => {
            let in_dialog = user.filter(|_| is_dialog(message));
            let id = match (message.recipient.chat_id, in_dialog) {
                (Some(id), _) => id.to_string(),
                (None, Some(user)) => chat::person(user.user_id),
                (None, None) => return Err(lacks("the chat")),
            };
            (kept(message, id), body.and_then(|body| body.mid.clone()))
        }
        None => {
            let user = user.ok_or_else(|| lacks("who pressed"))?;
            (Chat::from(chat::person(user.user_id)), None)
        }
    };
    let data = callback.payload.clone().unwrap_or_default();
    let label = body.and_then(|body| label(body, &data));
    let person = user.map(|user| person(user, update.user_locale.as_deref(), None));
    Ok(
        InboundEvent::button(chat, callback.callback_id.clone(), mid, data)
            .labelled(label)
            .at(callback.timestamp.or(update.timestamp))
            .by(person),
    )
}

/// The label of the button with this data.
fn label(body: &Body, data: &str) -> Option<String> {
    let keyboards = body
        .attachments
        .iter()
        .flatten()
        .filter_map(|one| one.get("payload")?.get("buttons")?.as_array());
    let mut buttons = keyboards.flatten().filter_map(|row| row.as_array()).flatten();
    let pressed = buttons.find(|button| button.get("payload").and_then(|own| own.as_str()) == Some(data))?;
    pressed.get("text")?.as_str().map(str::to_owned)
}

fn is_dialog(message: &Message) -> bool {
    message
        .recipient
        .chat_type
        .as_deref()
        .is_none_or(|kind| kind == "dialog")
}

/// Somebody; an id means the same person for every bot.
fn person(user: &User, locale: Option<&str>, context: Option<&str>) -> Person {
    let context = context.filter(|context| !context.is_empty());
    Person {
        name: user.full_name(),
        username: user.username.clone().filter(|name| !name.is_empty()),
        locale: locale.filter(|locale| !locale.is_empty()).map(str::to_owned),
        attributes: context
            .map(|context| ("link_context".to_owned(), context.to_owned()))
            .into_iter()
            .collect(),
        ..Person::on_platform("max", user.user_id.to_string())
    }
}

/// The chat of a message. Where a dialog's is not told, whoever is at its other end is known.
fn chat_of(message: &Message) -> Result<Chat> {
    if let Some(id) = message.recipient.chat_id {
        return Ok(kept(message, id.to_string()));
    }
    let sender = message.sender.as_ref().filter(|_| is_dialog(message));
    let customer = match sender {
        Some(bot) if bot.is_bot => message.recipient.user_id,
        other => other.map(|user| user.user_id),
    };
    let customer = customer.ok_or_else(|| lacks("the chat"))?;
    Ok(kept(message, chat::person(customer)))
}

/// The chat of a message under its id.
fn kept(message: &Message, id: String) -> Chat {
    match message.recipient.chat_type.as_deref() {
        None | Some("dialog") => Chat::private(id),
        Some("channel") => Chat {
            kind: "channel".to_owned(),
            ..Chat::private(id)
        },
        Some(_) => Chat::group(id, None),
    }
}

/// The chat of an update without a message, or else the person.
fn place(update: &Update) -> Result<String> {
    let person = update.user.as_ref().map(|user| user.user_id).or(update.user_id);
    match (update.chat_id, person) {
        (Some(id), _) => Ok(id.to_string()),
        (None, Some(id)) => Ok(chat::person(id)),
        (None, None) => Err(lacks("the chat")),
    }
}

fn lacks(what: &str) -> PluginError {
    PluginError::malformed(format!("an update lacks {what}"))
}
