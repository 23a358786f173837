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
/// MAX itself takes 4 GB. An upload has the minute that the host gives a request, in which this much goes through an uplink of
/// 40 Mbit/s.
const FILE_MAX: u64 = 250_000_000;
/// So long after the call began another upload may begin, in milliseconds: the manifest's `wall_s` without an upload of full
/// length and the message itself.
const UPLOADS_BEGIN_MS: u64 = 50_000;
/// After this long the rest of the files goes on, in milliseconds.
const PAUSE_MS: u64 = 1_000;
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

/// The attachment of a file, for a call that began at `begun`.
///
/// # Errors
/// All surely not sent: nothing has reached the customer yet.
pub(crate) fn attachment(client: &Client<'_>, file: &OutboundFile, begun: u64) -> Result<Value> {
    let medium = Medium::of(file);
    let payload = payload(client, file, medium, begun).map_err(PluginError::not_sent)?;
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

fn payload(client: &Client<'_>, file: &OutboundFile, medium: Medium, begun: u64) -> Result<Value> {
    let key = key(file, medium);
    if let Some(known) = host::kv::get_json(&key)? {
        return Ok(known);
    }
    // Better another try, which knows the files that are there already, than a call that is ended in the middle of one.
    if host::env::now_ms().saturating_sub(begun) > UPLOADS_BEGIN_MS {
        return Err(PluginError::unavailable("the files are still on their way to MAX").after_ms(PAUSE_MS));
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

#[cfg(test)]
mod tests {
    use omnichat_plugin_sdk::fixture::Fixture;

    use super::*;
    use crate::config::Settings;

    fn second_file(known: bool) -> Result<Value> {
        let settings: Settings = serde_json::from_value(json!({ "token": "t" })).unwrap();
        let file = OutboundFile {
            blob: "b2".to_owned(),
            kind: "document".to_owned(),
            digest: "d2".to_owned(),
            size: 200_000_000,
            ..OutboundFile::default()
        };
        let mut fixture = Fixture::new().clock(51_001);
        if known {
            fixture = fixture.stored("upload:file:d2", br#"{"token":"ft2"}"#);
        }
        fixture
            .run(|| attachment(&Client::new(&settings), &file, 1_000))
            .clean()
    }

    #[test]
    fn a_call_that_is_nearly_over_begins_no_upload() {
        let error = second_file(false).unwrap_err();
        assert_eq!(
            (error.code.as_str(), error.not_sent, error.retry_after_ms),
            ("unavailable", true, Some(PAUSE_MS))
        );
    }

    #[test]
    fn what_is_there_already_needs_no_time() {
        assert_eq!(second_file(true).unwrap()["payload"]["token"], "ft2");
    }
}
