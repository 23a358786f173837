//! What is attached to messages that come in, and how its bytes are fetched.

use omnichat_plugin_sdk::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use crate::client::Client;
use crate::update::{Attachment, Payload};

/// A film's handle: its address has to be asked for.
const VIDEO_HANDLE: &str = "video:";
/// The best one first.
const QUALITIES: [&str; 6] = ["mp4_1080", "mp4_720", "mp4_480", "mp4_360", "mp4_240", "mp4_144"];

/// Adds an attachment to a message. Gives the sender's own phone number, if it is a card of the sender.
pub(crate) fn read(message: &mut InboundMessage, value: &Value, sender: Option<i64>) -> Option<String> {
    let Ok(attachment) = Attachment::deserialize(value) else {
        let kind = value.get("type").and_then(Value::as_str).unwrap_or("attachment");
        message.unsupported = Some(kind.to_owned());
        return None;
    };
    let payload = attachment.payload.as_ref();
    match attachment.kind.as_str() {
        "image" => message
            .files
            .push(file(&attachment, "image", "image.jpg", "image/jpeg")),
        "video" => message.files.push(video(&attachment)),
        "audio" => {
            message
                .files
                .push(file(&attachment, "voice", "voice.ogg", "audio/ogg"));
            let words = attachment
                .transcription
                .as_deref()
                .filter(|words| !words.is_empty());
            if let Some(words) = words {
                transcribe(message, words);
            }
        }
        "file" => {
            let name = attachment.filename.as_deref().unwrap_or("file");
            message
                .files
                .push(file(&attachment, "document", name, content_type(name)));
        }
        "sticker" => {
            message.sticker = Some(String::new());
            message
                .files
                .push(file(&attachment, "sticker", "sticker.webp", "image/webp"));
        }
        "contact" => return contact(message, payload, sender),
        "location" => match (attachment.latitude, attachment.longitude) {
            (Some(latitude), Some(longitude)) => {
                message.location = Some(Location {
                    latitude,
                    longitude,
                    ..Location::default()
                });
            }
            _ => message.unsupported = Some("location".to_owned()),
        },
        "share" => {
            let link = payload
                .and_then(|payload| payload.url.as_deref())
                .unwrap_or_default();
            if !message.text.contains(link) {
                let lines = [
                    message.text.as_str(),
                    attachment.title.as_deref().unwrap_or_default(),
                    attachment.description.as_deref().unwrap_or_default(),
                    link,
                ];
                let lines: Vec<&str> = lines.into_iter().filter(|line| !line.is_empty()).collect();
                message.text = lines.join("\n");
            }
        }
        // Buttons of our own messages, and what older clients add.
        "inline_keyboard" | "reply_keyboard" | "data" => {}
        other => message.unsupported = Some(if other.is_empty() { "attachment" } else { other }.to_owned()),
    }
    None
}

/// Adds what MAX heard in a recording. It is quoted, since nobody has written it.
fn transcribe(message: &mut InboundMessage, words: &str) {
    if !message.text.is_empty() {
        message.text.push_str("\n\n");
    }
    let units = |text: &str| u32::try_from(utf16_len(text)).unwrap_or(u32::MAX);
    let quoted = Span::new(units(&message.text), units(words), Style::Quote);
    message.spans.push(quoted);
    message.text.push_str(words);
}

fn file(attachment: &Attachment, kind: &str, name: &str, content_type: &str) -> InboundFile {
    let url = attachment
        .payload
        .as_ref()
        .and_then(|payload| payload.url.clone());
    let mut file = match url.filter(|url| url.starts_with("https://") || url.starts_with("http://")) {
        Some(url) => InboundFile::remote(kind, name, content_type, url),
        None => InboundFile::missing(kind, name, content_type, "MAX gave no address for this file"),
    };
    file.size = attachment.size;
    file.width = attachment.width;
    file.height = attachment.height;
    file.duration_ms = attachment.duration.map(|seconds| seconds.saturating_mul(1000));
    file
}

fn video(attachment: &Attachment) -> InboundFile {
    let mut read = file(attachment, "video", "video.mp4", "video/mp4");
    // The address in the message is that of a page.
    if let Some(token) = attachment
        .payload
        .as_ref()
        .and_then(|payload| payload.token.as_deref())
    {
        read.remote = Some(format!("{VIDEO_HANDLE}{token}"));
        read.missing = None;
    }
    read
}

fn contact(message: &mut InboundMessage, payload: Option<&Payload>, sender: Option<i64>) -> Option<String> {
    let payload = payload?;
    let card = payload.vcf_info.as_deref().unwrap_or_default();
    let phone = of_card(card, "TEL")
        .map(|phone| international(&phone))
        .unwrap_or_default();
    let known = payload.max_info.as_ref();
    let name = of_card(card, "FN").or_else(|| known.map(|user| user.full_name()));
    let name = name.unwrap_or_default();
    if message.contact.is_some() {
        // A message has one card; further ones stand as text.
        let lines = [message.text.as_str(), name.as_str(), phone.as_str()];
        let lines: Vec<&str> = lines.into_iter().filter(|line| !line.is_empty()).collect();
        message.text = lines.join("\n");
        return None;
    }
    message.contact = Some(Contact {
        name,
        phone: phone.clone(),
    });
    let own = known.is_some_and(|user| Some(user.user_id) == sender);
    Some(phone).filter(|phone| own && !phone.is_empty())
}

/// A phone number with its `+`: MAX gives full numbers without it. One that begins with `0` or `8`, or is too short, is not known
/// to be full and stays as it is.
fn international(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let is_number = phone
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')' | '\u{a0}'));
    let is_full = (11..=15).contains(&digits.len()) && !digits.starts_with(['0', '8']);
    match is_number && is_full {
        true => format!("+{digits}"),
        false => phone.to_owned(),
    }
}

/// The value of a line of a vCard, whatever its parameters.
fn of_card(card: &str, name: &str) -> Option<String> {
    let lines = card.lines().filter_map(|line| line.split_once(':'));
    let mut values = lines.filter(|(left, _)| {
        left.split(';')
            .next()
            .is_some_and(|left| left.eq_ignore_ascii_case(name))
    });
    let (_, value) = values.next()?;
    let value = value.trim().replace("\\,", ",").replace("\\;", ";");
    (!value.is_empty()).then_some(value)
}

/// MAX gives no types of files.
fn content_type(name: &str) -> &'static str {
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("pdf") => "application/pdf",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        Some("gif") => "image/gif",
        Some("mp4") => "video/mp4",
        Some("mp3") => "audio/mpeg",
        Some("ogg") => "audio/ogg",
        Some("txt") => "text/plain",
        Some("csv") => "text/csv",
        Some("zip") => "application/zip",
        Some("doc") => "application/msword",
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Some("xls") => "application/vnd.ms-excel",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    }
}

/// The request that fetches a file.
pub(crate) fn request(client: &Client<'_>, remote: &str) -> Result<HttpRequest> {
    let Some(token) = remote.strip_prefix(VIDEO_HANDLE) else {
        return Ok(HttpRequest::get(remote));
    };
    let answer: Value = client.get(&format!("/videos/{}", percent_encode(token)))?;
    let urls = answer.get("urls");
    let found = QUALITIES.iter().find_map(|quality| urls?.get(quality)?.as_str());
    found
        .map(HttpRequest::get)
        .ok_or_else(|| PluginError::rejected("MAX does not give this film"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_read_whatever_its_parameters() {
        let card =
            "BEGIN:VCARD\r\nVERSION:3.0\r\nTEL;TYPE=cell:79990000000\r\nFN:Ira Lann\\, Shop\r\nEND:VCARD\r\n";
        assert_eq!(of_card(card, "TEL").as_deref(), Some("79990000000"));
        assert_eq!(of_card(card, "FN").as_deref(), Some("Ira Lann, Shop"));
        assert_eq!(of_card(card, "EMAIL"), None);
    }

    #[test]
    fn full_numbers_get_their_plus() {
        for (given, expected) in [
            ("79990000000", "+79990000000"),
            ("7 (999) 000-00-00", "+79990000000"),
            ("+79990000000", "+79990000000"),
            ("88005553535", "88005553535"),
            ("112", "112"),
            ("79990000000 ext. 5", "79990000000 ext. 5"),
        ] {
            assert_eq!(international(given), expected);
        }
    }
}
