//! Whom a message is for: a chat by its number or, where MAX did not tell the chat, a person.

use omnichat_plugin_sdk::prelude::*;

/// What stands before the number of a person.
const PERSON: &str = "user:";

/// The chat of messages of which MAX tells nothing, not even who wrote them.
pub(crate) const NOBODY: &str = "unknown";

/// Somebody whose chat is not known.
pub(crate) fn person(id: i64) -> String {
    format!("{PERSON}{id}")
}

/// Whether the chat is not known.
pub(crate) fn is_person(id: &str) -> bool {
    id.starts_with(PERSON)
}

/// The part of a query that says where a message goes.
pub(crate) fn query(id: &str) -> String {
    match id.strip_prefix(PERSON) {
        Some(person) => format!("user_id={}", percent_encode(person)),
        None => format!("chat_id={}", percent_encode(id)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chats_and_people_are_told_apart() {
        assert_eq!(query("-7001"), "chat_id=-7001");
        assert_eq!(query(&person(55)), "user_id=55");
        assert!(is_person(&person(55)) && !is_person("55"));
    }
}
