//! From callbacks to events. Pure.

use omnichat_plugin_sdk::channel::State;
use omnichat_plugin_sdk::prelude::*;

use crate::callback::{Callback, Message, User};
use crate::render::{BUTTON_PREFIX, context_of};

/// Pictures of old sets; newer stickers come with an address of their own.
const STICKERS: &str = "https://viber.github.io/docs/img/stickers/";

/// The events of a callback. One that is not known is no event.
///
/// # Errors
/// `malformed` if it does not say whom it concerns.
pub(crate) fn events(callback: &Callback) -> Result<Vec<InboundEvent>> {
    let at = callback.timestamp;
    let receipt = |state| -> Result<Vec<InboundEvent>> {
        let event = InboundEvent::receipt(chat(callback)?, token(callback)?, state);
        Ok(vec![event.at(at).because(callback.desc.clone())])
    };
    match callback.event.as_str() {
        "message" => message(callback).map(|event| vec![event]),
        "delivered" => receipt(State::Delivered),
        "seen" => receipt(State::Read),
        "failed" => receipt(State::Failed),
        "subscribed" => reachable(callback, true),
        // An opened chat cannot be written to before the customer has written or pressed something.
        "conversation_started" if callback.subscribed => reachable(callback, true),
        "unsubscribed" => reachable(callback, false),
        _ => Ok(Vec::new()),
    }
}

fn reachable(callback: &Callback, yes: bool) -> Result<Vec<InboundEvent>> {
    let person = callback
        .user
        .as_ref()
        .map(|user| person(user, callback.context.as_deref()));
    let event = InboundEvent::reachable(chat(callback)?, yes);
    Ok(vec![event.at(callback.timestamp).by(person)])
}

fn message(callback: &Callback) -> Result<InboundEvent> {
    let chat = chat(callback)?;
    let token = token(callback)?;
    let message = callback
        .message
        .as_ref()
        .ok_or_else(|| PluginError::malformed("a message callback has no message"))?;
    // Who answers to the welcome message brings back what the link held.
    let context = message.tracking_data.as_deref().and_then(context_of);
    let person = callback.sender.as_ref().map(|user| person(user, context));
    let pressed = message
        .text
        .as_deref()
        .and_then(|text| text.strip_prefix(BUTTON_PREFIX));
    let event = match pressed {
        Some(data) if message.kind == "text" => {
            InboundEvent::button(chat, token, None, data.to_owned()).at(callback.timestamp)
        }
        _ => {
            let mut content = content(message);
            content.external_id = token;
            content.at = callback.timestamp;
            InboundEvent::message(chat, content)
        }
    };
    Ok(event.by(person))
}

fn content(message: &Message) -> InboundMessage {
    let mut content = InboundMessage {
        text: message.text.clone().unwrap_or_default(),
        ..InboundMessage::default()
    };
    match message.kind.as_str() {
        "text" => {}
        "picture" => content
            .files
            .push(file(message, "image", "picture.jpg", "image/jpeg")),
        "video" => content
            .files
            .push(file(message, "video", "video.mp4", "video/mp4")),
        "file" => content
            .files
            .push(file(message, "document", "file", "application/octet-stream")),
        "sticker" => {
            content.sticker = Some(String::new());
            content.files.extend(sticker(message));
        }
        "url" => {
            let link = message.media.clone().unwrap_or_default();
            if !content.text.contains(&link) {
                content.text = format!("{}\n{link}", content.text).trim().to_owned();
            }
        }
        "contact" => {
            let given = |text: &Option<String>| text.clone().unwrap_or_default();
            let contact = message.contact.as_ref().map(|contact| Contact {
                name: given(&contact.name),
                phone: given(&contact.phone_number),
            });
            content.contact = contact.filter(|contact| !contact.name.is_empty() || !contact.phone.is_empty());
            if content.contact.is_none() {
                content.unsupported = Some("contact".to_owned());
            }
        }
        "location" => {
            let place = message.location.as_ref();
            content.location = place.and_then(|place| {
                Some(Location {
                    latitude: place.lat.value()?,
                    longitude: place.lon.value()?,
                    title: None,
                    address: place.address.clone().filter(|address| !address.is_empty()),
                })
            });
            if content.location.is_none() {
                content.unsupported = Some("location".to_owned());
            }
        }
        other => content.unsupported = Some(if other.is_empty() { "message" } else { other }.to_owned()),
    }
    content
}

fn file(message: &Message, kind: &str, fallback: &str, content_type: &str) -> InboundFile {
    let name = message.file_name.clone().filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| fallback.to_owned());
    let (kind, content_type) = match by_ending(&name) {
        // A film that came as a film stays one, whatever its name.
        Some(known @ (by_name, _)) if kind == "document" || kind == by_name => known,
        _ => (kind, content_type),
    };
    let mut file = match message.media.as_deref().filter(|url| is_address(url)) {
        Some(url) => InboundFile::remote(kind, name, content_type, url),
        None => InboundFile::missing(kind, name, content_type, "Viber gave no address for this file"),
    };
    file.size = [&message.size, &message.file_size]
        .into_iter()
        .flatten()
        .find_map(|size| size.count());
    file.duration_ms = message
        .duration
        .as_ref()
        .and_then(|seconds| seconds.count())
        .map(|seconds| seconds * 1000);
    file
}

fn sticker(message: &Message) -> Option<InboundFile> {
    let id = &message.sticker_id.0;
    let own = message.media.clone().filter(|url| is_address(url));
    let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    let url = own.or_else(|| is_number.then(|| format!("{STICKERS}{id}.png")))?;
    Some(InboundFile::remote("sticker", "sticker.png", "image/png", url))
}

fn is_address(url: &str) -> bool {
    // Over a gateway without a certificate, too; the host decides which hosts may be asked.
    url.starts_with("https://") || url.starts_with("http://")
}

/// Kind and type of a file by the ending of its name. Viber gives no type.
fn by_ending(name: &str) -> Option<(&'static str, &'static str)> {
    let (_, ending) = name.rsplit_once('.')?;
    Some(match ending.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" => ("image", "image/jpeg"),
        "png" => ("image", "image/png"),
        "gif" => ("image", "image/gif"),
        "webp" => ("image", "image/webp"),
        "mp4" | "m4v" => ("video", "video/mp4"),
        "mov" => ("video", "video/quicktime"),
        "3gp" => ("video", "video/3gpp"),
        "mp3" => ("audio", "audio/mpeg"),
        "m4a" => ("audio", "audio/mp4"),
        "ogg" | "opus" => ("audio", "audio/ogg"),
        "wav" => ("audio", "audio/wav"),
        "aac" => ("audio", "audio/aac"),
        "amr" => ("audio", "audio/amr"),
        "pdf" => ("document", "application/pdf"),
        "txt" => ("document", "text/plain"),
        "csv" => ("document", "text/csv"),
        "zip" => ("document", "application/zip"),
        "doc" => ("document", "application/msword"),
        "docx" => (
            "document",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        "xls" => ("document", "application/vnd.ms-excel"),
        "xlsx" => (
            "document",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        _ => return None,
    })
}

/// The person of the chat: Viber's ids are other ones for every bot.
fn person(user: &User, context: Option<&str>) -> Person {
    let attribute = |name: &str, value: Option<&str>| {
        let value = value.filter(|value| !value.is_empty())?;
        Some((name.to_owned(), value.to_owned()))
    };
    let attributes = [
        attribute("country", user.country.as_deref()),
        attribute("link_context", context),
    ];
    Person {
        name: user.name.clone().unwrap_or_default(),
        locale: user.language.clone().filter(|language| !language.is_empty()),
        attributes: attributes.into_iter().flatten().collect(),
        ..Person::default()
    }
}

/// Whom it concerns. The id is different for every bot and is the address of answers.
fn chat(callback: &Callback) -> Result<String> {
    let sender = callback
        .sender
        .as_ref()
        .or(callback.user.as_ref())
        .map(|user| &user.id);
    let id = sender.or(callback.user_id.as_ref()).filter(|id| !id.is_empty());
    id.cloned()
        .ok_or_else(|| PluginError::malformed("a callback does not say whom it concerns"))
}

fn token(callback: &Callback) -> Result<String> {
    let token = Some(&callback.message_token.0).filter(|token| !token.is_empty());
    token
        .cloned()
        .ok_or_else(|| PluginError::malformed("a callback has no message token"))
}
