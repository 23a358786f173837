//! A webhook as it came, before anybody has understood it.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// A webhook request: what a signature is computed over and what quarantine keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookRequest {
    /// `POST`, `GET`.
    pub method: String,
    /// What follows the `?`, without it; empty if nothing does.
    pub query: String,
    /// Header names in lower case, with their values. Values that are no text are left out.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte.
    #[serde(with = "body")]
    pub body: Bytes,
}

impl WebhookRequest {
    /// A POST with a body, for tests and tools.
    pub fn post(body: impl Into<Bytes>) -> Self {
        Self {
            method: "POST".to_owned(),
            query: String::new(),
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// The same request with another header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_ascii_lowercase(), value.to_owned()));
        self
    }

    /// The first value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }
}

/// What to do with an accepted webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It carries events: parse it, make them durable, then reply.
    Process(WebhookReply),
    /// It is part of a handshake: reply, nothing more.
    Reply(WebhookReply),
}

/// What the platform wants to hear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookReply {
    /// HTTP status.
    pub status: u16,
    /// MIME type of the body.
    pub content_type: String,
    /// The body.
    pub body: Bytes,
}

impl WebhookReply {
    /// 200 without a body.
    pub fn ok() -> Self {
        Self {
            status: 200,
            content_type: "text/plain".to_owned(),
            body: Bytes::new(),
        }
    }
}

/// Bodies are kept as text where they are text, which keeps stored ones readable. One with U+0000 in it is kept as bytes:
/// not every store can keep that character.
mod body {
    use bytes::Bytes;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Body {
        Text(String),
        Bytes(Vec<u8>),
    }

    pub(super) fn serialize<S: Serializer>(bytes: &Bytes, to: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => Body::Text(text.to_owned()),
            _ => Body::Bytes(bytes.to_vec()),
        }
        .serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Bytes, D::Error> {
        Ok(match Body::deserialize(from)? {
            Body::Text(text) => Bytes::from(text),
            Body::Bytes(bytes) => Bytes::from(bytes),
        })
    }
}
