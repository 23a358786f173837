//! The file of a message: Telegram puts at most one into each, an album is several messages.

use omnichat_core::channel::InboundAttachment;
use omnichat_core::channel::inbound::AttachmentSource;
use omnichat_core::messages::AttachmentKind;
use serde::Deserialize;
use serde_json::Value;

use super::super::update::{FileRef, Message, PhotoSize, Sticker};
use super::Reader;

pub(super) fn attachments(reader: &Reader, message: &Message) -> Vec<InboundAttachment> {
    if let Some(attachment) = attachment(reader, message) {
        return vec![attachment];
    }
    match &message.live_photo {
        Some(live) => live_photo(reader, live),
        None => Vec::new(),
    }
}

/// A picture that moves: the picture and its film, as far as they can be read.
fn live_photo(reader: &Reader, live: &Value) -> Vec<InboundAttachment> {
    let picture = sizes(live.get("photo"))
        .as_deref()
        .and_then(largest)
        .map(|p| photo(reader, p));
    let film = live.get("video").unwrap_or(live);
    let film = FileRef::deserialize(film)
        .ok()
        .map(|film| file(reader, &film, AttachmentKind::Animation));
    picture.into_iter().chain(film).collect()
}

/// The file that stands in a block of a rich message.
pub(super) fn of_block(reader: &Reader, block: &Value) -> Option<InboundAttachment> {
    let named = |name: &str| block.get(name).and_then(|value| FileRef::deserialize(value).ok());
    if let Some(picture) = sizes(block.get("photo")).as_deref().and_then(largest) {
        return Some(photo(reader, picture));
    }
    let kinds = [
        ("animation", AttachmentKind::Animation),
        ("video", AttachmentKind::Video),
        ("voice_note", AttachmentKind::Voice),
        ("voice", AttachmentKind::Voice),
        ("audio", AttachmentKind::Audio),
        ("document", AttachmentKind::Document),
    ];
    kinds
        .into_iter()
        .find_map(|(name, kind)| Some(file(reader, &named(name)?, kind)))
}

fn sizes(photo: Option<&Value>) -> Option<Vec<PhotoSize>> {
    Vec::deserialize(photo?).ok()
}

fn attachment(reader: &Reader, message: &Message) -> Option<InboundAttachment> {
    use AttachmentKind as Kind;
    if let Some(photo) = message.photo.as_deref().and_then(largest) {
        return Some(self::photo(reader, photo));
    }
    if let Some(sticker) = &message.sticker {
        return Some(self::sticker(reader, sticker));
    }
    // An animation is also given as a document, for old programs.
    let files = [
        (&message.animation, Kind::Animation),
        (&message.video, Kind::Video),
        (&message.video_note, Kind::VideoNote),
        (&message.voice, Kind::Voice),
        (&message.audio, Kind::Audio),
        (&message.document, Kind::Document),
    ];
    files
        .into_iter()
        .find_map(|(given, kind)| Some(file(reader, given.as_ref()?, kind)))
}

fn file(reader: &Reader, file: &FileRef, kind: AttachmentKind) -> InboundAttachment {
    let (name, content_type) = match kind {
        AttachmentKind::Animation => ("animation.mp4", "video/mp4"),
        AttachmentKind::Video | AttachmentKind::VideoNote => ("video.mp4", "video/mp4"),
        AttachmentKind::Voice => ("voice.ogg", "audio/ogg"),
        AttachmentKind::Audio => ("audio.mp3", "audio/mpeg"),
        _ => ("file", "application/octet-stream"),
    };
    InboundAttachment {
        kind,
        name: file
            .file_name
            .clone()
            .or_else(|| track_name(file))
            .unwrap_or_else(|| name.to_owned()),
        content_type: file.mime_type.clone().unwrap_or_else(|| content_type.to_owned()),
        size: file.file_size,
        width: file.width.or(file.length),
        height: file.height.or(file.length),
        duration_ms: file.duration.map(|seconds| seconds.saturating_mul(1_000)),
        identity: file.file_unique_id.clone(),
        source: source(reader, &file.file_id, file.file_size),
    }
}

/// The sizes come in no promised order.
fn largest(sizes: &[PhotoSize]) -> Option<&PhotoSize> {
    sizes
        .iter()
        .max_by_key(|size| u64::from(size.width) * u64::from(size.height))
}

fn photo(reader: &Reader, photo: &PhotoSize) -> InboundAttachment {
    InboundAttachment {
        kind: AttachmentKind::Image,
        name: "photo.jpg".to_owned(),
        content_type: "image/jpeg".to_owned(),
        size: photo.file_size,
        width: Some(photo.width),
        height: Some(photo.height),
        duration_ms: None,
        identity: photo.file_unique_id.clone(),
        source: source(reader, &photo.file_id, photo.file_size),
    }
}

fn sticker(reader: &Reader, sticker: &Sticker) -> InboundAttachment {
    let (name, content_type) = match (sticker.is_animated, sticker.is_video) {
        (true, _) => ("sticker.tgs", "application/x-tgsticker"),
        (false, true) => ("sticker.webm", "video/webm"),
        (false, false) => ("sticker.webp", "image/webp"),
    };
    InboundAttachment {
        kind: AttachmentKind::Sticker,
        name: name.to_owned(),
        content_type: content_type.to_owned(),
        size: sticker.file_size,
        width: sticker.width,
        height: sticker.height,
        duration_ms: None,
        identity: sticker.file_unique_id.clone(),
        source: source(reader, &sticker.file_id, sticker.file_size),
    }
}

/// The name of a piece of music that comes without a file name.
fn track_name(file: &FileRef) -> Option<String> {
    let title = file.title.as_deref().filter(|title| !title.is_empty())?;
    Some(
        match file
            .performer
            .as_deref()
            .filter(|performer| !performer.is_empty())
        {
            Some(performer) => format!("{performer} - {title}.mp3"),
            None => format!("{title}.mp3"),
        },
    )
}

fn source(reader: &Reader, file_id: &str, size: Option<u64>) -> AttachmentSource {
    match (reader.download_max, size) {
        (Some(max), Some(size)) if size > max => AttachmentSource::Missing(format!(
            "Telegram hands out files to bots up to {} MB only",
            max / (1024 * 1024)
        )),
        _ => AttachmentSource::Remote(file_id.to_owned()),
    }
}
