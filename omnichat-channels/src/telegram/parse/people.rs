//! Who people are. An id means the same person on every bot.

use omnichat_core::channel::{Also, Person, Profile};
use omnichat_core::chats::Context;
use omnichat_core::contacts::Scope;

use super::super::update::{Chat, User};

/// The platform, as contacts name it.
const PLATFORM: &str = "telegram";

/// A user.
pub(super) fn person(user: &User) -> Person {
    let profile = Profile {
        name: user_name(user),
        username: user.username.clone(),
        locale: user.language_code.clone(),
        ..Profile::default()
    };
    known(user.id, profile)
}

/// The person of a private chat, whose id the chat has: also where the business wrote.
pub(super) fn of_private(chat: &Chat, from: Option<&User>) -> Option<Person> {
    let from = from.filter(|user| user.id == chat.id).map(person);
    let mut person = from.unwrap_or_else(|| known(chat.id, Profile::default()));
    let profile = &mut person.profile;
    if profile.name.is_empty() {
        profile.name = full_name(
            chat.first_name.as_deref().unwrap_or_default(),
            chat.last_name.as_deref(),
        );
    }
    profile.username = profile.username.take().or_else(|| chat.username.clone());
    Some(person)
}

/// Who of several did it: somebody, or a chat in whose name somebody writes. Nobody knows who writes in the name of the very chat.
pub(super) fn member(here: &Chat, user: Option<&User>, in_name_of: Option<&Chat>) -> Option<Person> {
    match (in_name_of, user) {
        (Some(chat), _) if chat.id == here.id => None,
        (Some(chat), _) => {
            let profile = Profile {
                name: chat_name(chat),
                username: chat.username.clone(),
                ..Profile::default()
            };
            Some(known(chat.id, profile))
        }
        (None, Some(user)) => Some(person(user)),
        (None, None) => None,
    }
}

/// The person with a phone number that it has shown as its own: the platform names the owner of a number, not the sender.
pub(super) fn with_phone(mut person: Person, phone: String) -> Person {
    person.also.push(Also {
        scope: Scope::Phone,
        id: phone.clone(),
    });
    person.profile.phone = Some(phone);
    person
}

/// What is spoken of in a channel's direct messages: the channel.
pub(super) fn context(channel: &Chat) -> Context {
    Context {
        title: channel.title.clone().unwrap_or_default(),
        url: channel
            .username
            .as_ref()
            .map(|name| format!("https://t.me/{name}")),
        ..Context::default()
    }
}

fn known(id: i64, profile: Profile) -> Person {
    Person::on_platform(PLATFORM, id.to_string(), profile)
}

pub(super) fn user_name(user: &User) -> String {
    full_name(&user.first_name, user.last_name.as_deref())
}

pub(super) fn chat_name(chat: &Chat) -> String {
    match &chat.title {
        Some(title) => title.clone(),
        None => full_name(
            chat.first_name.as_deref().unwrap_or_default(),
            chat.last_name.as_deref(),
        ),
    }
}

pub(super) fn full_name(first: &str, last: Option<&str>) -> String {
    format!("{first} {}", last.unwrap_or_default()).trim().to_owned()
}
