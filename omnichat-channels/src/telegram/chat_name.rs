//! How a chat of Telegram is named here.
//!
//! A chat with the bot is named by its id. A chat that the bot serves in the name of a business account is named
//! `ID@CONNECTION`: the same person has the same id in both, while the numbers of the messages are unrelated. The direct messages
//! of a channel are one chat, in which each person has a topic: `ID/TOPIC`.

use std::collections::BTreeMap;
use std::fmt;

use omnichat_core::error::{Error, Result};

const CONNECTION: &str = "business_connection_id";
const TOPIC: &str = "message_thread_id";
const DIRECT: &str = "direct_messages_topic_id";

/// A chat, with what is needed to write to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ChatName {
    /// The platform's id of the chat.
    pub(super) chat: i64,
    /// The business account's connection, if the chat is one of its.
    pub(super) connection: Option<String>,
    /// The topic of a group with topics.
    pub(super) topic: Option<i64>,
    /// The person's topic among the direct messages of a channel.
    pub(super) direct: Option<i64>,
}

impl ChatName {
    pub(super) fn new(chat: i64, connection: Option<String>, topic: Option<i64>) -> Self {
        Self {
            chat,
            connection,
            topic,
            direct: None,
        }
    }

    /// One person's part of a channel's direct messages.
    pub(super) fn direct(chat: i64, topic: i64) -> Self {
        Self {
            direct: Some(topic),
            ..Self::chat(chat)
        }
    }

    /// A chat with the bot itself.
    pub(super) fn chat(chat: i64) -> Self {
        Self::new(chat, None, None)
    }

    /// What [`Self::route`] and `Display` wrote, read back.
    ///
    /// # Errors
    /// `Invalid` for a name that is none.
    pub(super) fn read(name: &str, route: &BTreeMap<String, String>) -> Result<Self> {
        let (chat, connection) = match name.split_once('@') {
            Some((chat, connection)) => (chat, Some(connection.to_owned())),
            None => (name, None),
        };
        let unknown = |_| Error::invalid("this is no chat of Telegram").surely_not_sent();
        if let Some((chat, topic)) = chat.split_once('/') {
            let (chat, topic) = (chat.parse().map_err(unknown)?, topic.parse().map_err(unknown)?);
            return Ok(Self::direct(chat, topic));
        }
        let chat = chat.parse().map_err(unknown)?;
        let topic = route.get(TOPIC).and_then(|topic| topic.parse().ok());
        Ok(Self::new(chat, connection, topic))
    }

    /// What to keep with the chat.
    pub(super) fn route(&self) -> BTreeMap<String, String> {
        let connection = self.connection.iter().map(|c| (CONNECTION.to_owned(), c.clone()));
        let topic = self.topic.iter().map(|t| (TOPIC.to_owned(), t.to_string()));
        let direct = self.direct.iter().map(|t| (DIRECT.to_owned(), t.to_string()));
        connection.chain(topic).chain(direct).collect()
    }
}

impl fmt::Display for ChatName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.connection, self.direct) {
            (_, Some(topic)) => write!(f, "{}/{topic}", self.chat),
            (Some(connection), None) => write!(f, "{}@{connection}", self.chat),
            (None, None) => write!(f, "{}", self.chat),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_survives_its_text_and_route() {
        for name in [
            ChatName::chat(5_512_340_001),
            ChatName::new(-1_001_234_567_890, None, Some(7)),
            ChatName::new(5_512_340_001, Some("bc1".to_owned()), None),
            ChatName::direct(-1_001_234_567_890, 5_512_340_001),
        ] {
            assert_eq!(ChatName::read(&name.to_string(), &name.route()).unwrap(), name);
        }
        assert!(
            ChatName::read("somebody", &BTreeMap::new())
                .unwrap_err()
                .is_surely_not_sent()
        );
    }
}
