//! From an update to what happened, in the words of the core. Pure: no clock, no network.
//!
//! An update of an unknown kind is nothing; a message of an unknown kind is a message that says so. Only bytes that are no
//! update at all are an error.

mod fields;
mod media;
mod message;
mod money;
mod notice;
mod people;
mod reply;
mod rich;
mod service;

use omnichat_core::channel::{ChatInfo, Inbound, InboundEvent, Person};
use omnichat_core::chats::ChatKind;
use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::messages::ButtonAction;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::chat_name::ChatName;
use super::update::{
    BusinessConnection, CallbackQuery, Chat, ChatMemberUpdated, DeletedBusinessMessages, MessageReaction,
    MessageReactionCount, PressedMessage, ReactionType, Update,
};

/// Updates to ask the platform for: what [`Reader::update`] understands.
pub(super) const ALLOWED_UPDATES: [&str; 12] = [
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "message_reaction",
    "message_reaction_count",
    "pre_checkout_query",
    "poll_answer",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
];

/// What has to be known of an account to read its updates.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader {
    /// The bot's own user id, the number before the colon of the token.
    pub(super) bot_id: i64,
    /// Files above this many bytes are not handed out; no limit if absent.
    pub(super) download_max: Option<u64>,
}

/// What one update turned into.
pub(super) struct Parsed {
    /// Its number.
    pub(super) update_id: i64,
    /// What happened.
    pub(super) events: Vec<Inbound>,
}

impl Reader {
    /// Reads one update.
    ///
    /// # Errors
    /// `Malformed` for what is no update, or is one with members of the wrong type.
    pub(super) fn update(&self, body: &[u8]) -> Result<Parsed> {
        let update: Update<'_> =
            serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_slice(body))
                .map_err(|error| malformed(&error.path().to_string(), error.inner()))?;
        let id = update.update_id;
        let events = if let Some(raw) = update.message {
            self.new_message(raw, "message", id)?
        } else if let Some(raw) = update.business_message {
            self.new_message(raw, "business_message", id)?
        } else if let Some(raw) = update.edited_message {
            self.edited_message(raw, "edited_message", id)?
        } else if let Some(raw) = update.edited_business_message {
            self.edited_message(raw, "edited_business_message", id)?
        } else if let Some(query) = update.callback_query {
            vec![button_pressed(query)]
        } else if let Some(reaction) = update.message_reaction {
            self.reactions(&reaction).into_iter().collect()
        } else if let Some(counts) = update.message_reaction_count {
            vec![reaction_counts(&counts)]
        } else if let Some(query) = update.pre_checkout_query {
            vec![service::pre_checkout(query)]
        } else if let Some(answer) = update.poll_answer {
            service::poll_answer(&answer, id).into_iter().collect()
        } else if let Some(member) = update.my_chat_member {
            vec![membership(&member)]
        } else if let Some(deleted) = update.deleted_business_messages {
            vec![deletion(&deleted)]
        } else if let Some(connection) = update.business_connection {
            vec![service::business_connection(&connection)]
        } else {
            Vec::new()
        };
        Ok(Parsed {
            update_id: id,
            events,
        })
    }

    fn new_message(&self, raw: &RawValue, member: &str, update_id: i64) -> Result<Vec<Inbound>> {
        let message = message::read(raw, member)?;
        if let Some(to) = message.migrate_to_chat_id {
            return Ok(vec![migration(message.chat.id, to)]);
        }
        if let Some(from) = message.migrate_from_chat_id {
            return Ok(vec![migration(from, message.chat.id)]);
        }
        // What the bot wrote in the name of a business account comes back; its sending has been recorded already.
        if message
            .sender_business_bot
            .as_ref()
            .is_some_and(|bot| bot.id == self.bot_id)
        {
            return Ok(Vec::new());
        }
        let envelope = message::envelope(&message);
        let event = InboundEvent::Message(message::content(self, message, raw, update_id)?);
        Ok(vec![envelope.with(event)])
    }

    fn edited_message(&self, raw: &RawValue, member: &str, update_id: i64) -> Result<Vec<Inbound>> {
        let message = message::read(raw, member)?;
        if message
            .sender_business_bot
            .as_ref()
            .is_some_and(|bot| bot.id == self.bot_id)
        {
            return Ok(Vec::new());
        }
        let at = Timestamp::from_secs(message.edit_date.unwrap_or(message.date));
        let envelope = message::envelope(&message);
        let message = message::content(self, message, raw, update_id)?;
        Ok(vec![envelope.with(InboundEvent::Edited { message, at })])
    }

    /// Whoever reacted has these reactions now. Our own are no news.
    fn reactions(&self, reaction: &MessageReaction) -> Option<Inbound> {
        let user = reaction.user.as_ref().filter(|user| user.id != self.bot_id);
        if user.is_none() && reaction.actor_chat.is_none() {
            return None;
        }
        let chat = &reaction.chat;
        // Which topic it is, is not told; it is numbered as the person who opened it.
        let place = match user.filter(|_| chat.is_direct_messages) {
            Some(user) => ChatName::direct(chat.id, user.id),
            None => ChatName::chat(chat.id),
        };
        let event = InboundEvent::Reactions {
            external_id: reaction.message_id.to_string(),
            emoji: reaction.new_reaction.iter().map(emoji).collect(),
        };
        let person = match chat.is_private() {
            true => people::of_private(chat, user),
            false => people::member(chat, user, reaction.actor_chat.as_ref()),
        };
        Some(Envelope::new(&place, Some(chat), person).with(event))
    }
}

fn reaction_counts(counts: &MessageReactionCount) -> Inbound {
    let event = InboundEvent::ReactionCounts {
        external_id: counts.message_id.to_string(),
        counts: counts
            .reactions
            .iter()
            .map(|one| (emoji(&one.reaction), one.total_count))
            .collect(),
    };
    Envelope::new(&ChatName::chat(counts.chat.id), Some(&counts.chat), None).with(event)
}

fn emoji(reaction: &ReactionType) -> String {
    match (reaction.kind.as_str(), &reaction.emoji) {
        (_, Some(emoji)) => emoji.clone(),
        ("paid", None) => "⭐".to_owned(),
        // A picture without a character of its own.
        (_, None) => "✨".to_owned(),
    }
}

/// Where something happened, and who did it.
struct Envelope {
    chat: ChatInfo,
    person: Option<Person>,
}

impl Envelope {
    /// `told` is what the update says of the chat, if anything.
    fn new(place: &ChatName, told: Option<&Chat>, person: Option<Person>) -> Self {
        let several = told.filter(|chat| !chat.is_private());
        let mut chat = ChatInfo {
            route: place.route(),
            ..ChatInfo::private(place.to_string())
        };
        match several {
            // Each person has a part of its own, under the channel's name.
            Some(several) if place.direct.is_some() => chat.context = people::context(several),
            Some(several) => {
                chat.kind = match several.kind.as_str() {
                    "channel" => ChatKind::Channel,
                    _ => ChatKind::Group,
                };
                chat.title = several.title.clone();
            }
            None => {}
        }
        Self { chat, person }
    }

    fn with(self, event: InboundEvent) -> Inbound {
        Inbound {
            chat: self.chat,
            person: self.person,
            event,
        }
    }
}

fn button_pressed(query: CallbackQuery) -> Inbound {
    let data = query.data.or(query.game_short_name).unwrap_or_default();
    let envelope = match &query.message {
        Some(message) => {
            let (chat, from) = (&message.chat, &query.from);
            let (place, person) = match &message.direct_messages_topic {
                Some(topic) => (
                    ChatName::direct(chat.id, topic.topic_id),
                    Some(people::person(topic.user.as_ref().unwrap_or(from))),
                ),
                None => {
                    let topic = message.message_thread_id.filter(|_| message.is_topic_message);
                    let person = match chat.is_private() {
                        true => people::of_private(chat, Some(from)),
                        false => Some(people::person(from)),
                    };
                    let connection = message.business_connection_id.clone();
                    (ChatName::new(chat.id, connection, topic), person)
                }
            };
            Envelope::new(&place, Some(chat), person)
        }
        // Pressed under a message that was sent by way of the bot into a foreign chat.
        None => Envelope::new(
            &ChatName::chat(query.from.id),
            None,
            Some(people::person(&query.from)),
        ),
    };
    envelope.with(InboundEvent::ButtonPressed {
        external_id: query.id,
        message_external_id: query
            .message
            .as_ref()
            .map(|message| message.message_id.to_string()),
        title: query.message.as_ref().and_then(|message| label(message, &data)),
        data,
        at: None,
    })
}

/// The label of the button with this data.
fn label(message: &PressedMessage, data: &str) -> Option<String> {
    let rows = message.reply_markup.as_ref().map(message::buttons)?;
    let mut buttons = rows.into_iter().flatten();
    let pressed =
        buttons.find(|button| matches!(&button.action, ButtonAction::Reply { data: own } if own == data))?;
    Some(pressed.text)
}

fn membership(update: &ChatMemberUpdated) -> Inbound {
    let member = &update.new_chat_member;
    let reachable = match member.status.as_str() {
        "kicked" | "left" => false,
        "restricted" => member.is_member.unwrap_or(true),
        _ => true,
    };
    let person = match update.chat.is_private() {
        true => people::of_private(&update.chat, update.from.as_ref()),
        false => None,
    };
    Envelope::new(&ChatName::chat(update.chat.id), Some(&update.chat), person).with(InboundEvent::Reachable {
        reachable,
        at: Some(Timestamp::from_secs(update.date)),
    })
}

fn deletion(deleted: &DeletedBusinessMessages) -> Inbound {
    let connection = Some(deleted.business_connection_id.clone());
    let place = ChatName::new(deleted.chat.id, connection, None);
    Envelope::new(&place, None, None).with(InboundEvent::Deleted {
        external_ids: deleted.message_ids.iter().map(i64::to_string).collect(),
        at: None,
    })
}

fn migration(from: i64, to: i64) -> Inbound {
    Envelope::new(&ChatName::chat(from), None, None).with(InboundEvent::Migrated {
        new_chat: ChatName::chat(to).to_string(),
    })
}

/// Reads a part of an update; `member` is where it stands there.
fn read<'a, T: Deserialize<'a>>(raw: &'a RawValue, member: &str) -> Result<T> {
    serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(raw.get())).map_err(|error| {
        let path = match error.path().to_string().as_str() {
            "." => member.to_owned(),
            path => format!("{member}.{path}"),
        };
        malformed(&path, error.inner())
    })
}

/// The path goes to people, who may keep it; what stands there is the customer's and goes nowhere.
fn malformed(path: &str, error: &serde_json::Error) -> Error {
    let message = match path {
        "." => "this is no update of Telegram".to_owned(),
        path => format!("this is no update of Telegram: «{path}» cannot be read"),
    };
    Error::new(ErrorKind::Malformed, message).with("problem", error)
}

/// Whether a business connection lets the bot answer.
fn may_reply(connection: &BusinessConnection) -> bool {
    connection
        .rights
        .as_ref()
        .map(|rights| rights.can_reply)
        .or(connection.can_reply)
        .unwrap_or(false)
}

#[cfg(test)]
mod tests;
