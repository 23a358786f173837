//! What is said: text with styles, files, buttons and at most one special part.

use serde::{Deserialize, Serialize};

use super::notice::{Fact, NoticeKind};
use crate::clock::Timestamp;
use crate::id::{AttachmentId, FileId};

/// What an attachment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentKind {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// Music or other sound.
    Audio,
    /// A voice note.
    Voice,
    /// Any other file.
    Document,
    /// A silent, looping film.
    Animation,
    /// A sticker.
    Sticker,
    /// A round film.
    VideoNote,
}

impl AttachmentKind {
    /// The stable name, as in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Voice => "voice",
            Self::Document => "document",
            Self::Animation => "animation",
            Self::Sticker => "sticker",
            Self::VideoNote => "video_note",
        }
    }

    /// The kind that fits a content type.
    pub fn of_content_type(content_type: &str) -> Self {
        match content_type.split('/').next() {
            Some("image") if content_type != "image/svg+xml" => Self::Image,
            Some("video") => Self::Video,
            Some("audio") => Self::Audio,
            _ => Self::Document,
        }
    }
}

/// Whether an attachment's bytes are here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AttachmentState {
    /// Still at the platform; a job fetches it. `remote` is what the channel needs to do so.
    Pending {
        /// The platform's handle of the file.
        remote: String,
    },
    /// Stored here.
    Ready {
        /// The stored file.
        file: FileId,
    },
    /// Could not be fetched.
    Failed {
        /// Why, for people.
        reason: String,
        /// The platform's handle of the file, by which it can be asked for again; none if there never was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remote: Option<String>,
    },
}

/// A file that belongs to a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// What it is.
    pub kind: AttachmentKind,
    /// The file name.
    pub name: String,
    /// The MIME type.
    pub content_type: String,
    /// Bytes, if known.
    pub size: Option<u64>,
    /// Pixels, if known.
    pub width: Option<u32>,
    /// Pixels, if known.
    pub height: Option<u32>,
    /// Milliseconds, if known.
    pub duration_ms: Option<u64>,
    /// What the platform knows its content by: an edit that brings the same one need not fetch it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// Whether the bytes are here.
    #[serde(flatten)]
    pub state: AttachmentState,
}

impl Attachment {
    /// The file could not be fetched; it can be asked for again.
    pub fn fail(&mut self, reason: &str) {
        if let AttachmentState::Pending { remote } = &self.state {
            self.state = AttachmentState::Failed {
                reason: reason.to_owned(),
                remote: Some(remote.clone()),
            };
        }
    }
}

/// How a stretch of text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpanStyle {
    /// Bold.
    Bold,
    /// Italic.
    Italic,
    /// Underlined.
    Underline,
    /// Struck through.
    Strike,
    /// Fixed width, inline.
    Code,
    /// Fixed width, a block.
    Pre,
    /// Hidden until touched.
    Spoiler,
    /// A quotation.
    Quote,
    /// A link, see [`Span::url`].
    Link,
}

/// A stretch of text with a style. Offsets count UTF-16 code units, as JavaScript and Telegram do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Where it begins.
    pub start: u32,
    /// How long it is.
    pub length: u32,
    /// How it looks.
    pub style: SpanStyle,
    /// Where a link leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// What a button does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ButtonAction {
    /// Answers with data; comes back as [`Part::ButtonPress`].
    Reply {
        /// What comes back.
        data: String,
    },
    /// Opens a page.
    Url {
        /// Which.
        url: String,
    },
    /// Asks for the customer's phone number.
    Contact,
    /// Asks for the customer's place.
    Location,
}

/// A button under a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// Its label.
    pub text: String,
    /// What it does.
    #[serde(flatten)]
    pub action: ButtonAction,
}

/// What a system entry of the time line tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SystemEntry {
    /// The conversation began.
    Started,
    /// It was given to `target`.
    Assigned,
    /// It was taken from its assignee.
    Unassigned,
    /// `actor` handed it to `target` with a comment.
    Transferred,
    /// `actor` took it.
    Joined,
    /// `target` was invited.
    Invited,
    /// `actor` left.
    Left,
    /// The scenario `actor` handed it over to people.
    HandedOver,
    /// Resolved.
    Resolved,
    /// Closed.
    Closed,
    /// Opened again.
    Reopened,
    /// Marked as spam.
    Spam,
    /// Put out of sight until `comment`.
    Snoozed,
    /// The priority became `comment`.
    Priority,
    /// The customer blocked us.
    Blocked,
    /// The customer can be reached again.
    Unblocked,
}

impl SystemEntry {
    /// Whether customers may see it: who answers them, and how it ended. What operators do among themselves they may not.
    pub const fn is_for_customers(self) -> bool {
        matches!(
            self,
            Self::Joined | Self::Assigned | Self::Transferred | Self::Resolved | Self::Closed
        )
    }
}

/// A place that moves: whoever shares it goes on telling where it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Live {
    /// When the sharing ends by itself; never, if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Where it is heading, in degrees clockwise from north, 1 to 360.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heading: Option<u16>,
    /// It was ended before its time: the place is the last one that was told.
    pub ended: bool,
}

/// What a message is besides text, files and buttons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Part {
    /// A place.
    Location {
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
        /// Name of the place.
        title: Option<String>,
        /// Its address.
        address: Option<String>,
        /// It moves, or did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        live: Option<Live>,
    },
    /// A person's card.
    Contact {
        /// The name.
        name: String,
        /// The phone number.
        phone: String,
    },
    /// A sticker; its picture is an attachment.
    Sticker {
        /// What it stands for.
        emoji: Option<String>,
    },
    /// A button was pressed.
    ButtonPress {
        /// The button's data.
        data: String,
        /// The button's label, if known.
        title: Option<String>,
    },
    /// Something of the platform that is shown by its facts: a poll, an invoice, a gift.
    Notice {
        /// What it is about.
        kind: NoticeKind,
        /// What it is called: a poll's question, the title of an invoice.
        title: String,
        /// What is known of it, in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        facts: Vec<Fact>,
    },
    /// Something that OmniChat does not know; kept and shown.
    Unsupported {
        /// The platform's word for it.
        kind: String,
        /// What can be said of it.
        summary: String,
    },
    /// An entry of the time line.
    System {
        /// What happened.
        entry: SystemEntry,
        /// Who did it.
        actor: Option<String>,
        /// To whom.
        target: Option<String>,
        /// With which words.
        comment: Option<String>,
    },
}

/// What is said: the part of a message that is written, edited and rendered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// The text; may be empty when there is something else.
    #[serde(default)]
    pub text: String,
    /// Its styles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<Span>,
    /// Its files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// Rows of buttons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Vec<Button>>,
    /// Anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
}

impl Content {
    /// Plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// A system entry.
    pub fn system(
        entry: SystemEntry,
        actor: Option<&str>,
        target: Option<&str>,
        comment: Option<&str>,
    ) -> Self {
        let own = |s: Option<&str>| s.map(str::to_owned);
        Self {
            part: Some(Part::System {
                entry,
                actor: own(actor),
                target: own(target),
                comment: own(comment),
            }),
            ..Self::default()
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty() && self.attachments.is_empty() && self.part.is_none()
    }

    /// Length of the text in UTF-16 code units: what platforms count.
    pub fn text_units(&self) -> usize {
        self.text.encode_utf16().count()
    }

    /// What it is in one word, as in [`crate::conversations::LastMessage::kind`].
    pub fn kind(&self) -> &'static str {
        match (&self.part, self.attachments.first()) {
            (Some(Part::Location { .. }), _) => "location",
            (Some(Part::Contact { .. }), _) => "contact",
            (Some(Part::ButtonPress { .. }), _) => "button",
            (Some(Part::Notice { kind, .. }), _) => kind.name(),
            (Some(Part::Unsupported { .. }), _) => "unsupported",
            (_, Some(attachment)) => attachment.kind.name(),
            (Some(Part::Sticker { .. }), None) => "sticker",
            _ => "text",
        }
    }

    /// The first 140 characters on one line, for lists.
    pub fn preview(&self) -> String {
        let text = match &self.part {
            Some(Part::Notice { title, facts, .. }) if self.text.is_empty() => match facts.first() {
                Some(fact) if title.is_empty() => return preview(&fact.words()),
                _ => title,
            },
            Some(Part::ButtonPress { title, data }) if self.text.is_empty() => title.as_ref().unwrap_or(data),
            Some(Part::Unsupported { summary, .. }) if self.text.is_empty() => summary,
            Some(Part::Contact { name, .. }) if self.text.is_empty() => name,
            Some(Part::Location {
                title: Some(title), ..
            }) if self.text.is_empty() => title,
            Some(Part::Sticker { emoji: Some(emoji) }) if self.text.is_empty() => emoji,
            _ => match self.attachments.first() {
                Some(file) if self.text.is_empty() => &file.name,
                _ => &self.text,
            },
        };
        preview(text)
    }
}

/// The first 140 characters of a text on one line.
pub fn preview(text: &str) -> String {
    excerpt(text, 140)
}

/// The first `max` characters of a text on one line.
pub fn excerpt(text: &str, max: usize) -> String {
    let mut line = String::with_capacity(text.len().min(max.saturating_add(20)));
    let mut count = 0;
    for word in text.split_whitespace() {
        if count > 0 {
            line.push(' ');
            count += 1;
        }
        for c in word.chars() {
            if count >= max {
                line.push('…');
                return line;
            }
            line.push(c);
            count += 1;
        }
    }
    line
}
