//! Files that go out: an address is asked for, the file is brought there, its token is attached to the message.
//!
//! Tokens are remembered for some hours: MAX takes a while to process a file, and the message is tried again until then.

use omnichat_plugin_sdk::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::client::Client;

/// Largest files by kind, in bytes.
pub(crate) const LIMITS: [(&str, u64); 8] = [
    ("image", IMAGE_MAX),
    ("video", VIDEO_MAX),
    ("audio", VIDEO_MAX),
    ("voice", VIDEO_MAX),
    ("document", FILE_MAX),
    ("animation", VIDEO_MAX),
    ("sticker", FILE_MAX),
    ("video-note", VIDEO_MAX),
];
const IMAGE_MAX: u64 = 50_000_000;
const VIDEO_MAX: u64 = 250_000_000;
const FILE_MAX: u64 = 4_000_000_000;
/// How long a token is remembered, in milliseconds.
const MEMORY_MS: u64 = 6 * 60 * 60 * 1000;

/// As what a file is uploaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Medium {
    Image,
    Video,
    Audio,
    File,
}

impl Medium {
    pub(crate) fn of(file: &OutboundFile) -> Self {
        let is_picture = matches!(
            file.content_type.as_str(),
            "image/jpeg" | "image/png" | "image/gif" | "image/tiff" | "image/bmp" | "image/heic"
        );
        match file.kind.as_str() {
            "image" | "animation" if is_picture && file.size <= IMAGE_MAX => Self::Image,
            "video" | "animation" | "video-note"
                if file.content_type.starts_with("video/") && file.size <= VIDEO_MAX =>
            {
                Self::Video
            }
            "audio" | "voice" if file.size <= VIDEO_MAX => Self::Audio,
            _ => Self::File,
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::File => "file",
        }
    }

    /// Whether others may stand beside it in a message.
    pub(crate) fn combines(self) -> bool {
        matches!(self, Self::Image | Self::Video)
    }
}

#[derive(Deserialize)]
struct Place {
    url: String,
    /// For films and sound it is known before they are there.
    token: Option<String>,
}

/// The attachment of a file.
///
/// # Errors
/// All surely not sent: nothing has reached the customer yet.
pub(crate) fn attachment(client: &Client<'_>, file: &OutboundFile) -> Result<Value> {
    let medium = Medium::of(file);
    let payload = payload(client, file, medium).map_err(PluginError::not_sent)?;
    Ok(json!({ "type": medium.name(), "payload": payload }))
}

/// Forgets the tokens of files that MAX does not take.
pub(crate) fn forget(files: &[&OutboundFile]) -> Result<()> {
    files
        .iter()
        .try_for_each(|file| host::kv::delete(&key(file, Medium::of(file))))
}

fn key(file: &OutboundFile, medium: Medium) -> String {
    format!("upload:{}:{}", medium.name(), file.digest)
}

fn payload(client: &Client<'_>, file: &OutboundFile, medium: Medium) -> Result<Value> {
    let key = key(file, medium);
    if let Some(known) = host::kv::get_json(&key)? {
        return Ok(known);
    }
    let place: Place = client.post_bare(&format!("/uploads?type={}", medium.name()))?;
    let part = Part::blob("data", &file.blob, &file.name, &file.content_type);
    let response = host::http::send(&HttpRequest::post(&place.url).form(vec![part]))?;
    // The storage is not the API: what it refuses says nothing of the account.
    match response.status {
        200..300 => {}
        413 => return Err(PluginError::rejected("the file is larger than MAX allows")),
        _ => return Err(PluginError::unavailable("MAX did not take the file")),
    }
    let payload = match (medium, place.token) {
        // What comes back is XML and says nothing.
        (Medium::Video | Medium::Audio, Some(token)) => json!({ "token": token }),
        _ => uploaded(&response)?,
    };
    host::kv::set_json(&key, &payload, Some(MEMORY_MS))?;
    Ok(payload)
}

/// A token, or the list of a picture's sizes, each with its own.
fn uploaded(response: &HttpResponse) -> Result<Value> {
    let answer: Value = response.json()?;
    for name in ["photos", "token"] {
        if let Some(value) = answer.get(name).filter(|value| !value.is_null()) {
            return Ok(json!({ name: value }));
        }
    }
    Err(PluginError::unavailable(
        "MAX took the file and gave no token for it",
    ))
}
