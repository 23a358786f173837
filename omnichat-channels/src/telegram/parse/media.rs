//! The file of a message: Telegram puts at most one into each, an album is several messages.

use omnichat_core::channel::InboundAttachment;
use omnichat_core::channel::inbound::AttachmentSource;
use omnichat_core::messages::AttachmentKind;

use super::super::update::{FileRef, Message, PhotoSize, Sticker};
use super::Reader;

pub(super) fn attachments(reader: &Reader, message: &Message) -> Vec<InboundAttachment> {
    attachment(reader, message).into_iter().collect()
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
    let animation = message
        .animation
        .as_ref()
        .map(|f| (f, Kind::Animation, "animation.mp4", "video/mp4"));
    let (file, kind, name, content_type) = animation
        .or_else(|| {
            message
                .video
                .as_ref()
                .map(|f| (f, Kind::Video, "video.mp4", "video/mp4"))
        })
        .or_else(|| {
            message
                .video_note
                .as_ref()
                .map(|f| (f, Kind::VideoNote, "video.mp4", "video/mp4"))
        })
        .or_else(|| {
            message
                .voice
                .as_ref()
                .map(|f| (f, Kind::Voice, "voice.ogg", "audio/ogg"))
        })
        .or_else(|| {
            message
                .audio
                .as_ref()
                .map(|f| (f, Kind::Audio, "audio.mp3", "audio/mpeg"))
        })
        .or_else(|| {
            message
                .document
                .as_ref()
                .map(|f| (f, Kind::Document, "file", "application/octet-stream"))
        })?;
    Some(InboundAttachment {
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
        source: source(reader, &file.file_id, file.file_size),
    })
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
