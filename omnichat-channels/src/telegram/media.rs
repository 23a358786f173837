//! As what a file is sent. Telegram is choosy: a picture of 12 MB, or sound that is no MP3, goes as a document.

use omnichat_core::channel::OutboundFile;
use omnichat_core::messages::AttachmentKind;

/// Largest picture that is sent as such, in bytes.
const PHOTO_MAX: u64 = 10_000_000;

/// As what a file is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Medium {
    Photo,
    Video,
    Animation,
    Audio,
    Voice,
    Document,
    Sticker,
    VideoNote,
}

/// What may stand together in one album.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Album {
    Visual,
    Audio,
    Documents,
}

impl Medium {
    /// What fits a file.
    pub(super) fn of(file: &OutboundFile) -> Self {
        use AttachmentKind as Kind;
        let whole = file.content_type.to_ascii_lowercase();
        let content_type = whole.split(';').next().unwrap_or_default().trim();
        match (file.kind, content_type) {
            (Kind::Sticker, "image/webp" | "video/webm" | "application/x-tgsticker") => Self::Sticker,
            (Kind::Image | Kind::Animation | Kind::Sticker, "image/gif") => Self::Animation,
            (Kind::Image | Kind::Sticker, "image/jpeg" | "image/png" | "image/webp")
                if file.size <= PHOTO_MAX =>
            {
                Self::Photo
            }
            (Kind::Animation, "video/mp4") => Self::Animation,
            (Kind::VideoNote, "video/mp4") => Self::VideoNote,
            (
                Kind::Video | Kind::Animation | Kind::VideoNote,
                "video/mp4" | "video/quicktime" | "video/mpeg",
            ) => Self::Video,
            (Kind::Voice, "audio/ogg" | "audio/opus" | "audio/mpeg" | "audio/mp4" | "audio/x-m4a") => {
                Self::Voice
            }
            (
                Kind::Audio | Kind::Voice,
                "audio/mpeg" | "audio/mp3" | "audio/mp4" | "audio/x-m4a" | "audio/aac",
            ) => Self::Audio,
            _ => Self::Document,
        }
    }

    /// The method that sends one.
    pub(super) const fn method(self) -> &'static str {
        match self {
            Self::Photo => "sendPhoto",
            Self::Video => "sendVideo",
            Self::Animation => "sendAnimation",
            Self::Audio => "sendAudio",
            Self::Voice => "sendVoice",
            Self::Document => "sendDocument",
            Self::Sticker => "sendSticker",
            Self::VideoNote => "sendVideoNote",
        }
    }

    /// The parameter that holds it, and the member of the answer; also its type in an album.
    pub(super) const fn field(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Video => "video",
            Self::Animation => "animation",
            Self::Audio => "audio",
            Self::Voice => "voice",
            Self::Document => "document",
            Self::Sticker => "sticker",
            Self::VideoNote => "video_note",
        }
    }

    /// Whether a text may stand beside it.
    pub(super) const fn takes_caption(self) -> bool {
        !matches!(self, Self::Sticker | Self::VideoNote)
    }

    /// In which album it may stand, if in any.
    pub(super) const fn album(self) -> Option<Album> {
        match self {
            Self::Photo | Self::Video => Some(Album::Visual),
            Self::Audio => Some(Album::Audio),
            Self::Document => Some(Album::Documents),
            Self::Animation | Self::Voice | Self::Sticker | Self::VideoNote => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use async_trait::async_trait;
    use omnichat_core::channel::FileSource;
    use omnichat_core::error::{Error, Result};
    use omnichat_core::store::blob::ByteStream;

    use super::*;

    struct Nothing;

    #[async_trait]
    impl FileSource for Nothing {
        async fn open(&self) -> Result<ByteStream> {
            Err(Error::not_found("file"))
        }
    }

    #[test]
    fn a_large_picture_goes_as_a_document() {
        let picture = |size| OutboundFile {
            kind: AttachmentKind::Image,
            name: "a.jpg".to_owned(),
            content_type: "image/jpeg".to_owned(),
            size,
            digest: String::new(),
            source: Arc::new(Nothing),
        };
        assert_eq!(Medium::of(&picture(PHOTO_MAX)), Medium::Photo);
        assert_eq!(Medium::of(&picture(PHOTO_MAX + 1)), Medium::Document);
    }
}
