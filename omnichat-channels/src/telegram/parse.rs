//! From an update to what happened, in the words of the core. Pure: no clock, no network.
//!
//! An update of an unknown kind is nothing; a message of an unknown kind is a message that says so. Only bytes that are no
//! update at all are an error.

mod fields;
mod media;
mod message;
mod money;
mod notice;
mod reply;
mod rich;
mod service;

use omnichat_core::channel::{Inbound, InboundEvent, Person, Profile};
use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::messages::ButtonAction;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::peer::Peer;
use super::update::{
    BusinessConnection, CallbackQuery, Chat, ChatMemberUpdated, DeletedBusinessMessages, MessageReaction,
    MessageReactionCount, PressedMessage, ReactionType, Update, User,
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
        let person = match (user, &reaction.actor_chat) {
            (Some(user), _) => Person {
                id: user.id.to_string(),
                name: user_name(user),
            },
            (None, Some(chat)) => Person {
                id: chat.id.to_string(),
                name: chat_name(chat),
            },
            (None, None) => return None,
        };
        let chat = &reaction.chat;
        // Which topic it is, is not told; it is numbered as the person who opened it.
        let peer = match user.filter(|_| chat.is_direct_messages) {
            Some(user) => Peer::direct(chat.id, user.id),
            None => Peer::chat(chat.id),
        };
        let is_customer = chat.is_private() || peer.direct.is_some();
        let event = InboundEvent::Reactions {
            external_id: reaction.message_id.to_string(),
            emoji: reaction.new_reaction.iter().map(emoji).collect(),
            by: (!is_customer).then_some(person),
        };
        let profile = match peer.direct {
            Some(_) => user.map(self::person),
            None => profile(chat, user),
        };
        Some(Envelope { peer, profile }.with(event))
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
    Envelope {
        peer: Peer::chat(counts.chat.id),
        profile: profile(&counts.chat, None),
    }
    .with(event)
}

fn emoji(reaction: &ReactionType) -> String {
    match (reaction.kind.as_str(), &reaction.emoji) {
        (_, Some(emoji)) => emoji.clone(),
        ("paid", None) => "⭐".to_owned(),
        // A picture without a character of its own.
        (_, None) => "✨".to_owned(),
    }
}

/// To whom an event belongs.
struct Envelope {
    peer: Peer,
    profile: Option<Profile>,
}

impl Envelope {
    fn with(self, event: InboundEvent) -> Inbound {
        Inbound {
            peer: self.peer.to_string(),
            profile: self.profile,
            route: self.peer.route(),
            event,
        }
    }
}

fn button_pressed(query: CallbackQuery) -> Inbound {
    let data = query.data.or(query.game_short_name).unwrap_or_default();
    let (peer, profile) = match &query.message {
        Some(message) => match &message.direct_messages_topic {
            Some(topic) => {
                let user = topic.user.as_ref().unwrap_or(&query.from);
                (Peer::direct(message.chat.id, topic.topic_id), Some(person(user)))
            }
            None => {
                let topic = message.message_thread_id.filter(|_| message.is_topic_message);
                let peer = Peer::new(message.chat.id, message.business_connection_id.clone(), topic);
                (peer, profile(&message.chat, Some(&query.from)))
            }
        },
        // Pressed under a message that was sent by way of the bot into a foreign chat.
        None => (Peer::chat(query.from.id), Some(person(&query.from))),
    };
    Envelope { peer, profile }.with(InboundEvent::ButtonPressed {
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
    Envelope {
        peer: Peer::chat(update.chat.id),
        profile: profile(&update.chat, update.from.as_ref()),
    }
    .with(InboundEvent::Reachable {
        reachable,
        at: Some(Timestamp::from_secs(update.date)),
    })
}

fn deletion(deleted: &DeletedBusinessMessages) -> Inbound {
    let peer = Peer::new(
        deleted.chat.id,
        Some(deleted.business_connection_id.clone()),
        None,
    );
    Envelope { peer, profile: None }.with(InboundEvent::Deleted {
        external_ids: deleted.message_ids.iter().map(i64::to_string).collect(),
        at: None,
    })
}

fn migration(from: i64, to: i64) -> Inbound {
    Envelope {
        peer: Peer::chat(from),
        profile: None,
    }
    .with(InboundEvent::Migrated {
        new_peer: Peer::chat(to).to_string(),
    })
}

/// The customer of a chat: the person of a private one, else the group itself.
fn profile(chat: &Chat, from: Option<&User>) -> Option<Profile> {
    if !chat.is_private() {
        let name = chat.title.clone().unwrap_or_default();
        return Some(Profile {
            name,
            username: chat.username.clone(),
            ..Profile::default()
        });
    }
    let from = from.filter(|user| user.id == chat.id);
    let mut profile = from.map(person).unwrap_or_default();
    if profile.name.is_empty() {
        profile.name = full_name(
            chat.first_name.as_deref().unwrap_or_default(),
            chat.last_name.as_deref(),
        );
    }
    profile.username = profile.username.or_else(|| chat.username.clone());
    (profile != Profile::default()).then_some(profile)
}

fn person(user: &User) -> Profile {
    Profile {
        name: user_name(user),
        username: user.username.clone(),
        locale: user.language_code.clone(),
        ..Profile::default()
    }
}

fn user_name(user: &User) -> String {
    full_name(&user.first_name, user.last_name.as_deref())
}

fn chat_name(chat: &Chat) -> String {
    match &chat.title {
        Some(title) => title.clone(),
        None => full_name(
            chat.first_name.as_deref().unwrap_or_default(),
            chat.last_name.as_deref(),
        ),
    }
}

fn full_name(first: &str, last: Option<&str>) -> String {
    format!("{first} {}", last.unwrap_or_default()).trim().to_owned()
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
