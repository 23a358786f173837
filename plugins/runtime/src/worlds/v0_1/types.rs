//! What all worlds speak of, both ways.

use std::collections::BTreeMap;
use std::time::Duration;

use omnichat_core::channel::AppAccounts;
use omnichat_core::clock::Timestamp;
use omnichat_core::error::FieldError;
use omnichat_core::messages::{AttachmentKind, Button, ButtonAction, Live, Part, Span, SpanStyle};

use super::channel_world::omnichat::plugin::types as wit;
use crate::descriptor::Described;
use crate::factors::request::{Answer, Body, Content, Part as FormPart, Request};
use crate::outcome::PluginError;
use crate::secrets::defuse;

/// A value that this version does not know.
pub(super) fn unknown(what: &str, value: &str) -> PluginError {
    PluginError::new(
        "malformed",
        format!("the plugin gave {what} of the unknown kind «{value}»"),
    )
}

/// A value that a kind must have and has not.
pub(super) fn lacking(kind: &str, what: &str) -> PluginError {
    PluginError::new(
        "malformed",
        format!("the plugin gave an event «{kind}» without {what}"),
    )
}

pub(super) fn time(ms: u64) -> Timestamp {
    Timestamp::from_millis(i64::try_from(ms).unwrap_or(i64::MAX))
}

pub(super) fn millis(at: Timestamp) -> u64 {
    u64::try_from(at.micros() / 1_000).unwrap_or(0)
}

pub(super) fn pairs(map: &BTreeMap<String, String>) -> Vec<(String, String)> {
    map.iter()
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// What people wrote, on its way to a guest.
pub(super) fn words(text: &str) -> String {
    defuse(text).into_owned()
}

impl From<wit::PluginError> for PluginError {
    fn from(error: wit::PluginError) -> Self {
        Self {
            code: error.code,
            message: error.message,
            retryable: error.retryable,
            retry_after: error.retry_after_ms.map(Duration::from_millis),
            not_sent: error.not_sent,
            details: error.details,
        }
    }
}

impl From<PluginError> for wit::PluginError {
    fn from(error: PluginError) -> Self {
        Self {
            code: error.code,
            message: error.message,
            retryable: error.retryable,
            retry_after_ms: error
                .retry_after
                .map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
            not_sent: error.not_sent,
            details: error.details,
        }
    }
}

impl From<wit::ConfigIssue> for FieldError {
    fn from(issue: wit::ConfigIssue) -> Self {
        Self {
            field: issue.field,
            code: issue.code,
            message: issue.message,
        }
    }
}

impl From<wit::Descriptor> for Described {
    fn from(descriptor: wit::Descriptor) -> Self {
        Self {
            id: descriptor.id,
            version: descriptor.version,
            title: descriptor.title,
            summary: descriptor.summary,
            config_schema: descriptor.config_schema,
            capabilities: descriptor.capabilities,
            limits: descriptor
                .limits
                .into_iter()
                .map(|limit| (limit.name, limit.value))
                .collect(),
            docs: descriptor.docs,
            app: descriptor.app.map(|of| AppAccounts {
                app: of.app,
                account: of.account,
            }),
        }
    }
}

impl From<wit::Content> for Content {
    fn from(content: wit::Content) -> Self {
        match content {
            wit::Content::Bytes(bytes) => Self::Bytes(bytes),
            wit::Content::Blob(id) => Self::Blob(id),
        }
    }
}

impl From<wit::HttpRequest> for Request {
    fn from(request: wit::HttpRequest) -> Self {
        let part = |part: wit::Part| FormPart {
            name: part.name,
            file_name: part.file_name,
            content_type: part.content_type,
            content: part.content.into(),
        };
        Self {
            method: request.method,
            url: request.url,
            headers: request.headers,
            body: match request.body {
                wit::Body::None => Body::None,
                wit::Body::Whole(content) => Body::Whole(content.into()),
                wit::Body::Form(parts) => Body::Form(parts.into_iter().map(part).collect()),
            },
            timeout: request.timeout_ms.map(|ms| Duration::from_millis(ms.into())),
        }
    }
}

impl From<Answer> for wit::HttpResponse {
    fn from(answer: Answer) -> Self {
        Self {
            status: answer.status,
            headers: answer.headers,
            body: answer.body,
        }
    }
}

const STYLES: &[(&str, SpanStyle)] = &[
    ("bold", SpanStyle::Bold),
    ("italic", SpanStyle::Italic),
    ("underline", SpanStyle::Underline),
    ("strike", SpanStyle::Strike),
    ("code", SpanStyle::Code),
    ("pre", SpanStyle::Pre),
    ("spoiler", SpanStyle::Spoiler),
    ("quote", SpanStyle::Quote),
    ("link", SpanStyle::Link),
];

pub(super) fn span_to_wit(span: &Span) -> wit::Span {
    let style = STYLES.iter().find(|(_, style)| *style == span.style);
    wit::Span {
        start: span.start,
        length: span.length,
        style: style.map_or("", |(name, _)| name).to_owned(),
        url: span.url.as_deref().map(words),
    }
}

pub(super) fn span_from_wit(span: wit::Span) -> Result<Span, PluginError> {
    let style = STYLES.iter().find(|(name, _)| *name == span.style);
    Ok(Span {
        start: span.start,
        length: span.length,
        style: style.ok_or_else(|| unknown("a stretch of text", &span.style))?.1,
        url: span.url,
    })
}

pub(super) fn buttons_to_wit(rows: &[Vec<Button>]) -> Vec<Vec<wit::Button>> {
    rows.iter()
        .map(|row| row.iter().map(button_to_wit).collect())
        .collect()
}

fn button_to_wit(button: &Button) -> wit::Button {
    let (kind, value) = match &button.action {
        ButtonAction::Reply { data } => ("reply", Some(words(data))),
        ButtonAction::Url { url } => ("url", Some(words(url))),
        ButtonAction::Contact => ("contact", None),
        ButtonAction::Location => ("location", None),
    };
    wit::Button {
        text: words(&button.text),
        kind: kind.to_owned(),
        value,
    }
}

pub(super) fn buttons_from_wit(rows: Vec<Vec<wit::Button>>) -> Result<Vec<Vec<Button>>, PluginError> {
    rows.into_iter()
        .map(|row| row.into_iter().map(button_from_wit).collect())
        .collect()
}

fn button_from_wit(button: wit::Button) -> Result<Button, PluginError> {
    let action = match (button.kind.as_str(), button.value) {
        ("reply", data) => ButtonAction::Reply {
            data: data.unwrap_or_default(),
        },
        ("url", Some(url)) => ButtonAction::Url { url },
        ("contact", _) => ButtonAction::Contact,
        ("location", _) => ButtonAction::Location,
        _ => return Err(unknown("a button", &button.kind)),
    };
    Ok(Button {
        text: button.text,
        action,
    })
}

const KINDS: &[(&str, AttachmentKind)] = &[
    ("image", AttachmentKind::Image),
    ("video", AttachmentKind::Video),
    ("audio", AttachmentKind::Audio),
    ("voice", AttachmentKind::Voice),
    ("document", AttachmentKind::Document),
    ("animation", AttachmentKind::Animation),
    ("sticker", AttachmentKind::Sticker),
    ("video-note", AttachmentKind::VideoNote),
];

pub(super) fn file_kind_to_wit(kind: AttachmentKind) -> String {
    let name = KINDS.iter().find(|(_, known)| *known == kind);
    name.map_or("document", |(name, _)| name).to_owned()
}

pub(super) fn file_kind_from_wit(kind: &str) -> Result<AttachmentKind, PluginError> {
    KINDS
        .iter()
        .find(|(name, _)| *name == kind)
        .map(|(_, kind)| *kind)
        .ok_or_else(|| unknown("a file", kind))
}

pub(super) fn location_to_wit(part: &Part) -> Option<wit::Location> {
    match part {
        Part::Location {
            latitude,
            longitude,
            title,
            address,
            ..
        } => Some(wit::Location {
            latitude: *latitude,
            longitude: *longitude,
            title: title.as_deref().map(words),
            address: address.as_deref().map(words),
        }),
        _ => None,
    }
}

pub(super) fn contact_to_wit(part: &Part) -> Option<wit::Contact> {
    match part {
        Part::Contact { name, phone } => Some(wit::Contact {
            name: words(name),
            phone: words(phone),
        }),
        _ => None,
    }
}

pub(super) fn location_from_wit(location: wit::Location, live: Option<Live>) -> Part {
    Part::Location {
        latitude: location.latitude,
        longitude: location.longitude,
        title: location.title,
        address: location.address,
        live,
    }
}

pub(super) fn contact_from_wit(contact: wit::Contact) -> Part {
    Part::Contact {
        name: contact.name,
        phone: contact.phone,
    }
}
