//! What a message must be like to be taken: members, types and limits of the schema.

use serde_json::{Map, Value};

use super::keyboard;
use super::refused::Refused;

const TEXT_MAX: usize = 4000;

/// Checks the shape of a message. An edit may consist of nothing, a new message may not.
pub(super) fn message(body: &Value, new: bool) -> Result<&Map<String, Value>, Refused> {
    let body = object("the message", body)?;
    known(
        "the message",
        body,
        &["text", "format", "notify", "link", "attachments"],
    )?;
    let text = optional(body, "text", TEXT_MAX)?;
    if let Some(format) = optional(body, "format", 16)?
        && !matches!(format, "markdown" | "html")
    {
        return Err(Refused::bad(format!(
            "format: {format} is neither markdown nor html"
        )));
    }
    if given(body, "notify").is_some_and(|notify| !notify.is_boolean()) {
        return Err(Refused::bad("notify: no boolean"));
    }
    let link = given(body, "link");
    if let Some(link) = link {
        let link = object("link", link)?;
        known("link", link, &["type", "mid"])?;
        let kind = required(link, "type", 16)?;
        if !matches!(kind, "reply" | "forward") {
            return Err(Refused::bad(format!(
                "link.type: {kind} is neither reply nor forward"
            )));
        }
        required(link, "mid", 256)?;
    }
    let list = attachments(body)?;
    list.iter().try_for_each(attachment)?;
    alone(list)?;
    if new && link.is_none() && list.is_empty() && text.is_none_or(str::is_empty) {
        return Err(Refused::bad("the message is empty"));
    }
    Ok(body)
}

/// The attachments of a checked message; none and null are an empty list.
pub(super) fn attachments(body: &Map<String, Value>) -> Result<&[Value], Refused> {
    match given(body, "attachments") {
        None => Ok(&[]),
        Some(Value::Array(list)) => Ok(list),
        Some(_) => Err(Refused::bad("attachments: no list")),
    }
}

fn attachment(value: &Value) -> Result<(), Refused> {
    let body = object("an attachment", value)?;
    let kind = required(body, "type", 32)?;
    if kind == "location" {
        known(kind, body, &["type", "latitude", "longitude"])?;
        degrees(body, "latitude", 90.0)?;
        return degrees(body, "longitude", 180.0);
    }
    known(kind, body, &["type", "payload"])?;
    let payload = given(body, "payload").ok_or_else(|| Refused::bad(format!("{kind}: no payload")))?;
    let payload = object("payload", payload)?;
    match kind {
        "image" => {
            one_of(payload, &["token", "photos", "url"])?;
            given(payload, "photos").map_or(Ok(()), |photos| object("photos", photos).map(drop))
        }
        "video" | "audio" | "file" => {
            known(kind, payload, &["token"])?;
            required(payload, "token", 1024).map(drop)
        }
        "contact" => {
            known(kind, payload, &["name", "contact_id", "vcf_info", "vcf_phone"])?;
            optional(payload, "name", 256)?;
            optional(payload, "vcf_phone", 64).map(drop)
        }
        "sticker" => {
            known(kind, payload, &["code"])?;
            required(payload, "code", 256).map(drop)
        }
        "share" => one_of(payload, &["url", "token"]).map(drop),
        "inline_keyboard" => keyboard::inline(payload),
        other => Err(Refused::bad(format!("attachments: there is no type {other}"))),
    }
}

/// Some attachments bear no other beside them; a keyboard is none in this sense.
fn alone(list: &[Value]) -> Result<(), Refused> {
    let kinds: Vec<&str> = list
        .iter()
        .filter_map(|one| one["type"].as_str())
        .filter(|kind| *kind != "inline_keyboard")
        .collect();
    if list.len() > kinds.len() + 1 {
        return Err(Refused::bad("attachments: more than one keyboard"));
    }
    let lonely = |kind: &&&str| matches!(**kind, "audio" | "file" | "contact" | "sticker");
    match kinds.iter().find(lonely) {
        Some(kind) if kinds.len() > 1 => Err(Refused::bad(format!(
            "attachments: {kind} must be the only one of its message"
        ))),
        _ => Ok(()),
    }
}

/// A member that is there and not null.
pub(super) fn given<'a>(body: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    body.get(name).filter(|value| !value.is_null())
}

/// Refuses members that the schema does not have.
pub(super) fn known(what: &str, body: &Map<String, Value>, members: &[&str]) -> Result<(), Refused> {
    match body.keys().find(|key| !members.contains(&key.as_str())) {
        Some(stranger) => Err(Refused::bad(format!("{what}: unknown member {stranger}"))),
        None => Ok(()),
    }
}

pub(super) fn object<'a>(what: &str, value: &'a Value) -> Result<&'a Map<String, Value>, Refused> {
    value
        .as_object()
        .ok_or_else(|| Refused::bad(format!("{what}: no object")))
}

/// A text that must be there and say something.
pub(super) fn required<'a>(
    body: &'a Map<String, Value>,
    name: &str,
    most: usize,
) -> Result<&'a str, Refused> {
    match optional(body, name, most)? {
        None | Some("") => Err(Refused::bad(format!("{name}: missing"))),
        Some(text) => Ok(text),
    }
}

/// A text that may be there, of at most so many characters.
pub(super) fn optional<'a>(
    body: &'a Map<String, Value>,
    name: &str,
    most: usize,
) -> Result<Option<&'a str>, Refused> {
    match given(body, name) {
        None => Ok(None),
        Some(Value::String(text)) if text.chars().count() <= most => Ok(Some(text)),
        Some(Value::String(_)) => Err(Refused::bad(format!("{name}: longer than {most} characters"))),
        Some(_) => Err(Refused::bad(format!("{name}: no text"))),
    }
}

fn one_of(payload: &Map<String, Value>, names: &[&str]) -> Result<(), Refused> {
    known("payload", payload, names)?;
    match names.iter().filter(|name| given(payload, name).is_some()).count() {
        1 => Ok(()),
        _ => Err(Refused::bad(format!("payload: exactly one of {names:?}"))),
    }
}

fn degrees(body: &Map<String, Value>, name: &str, most: f64) -> Result<(), Refused> {
    match body.get(name).and_then(Value::as_f64) {
        Some(value) if value.abs() <= most => Ok(()),
        _ => Err(Refused::bad(format!("{name}: no degrees"))),
    }
}
