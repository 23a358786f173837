//! `/subscriptions`: where updates go.

use serde_json::{Value, json};

use crate::clock::now;
use crate::exchange::Asked;
use crate::loopback::on_loopback;

use super::api::Answer;
use super::check;
use super::refused::Refused;
use super::shapes::UPDATE_TYPES;
use super::state::State;

#[derive(Clone, Debug)]
pub(super) struct Subscription {
    pub(super) url: String,
    pub(super) secret: Option<String>,
    time: u64,
    /// None are all.
    update_types: Option<Vec<String>>,
}

impl Subscription {
    pub(super) fn wants(&self, kind: &str) -> bool {
        let chosen = self.update_types.as_ref();
        chosen.is_none_or(|types| types.iter().any(|one| one == kind))
    }
}

pub(super) fn subscribe(state: &State, body: &Value) -> Answer {
    let body = check::object("the subscription", body)?;
    check::known(
        "the subscription",
        body,
        &["url", "update_types", "secret", "version"],
    )?;
    let url = check::required(body, "url", 2048)?.to_owned();
    on_loopback(&url).map_err(Refused::unsuccessful)?;
    let secret = check::optional(body, "secret", 256)?;
    let letter = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    if secret.is_some_and(|secret| secret.len() < 5 || !secret.chars().all(letter)) {
        return Err(Refused::bad("secret: not 5 to 256 of A-Z a-z 0-9 _ -"));
    }
    let update_types = match check::given(body, "update_types") {
        None => None,
        Some(Value::Array(types)) => Some(types.iter().map(update_type).collect::<Result<_, _>>()?),
        Some(_) => return Err(Refused::bad("update_types: no list")),
    };
    let mut world = state.world();
    world.subscriptions.retain(|one| one.url != url);
    world.subscriptions.push(Subscription {
        url,
        secret: secret.map(str::to_owned),
        time: now(),
        update_types,
    });
    Ok(json!({"success": true}))
}

fn update_type(value: &Value) -> Result<String, Refused> {
    let known = UPDATE_TYPES.iter().find(|kind| value == *kind);
    let known = known.ok_or_else(|| Refused::bad(format!("update_types: there is no {value}")))?;
    Ok((*known).to_owned())
}

pub(super) fn list(state: &State) -> Answer {
    let world = state.world();
    let list = world.subscriptions.iter().map(|one| {
        json!({"url": one.url, "time": one.time, "update_types": one.update_types, "version": "0.0.32"})
    });
    Ok(json!({"subscriptions": list.collect::<Vec<_>>()}))
}

pub(super) fn unsubscribe(state: &State, asked: &Asked) -> Answer {
    let url = asked
        .parameter("url")
        .ok_or_else(|| Refused::bad("url: missing"))?;
    let mut world = state.world();
    let before = world.subscriptions.len();
    world.subscriptions.retain(|one| one.url != url);
    if world.subscriptions.len() == before {
        return Err(Refused::unsuccessful("there is no such subscription"));
    }
    Ok(json!({"success": true}))
}
