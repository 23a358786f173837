//! `/messages` and `/answers`: what the bot says and takes back.

use serde_json::{Map, Value, json};

use crate::exchange::Asked;

use super::api::Answer;
use super::refused::Refused;
use super::shapes::{self, BOT};
use super::state::{Access, State};
use super::{Sent, check, uploads};

/// So many messages one call reads at most.
const PAGE_MAX: usize = 100;

/// `POST /messages?user_id=` or `?chat_id=`.
pub(super) async fn send(state: &State, asked: &Asked, body: Value) -> Answer {
    let message = check::message(&body, true)?;
    let (chat_id, user_id) = dialog(state, asked)?;
    let link = link(state, message)?;
    let (files, shown) = uploads::attach(state, message).await?;
    let text = message.get("text").and_then(Value::as_str);
    let format = message.get("format").and_then(Value::as_str);
    let mut world = state.world();
    let (mid, seq) = world.ids(chat_id);
    let mut inner = json!({"mid": mid, "seq": seq, "text": text});
    if !shown.is_empty() {
        inner["attachments"] = shown.into();
    }
    let whole = shapes::message(shapes::bot(), chat_id, user_id, link, inner);
    world.messages.insert(mid.clone(), whole.clone());
    drop(world);
    state.sent.push(Sent {
        mid,
        chat_id,
        user_id,
        text: text.map(str::to_owned),
        format: format.map(str::to_owned),
        attachments: check::attachments(message)?.to_vec(),
        files,
        body,
    });
    Ok(json!({"message": whole}))
}

/// The dialog and the customer that a call is about, if the bot may write there.
fn dialog(state: &State, asked: &Asked) -> Result<(i64, i64), Refused> {
    let number = |name: &str| asked.parameter(name).map(str::parse::<i64>).transpose();
    let numbers = (number("user_id"), number("chat_id"));
    let (Ok(user), Ok(chat)) = numbers else {
        return Err(Refused::bad("user_id, chat_id: no number"));
    };
    let world = state.world();
    let user = match (user, chat) {
        (Some(user), None) => Some(user),
        (None, Some(chat)) => world.user_of(chat),
        _ => return Err(Refused::bad("exactly one of user_id and chat_id")),
    };
    let found = user.and_then(|user| Some((user, world.dialogs.get(&user)?)));
    match found {
        Some((user, dialog)) if dialog.access == Access::Open => Ok((dialog.chat_id, user)),
        Some((_, dialog)) if dialog.access == Access::Stopped => {
            Err(Refused::new(403, "the user has suspended the bot"))
        }
        _ => Err(Refused::new(404, "there is no such chat")),
    }
}

/// The message that a new one replies to or forwards, as it is shown in the new one.
fn link(state: &State, message: &Map<String, Value>) -> Result<Option<Value>, Refused> {
    let Some(link) = check::given(message, "link") else {
        return Ok(None);
    };
    let linked = get(state, link["mid"].as_str().unwrap_or_default())?;
    Ok(Some(
        json!({"type": link["type"], "sender": linked["sender"], "message": linked["body"]}),
    ))
}

/// `GET /messages/{mid}`.
pub(super) fn get(state: &State, mid: &str) -> Answer {
    let found = state.world().messages.get(mid).cloned();
    found.ok_or_else(|| Refused::new(404, format!("there is no message {mid}")))
}

/// `GET /messages?message_ids=` or `?chat_id=`: the newest first.
pub(super) fn list(state: &State, asked: &Asked) -> Answer {
    let world = state.world();
    let count = match asked.parameter("count").map(str::parse) {
        None => 50,
        Some(Ok(count)) if (1..=PAGE_MAX).contains(&count) => count,
        Some(_) => return Err(Refused::bad(format!("count: not 1 to {PAGE_MAX}"))),
    };
    let time = |name: &str, other: u64| asked.parameter(name).map_or(Ok(other), str::parse::<u64>);
    let (Ok(from), Ok(to)) = (time("from", 0), time("to", u64::MAX)) else {
        return Err(Refused::bad("from, to: no time"));
    };
    let ids: Option<Vec<&str>> = asked.parameter("message_ids").map(|ids| ids.split(',').collect());
    let chat = asked.parameter("chat_id").map(str::parse::<i64>);
    if ids.is_none() && !matches!(chat, Some(Ok(_))) {
        return Err(Refused::bad("one of message_ids and chat_id"));
    }
    let wanted = |(mid, message): &(&String, &Value)| match &ids {
        Some(ids) => ids.contains(&mid.as_str()),
        None => {
            let at = message["timestamp"].as_u64().unwrap_or_default();
            message["recipient"]["chat_id"].as_i64() == chat.clone().and_then(Result::ok)
                && (from..=to).contains(&at)
        }
    };
    let found = world.messages.iter().rev().filter(wanted).take(count);
    Ok(json!({"messages": found.map(|(_, message)| message).collect::<Vec<_>>()}))
}

/// `PUT /messages?message_id=`.
pub(super) async fn edit(state: &State, asked: &Asked, body: &Value) -> Answer {
    let mid = of_query(asked)?;
    replace(state, mid, body).await?;
    Ok(json!({"success": true}))
}

async fn replace(state: &State, mid: &str, body: &Value) -> Result<(), Refused> {
    let message = check::message(body, false)?;
    is_ours(state, mid)?;
    let (_, shown) = uploads::attach(state, message).await.map_err(Refused::of_edit)?;
    let mut world = state.world();
    let stored = world.messages.get_mut(mid);
    let stored = stored.ok_or_else(|| Refused::new(404, format!("there is no message {mid}")))?;
    if let Some(text) = check::given(message, "text") {
        stored["body"]["text"] = text.clone();
    }
    // Null keeps what there is, an empty list takes it away.
    if check::given(message, "attachments").is_some() {
        stored["body"]["attachments"] = shown.into();
    }
    Ok(())
}

/// `DELETE /messages?message_id=`.
pub(super) fn remove(state: &State, asked: &Asked) -> Answer {
    let mid = of_query(asked)?;
    is_ours(state, mid)?;
    state.world().messages.remove(mid);
    Ok(json!({"success": true}))
}

fn of_query(asked: &Asked) -> Result<&str, Refused> {
    asked
        .parameter("message_id")
        .ok_or_else(|| Refused::bad("message_id: missing"))
}

fn is_ours(state: &State, mid: &str) -> Result<(), Refused> {
    match get(state, mid)?["sender"]["user_id"] == BOT {
        true => Ok(()),
        false => Err(Refused::unsuccessful("the message is not the bot's")),
    }
}

/// `POST /answers?callback_id=`: a notice to who pressed, or a new message in place of the old one, or both.
pub(super) async fn answer_callback(state: &State, asked: &Asked, body: &Value) -> Answer {
    let id = asked
        .parameter("callback_id")
        .ok_or_else(|| Refused::bad("callback_id: missing"))?;
    let answer = check::object("the answer", body)?;
    check::known("the answer", answer, &["notification", "message"])?;
    let notification = check::optional(answer, "notification", 4000)?;
    let message = check::given(answer, "message");
    if notification.is_none() && message.is_none() {
        return Err(Refused::bad("one of notification and message"));
    }
    let mid = state.world().callbacks.get(id).cloned();
    let mid = mid.ok_or_else(|| Refused::bad(format!("there is no callback {id}")))?;
    if let Some(message) = message {
        replace(state, &mid, message).await?;
    }
    Ok(json!({"success": true}))
}
