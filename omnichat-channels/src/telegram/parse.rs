//! From an update to what happened, in the words of the core. Pure: no clock, no network.
//!
//! An update of an unknown kind is nothing; a message of an unknown kind is a message that says so. Only bytes that are no
//! update at all are an error.

mod media;
mod message;
mod service;

use omnichat_core::channel::{Inbound, InboundEvent, Profile};
use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind, Result};
use serde_json::value::RawValue;

use super::peer::Peer;
use super::update::{
    BusinessConnection, CallbackQuery, Chat, ChatMemberUpdated, DeletedBusinessMessages, MessageReaction,
    Update, User,
};

/// Updates to ask the platform for: what [`Reader::update`] understands.
pub(super) const ALLOWED_UPDATES: [&str; 9] = [
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "message_reaction",
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
        let update: Update<'_> = serde_json::from_slice(body).map_err(malformed)?;
        let events = if let Some(raw) = update.message.or(update.business_message) {
            self.new_message(raw)?
        } else if let Some(raw) = update.edited_message.or(update.edited_business_message) {
            self.edited_message(raw)?
        } else if let Some(query) = update.callback_query {
            vec![button_pressed(query)]
        } else if let Some(reaction) = update.message_reaction {
            self.reactions(&reaction).into_iter().collect()
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
            update_id: update.update_id,
            events,
        })
    }

    fn new_message(&self, raw: &RawValue) -> Result<Vec<Inbound>> {
        let message = message::read(raw)?;
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
        let event = InboundEvent::Message(message::content(self, message, raw)?);
        Ok(vec![envelope.with(event)])
    }

    fn edited_message(&self, raw: &RawValue) -> Result<Vec<Inbound>> {
        let message = message::read(raw)?;
        if message
            .sender_business_bot
            .as_ref()
            .is_some_and(|bot| bot.id == self.bot_id)
        {
            return Ok(Vec::new());
        }
        let at = Timestamp::from_secs(message.edit_date.unwrap_or(message.date));
        let envelope = message::envelope(&message);
        let message = message::content(self, message, raw)?;
        Ok(vec![envelope.with(InboundEvent::Edited { message, at })])
    }

    fn reactions(&self, reaction: &MessageReaction) -> Option<Inbound> {
        // An anonymous group administrator has no user; our own reactions are no news.
        let by = reaction.user.as_ref().filter(|user| user.id != self.bot_id)?;
        let emoji = reaction
            .new_reaction
            .iter()
            .map(|r| match (r.kind.as_str(), &r.emoji) {
                (_, Some(emoji)) => emoji.clone(),
                ("paid", None) => "⭐".to_owned(),
                // A picture without a character of its own.
                (_, None) => "✨".to_owned(),
            });
        let event = InboundEvent::Reactions {
            external_id: reaction.message_id.to_string(),
            emoji: emoji.collect(),
        };
        Some(
            Envelope {
                peer: Peer::chat(reaction.chat.id),
                profile: profile(&reaction.chat, Some(by)),
            }
            .with(event),
        )
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
    let (peer, profile, message) = match &query.message {
        Some(message) => {
            let topic = message.message_thread_id.filter(|_| message.is_topic_message);
            let peer = Peer::new(message.chat.id, message.business_connection_id.clone(), topic);
            (
                peer,
                profile(&message.chat, Some(&query.from)),
                Some(message.message_id.to_string()),
            )
        }
        // Pressed under a message that was sent by way of the bot into a foreign chat.
        None => (Peer::chat(query.from.id), Some(person(&query.from)), None),
    };
    Envelope { peer, profile }.with(InboundEvent::ButtonPressed {
        external_id: query.id,
        message_external_id: message,
        data: query.data.or(query.game_short_name).unwrap_or_default(),
        at: None,
    })
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

fn malformed(error: serde_json::Error) -> Error {
    Error::new(ErrorKind::Malformed, "this is no update of Telegram").with("problem", error)
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
