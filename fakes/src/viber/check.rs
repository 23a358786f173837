//! What a message must be like to be taken: members, types and limits of the documentation.

use serde_json::{Map, Value};

use crate::loopback::Loopback;
use crate::media::Media;

use super::keyboard;
use super::refused::Refused;

/// The members that a message may have, of any type.
const MEMBERS: [&str; 19] = [
    "auth_token",
    "receiver",
    "broadcast_list",
    "type",
    "sender",
    "tracking_data",
    "min_api_version",
    "keyboard",
    "text",
    "media",
    "thumbnail",
    "size",
    "duration",
    "file_name",
    "contact",
    "location",
    "sticker_id",
    "rich_media",
    "silent",
];
const TEXT_MAX: usize = 7000;
const CAPTION_MAX: usize = 512;
const SENDER_MAX: usize = 28;
const URL_MAX: usize = 2000;
const FILE_NAME_MAX: usize = 256;
const TRACKING_MAX: usize = 4000;
const VIDEO_SECONDS_MAX: u64 = 180;
const MB: u64 = 1 << 20;

/// Names that the platform does not carry.
const EXECUTABLE: [&str; 8] = ["exe", "apk", "bat", "cmd", "com", "msi", "scr", "js"];

/// Checks everything of a message but whom it is for and what is at its `media`.
pub(super) fn message(body: &Map<String, Value>) -> Result<(), Refused> {
    known("the message", body, &MEMBERS)?;
    let sender = body.get("sender").ok_or_else(|| Refused::missing("sender"))?;
    let sender = object("sender", sender)?;
    known("sender", sender, &["name", "avatar"])?;
    required(sender, "name", SENDER_MAX)?;
    optional(sender, "avatar", URL_MAX)?;
    optional(body, "tracking_data", TRACKING_MAX)?;
    let version = version(body)?;
    match required(body, "type", 32)? {
        "text" => required(body, "text", TEXT_MAX).map(drop)?,
        "picture" => {
            // May be empty, must be there.
            optional(body, "text", CAPTION_MAX)?.ok_or_else(|| Refused::missing("text"))?;
            media(body)?;
            optional(body, "thumbnail", URL_MAX)?;
        }
        "video" => {
            media(body)?;
            size(body, 26 * MB)?;
            let duration = body.get("duration").map(Value::as_u64);
            if duration.is_some_and(|seconds| seconds.is_none_or(|seconds| seconds > VIDEO_SECONDS_MAX)) {
                return Err(Refused::bad("duration is not 0 to 180 seconds"));
            }
            optional(body, "thumbnail", URL_MAX)?;
        }
        "file" => {
            media(body)?;
            size(body, 50 * MB)?;
            let name = required(body, "file_name", FILE_NAME_MAX)?;
            let (_, extension) = name
                .rsplit_once('.')
                .ok_or_else(|| Refused::bad("file_name has no extension"))?;
            if EXECUTABLE.contains(&extension.to_ascii_lowercase().as_str()) {
                return Err(Refused::bad("executables are not carried"));
            }
        }
        "contact" => {
            let contact = object(
                "contact",
                body.get("contact").ok_or_else(|| Refused::missing("contact"))?,
            )?;
            known("contact", contact, &["name", "phone_number", "avatar"])?;
            required(contact, "name", SENDER_MAX)?;
            required(contact, "phone_number", 18)?;
        }
        "location" => {
            let place = object(
                "location",
                body.get("location").ok_or_else(|| Refused::missing("location"))?,
            )?;
            known("location", place, &["lat", "lon", "address"])?;
            degrees(place, "lat", 90.0)?;
            degrees(place, "lon", 180.0)?;
        }
        "url" => media(body)?,
        "sticker" => match body.get("sticker_id") {
            None => return Err(Refused::missing("sticker_id")),
            Some(id) if id.is_u64() => {}
            Some(_) => return Err(Refused::bad("sticker_id is no number")),
        },
        "rich_media" => {
            let board = body
                .get("rich_media")
                .ok_or_else(|| Refused::missing("rich_media"))?;
            keyboard::board(board, "rich_media", version)?;
        }
        other => return Err(Refused::bad(format!("there is no type {other}"))),
    }
    match body.get("keyboard") {
        None => Ok(()),
        Some(board) => keyboard::board(board, "keyboard", version),
    }
}

/// The version of the API that a message is for, and no older one.
pub(super) fn version(body: &Map<String, Value>) -> Result<u64, Refused> {
    match body.get("min_api_version").map(Value::as_u64) {
        None => Ok(1),
        Some(Some(version)) if version > 0 => Ok(version),
        Some(_) => Err(Refused::bad("min_api_version is no number above 0")),
    }
}

/// Fetches what is at `media` of a picture, a video or a file, and checks it.
pub(super) async fn fetched(body: &Map<String, Value>, way: &Loopback) -> Result<Option<Media>, Refused> {
    let kind = body.get("type").and_then(Value::as_str).unwrap_or_default();
    // The content types and extensions that the platform shows, and how large it takes them.
    let (types, extensions, most): (&[&str], &[&str], u64) = match kind {
        "picture" => (
            &["image/jpeg", "image/png", "image/gif"],
            &["jpg", "jpeg", "png", "gif"],
            MB,
        ),
        "video" => (&["video/mp4"], &["mp4"], 26 * MB),
        "file" => (&[], &[], 50 * MB),
        _ => return Ok(None),
    };
    let url = body.get("media").and_then(Value::as_str).unwrap_or_default();
    let media = way
        .fetch(url)
        .await
        .map_err(|why| Refused::bad(format!("media cannot be fetched: {why}")))?;
    if media.bytes.len() as u64 > most {
        return Err(Refused::bad(format!("media is larger than {most} bytes")));
    }
    if !types.is_empty() && !types.contains(&media.content_type.as_str()) {
        let found = &media.content_type;
        return Err(Refused::bad(format!(
            "media of a {kind} is {found}, not one of {types:?}"
        )));
    }
    let extension = media
        .name
        .rsplit_once('.')
        .map(|(_, end)| end.to_ascii_lowercase());
    let suits = |end: &String| extensions.contains(&end.as_str());
    if !extensions.is_empty() && !extension.as_ref().is_some_and(suits) {
        return Err(Refused::bad(format!(
            "the address of media does not end with one of {extensions:?}"
        )));
    }
    Ok(Some(media))
}

/// Refuses members that nothing documents.
pub(super) fn known(what: &str, body: &Map<String, Value>, members: &[&str]) -> Result<(), Refused> {
    match body.keys().find(|key| !members.contains(&key.as_str())) {
        Some(stranger) => Err(Refused::bad(format!("{what} has no member {stranger}"))),
        None => Ok(()),
    }
}

pub(super) fn object<'a>(what: &str, value: &'a Value) -> Result<&'a Map<String, Value>, Refused> {
    value
        .as_object()
        .ok_or_else(|| Refused::bad(format!("{what} is no object")))
}

/// A text that must be there and say something.
pub(super) fn required<'a>(
    body: &'a Map<String, Value>,
    name: &str,
    most: usize,
) -> Result<&'a str, Refused> {
    match optional(body, name, most)? {
        None => Err(Refused::missing(name)),
        Some("") => Err(Refused::bad(format!("{name} is empty"))),
        Some(text) => Ok(text),
    }
}

/// A text that may be there, of at most so many characters.
pub(super) fn optional<'a>(
    body: &'a Map<String, Value>,
    name: &str,
    most: usize,
) -> Result<Option<&'a str>, Refused> {
    match body.get(name) {
        None => Ok(None),
        Some(Value::String(text)) if text.chars().count() <= most => Ok(Some(text)),
        Some(Value::String(_)) => Err(Refused::bad(format!("{name} is longer than {most} characters"))),
        Some(_) => Err(Refused::bad(format!("{name} is no text"))),
    }
}

fn media(body: &Map<String, Value>) -> Result<(), Refused> {
    let url = required(body, "media", URL_MAX)?;
    match url::Url::parse(url) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(()),
        _ => Err(Refused::bad("media is no address")),
    }
}

fn size(body: &Map<String, Value>, most: u64) -> Result<(), Refused> {
    match body.get("size") {
        None => Err(Refused::missing("size")),
        Some(size) if size.as_u64().is_some_and(|size| size <= most) => Ok(()),
        Some(_) => Err(Refused::bad(format!("size is no number up to {most}"))),
    }
}

fn degrees(place: &Map<String, Value>, name: &str, most: f64) -> Result<(), Refused> {
    let value = place.get(name).ok_or_else(|| Refused::missing(name))?;
    // The platform's own examples write them as text.
    let value = value.as_f64().or_else(|| value.as_str()?.parse().ok());
    match value {
        Some(value) if value.abs() <= most => Ok(()),
        _ => Err(Refused::bad(format!("{name} is no degrees"))),
    }
}
