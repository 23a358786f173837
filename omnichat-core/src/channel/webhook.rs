//! A webhook as it came, before anybody has understood it.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// A webhook request: what a signature is computed over and what quarantine keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookRequest {
    /// `POST`, `GET`.
    pub method: String,
    /// The path at which it came, as it was written: `/webhooks/inbox_…`. Empty if it came by no request: in a poll, in a test.
    #[serde(default)]
    pub path: String,
    /// What follows the `?`, without it; empty if nothing does.
    pub query: String,
    /// The whole public address, as the platform called it: scheme, host, path and query. It is made of the host's public
    /// address, the one with which webhooks are registered, and never of what the request itself says of its host. A host that was
    /// told none takes the address at which it listens, which no platform outside of it can have signed. Empty where [`path`](Self::path) is.
    #[serde(default)]
    pub address: String,
    /// Header names in lower case, with their values. Values that are no text are left out.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte.
    #[serde(with = "body")]
    pub body: Bytes,
}

impl WebhookRequest {
    /// A request without query, headers and body, that came at no address.
    pub fn new(method: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: String::new(),
            query: String::new(),
            address: String::new(),
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    /// A POST with a body.
    pub fn post(body: impl Into<Bytes>) -> Self {
        Self::new("POST").with_body(body)
    }

    /// A GET with a query, which is given without the `?`.
    pub fn get(query: &str) -> Self {
        Self::new("GET").with_query(query)
    }

    /// The same request at a path and query (`/webhooks/inbox_…?a=b`) below a public address, which may end in a slash.
    #[must_use]
    pub fn at(mut self, base_url: &str, path_and_query: &str) -> Self {
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        self.address = format!("{}{path_and_query}", base_url.trim_end_matches('/'));
        (self.path, self.query) = (path.to_owned(), query.to_owned());
        self
    }

    /// The same request with another query, which is given without the `?`; also in its address, if it has one.
    #[must_use]
    pub fn with_query(mut self, query: &str) -> Self {
        if !self.address.is_empty() {
            let end = self.address.find('?').unwrap_or(self.address.len());
            self.address.truncate(end);
            if !query.is_empty() {
                self.address.push('?');
                self.address.push_str(query);
            }
        }
        query.clone_into(&mut self.query);
        self
    }

    /// The same request with these headers, whose names are in lower case, and no others.
    #[must_use]
    pub fn with_headers(mut self, headers: Vec<(String, String)>) -> Self {
        self.headers = headers;
        self
    }

    /// The same request with another header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_ascii_lowercase(), value.to_owned()));
        self
    }

    /// The same request with another body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// The first value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// The same request as it may be kept and shown: values of headers and of the query whose names say that they are secrets are
    /// `…`, in the address too.
    #[must_use]
    pub fn without_secrets(mut self) -> Self {
        for (name, value) in &mut self.headers {
            if is_secret(name) {
                HIDDEN.clone_into(value);
            }
        }
        let query = without_secrets(&self.query);
        if query == self.query {
            self
        } else {
            self.with_query(&query)
        }
    }
}

/// What stands in the place of a secret.
const HIDDEN: &str = "…";

/// A query without the values of its secrets.
fn without_secrets(query: &str) -> String {
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name, value)) if is_secret(&name.to_ascii_lowercase()) && !value.is_empty() => {
            format!("{name}={HIDDEN}")
        }
        _ => pair.to_owned(),
    };
    let pairs: Vec<String> = query.split('&').map(pair).collect();
    pairs.join("&")
}

/// Whether a header or a parameter holds a secret, by its name in lower case.
fn is_secret(name: &str) -> bool {
    matches!(name, "authorization" | "proxy-authorization" | "cookie" | "key")
        || ["secret", "token", "password", "api_key", "api-key", "apikey"]
            .iter()
            .any(|word| name.contains(word))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_the_public_one_with_path_and_query() {
        let request = WebhookRequest::post("{}").at("https://chat.example.org/", "/webhooks/inbox_1?a=1?2");
        assert_eq!(request.address, "https://chat.example.org/webhooks/inbox_1?a=1?2");
        assert_eq!(
            (request.path.as_str(), request.query.as_str()),
            ("/webhooks/inbox_1", "a=1?2")
        );
        let other = request.with_query("b=3");
        assert_eq!(other.address, "https://chat.example.org/webhooks/inbox_1?b=3");
        assert_eq!(
            other.with_query("").address,
            "https://chat.example.org/webhooks/inbox_1"
        );
        assert_eq!(WebhookRequest::get("a=1").address, "");
    }

    #[test]
    fn secrets_are_hidden_wherever_they_stand() {
        let request = WebhookRequest::post("token=stays")
            .at(
                "https://chat.example.org",
                "/webhooks/inbox_1?hub.mode=subscribe&hub.verify_Token=open&key=sesame&monkey=1&token=&flag",
            )
            .with_header("X-Secret", "open")
            .with_header("X-Signature", "ab");
        let kept = request.clone().without_secrets();
        assert_eq!(
            kept.query,
            "hub.mode=subscribe&hub.verify_Token=…&key=…&monkey=1&token=&flag"
        );
        assert_eq!(
            kept.address,
            format!("https://chat.example.org/webhooks/inbox_1?{}", kept.query)
        );
        assert_eq!(kept.header("x-secret"), Some("…"));
        assert_eq!(kept.header("x-signature"), Some("ab"));
        assert_eq!(kept.body, request.body, "it is understood from that later");
        let plain = WebhookRequest::get("a=1").at("https://chat.example.org", "/webhooks/inbox_1?a=1");
        assert_eq!(plain.clone().without_secrets(), plain);
    }

    #[test]
    fn what_was_kept_before_addresses_were_can_be_read() {
        let kept = r#"{"method":"POST","query":"a=1","headers":[],"body":{"text":"{}"}}"#;
        let request: WebhookRequest = serde_json::from_str(kept).unwrap();
        assert_eq!(request, WebhookRequest::post("{}").with_query("a=1"));
    }
}
