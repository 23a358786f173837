//! Members of messages whose shape is read as far as it goes, and the facts that they become.

use omnichat_core::clock::Timestamp;
use omnichat_core::messages::{Fact, FactLabel, excerpt};
use serde_json::{Map, Value};

use super::money;

/// Longest text of a fact, in characters.
pub(super) const TEXT_MAX: usize = 1_000;

/// A message, member by member.
pub(super) type Fields = Map<String, Value>;

pub(super) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

pub(super) fn number(value: &Value, name: &str) -> Option<i64> {
    value.get(name).and_then(Value::as_i64)
}

pub(super) fn count(value: &Value, name: &str) -> Option<u64> {
    value.get(name).and_then(Value::as_u64)
}

pub(super) fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value
        .get(name)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

pub(super) fn fact(label: FactLabel, text: &str) -> Fact {
    Fact::new(label, excerpt(text, TEXT_MAX))
}

pub(super) fn counted(label: FactLabel, text: &str, count: Option<u64>) -> Fact {
    Fact {
        count,
        ..fact(label, text)
    }
}

pub(super) fn until(seconds: Option<i64>) -> Option<Fact> {
    let at = seconds.filter(|seconds| *seconds > 0).map(Timestamp::from_secs);
    at.map(|at| Fact {
        at: Some(at),
        ..Fact::new(FactLabel::Until, "")
    })
}

pub(super) fn stars(value: &Value, name: &str) -> Option<Fact> {
    number(value, name).map(|stars| money::amount("XTR", stars))
}

/// A price in minor units of a currency.
pub(super) fn price(value: &Value, minor: &str) -> Option<Fact> {
    number(value, minor).map(|minor| money::amount(text(value, "currency"), minor))
}

/// The name of a person, a bot or a chat, whichever it is.
pub(super) fn name_of(value: &Value) -> String {
    let title = text(value, "title");
    if !title.is_empty() {
        return title.to_owned();
    }
    let name = format!("{} {}", text(value, "first_name"), text(value, "last_name"));
    match (name.trim(), text(value, "username")) {
        ("", "") => ["user_id", "chat_id", "id"]
            .iter()
            .find_map(|id| number(value, id))
            .map(|id| format!("#{id}"))
            .unwrap_or_default(),
        ("", username) => format!("@{username}"),
        (name, _) => name.to_owned(),
    }
}

pub(super) fn somebody(label: FactLabel, value: &Value) -> Fact {
    let username = text(value, "username");
    Fact {
        url: (!username.is_empty()).then(|| format!("https://t.me/{username}")),
        ..fact(label, &name_of(value))
    }
}
