//! A webhook as it came, and what the platform wants to hear.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{WebhookReply, WebhookRequest, WebhookVerdict};
use crate::types::{PluginError, Result, document};

impl WebhookRequest {
    /// A POST with a body, for tests.
    pub fn post(body: impl Into<Vec<u8>>) -> Self {
        Self {
            method: "POST".to_owned(),
            body: body.into(),
            ..Self::default()
        }
    }

    /// The same at a path and query below a public address, for tests.
    #[must_use]
    pub fn at(mut self, base_url: &str, path_and_query: &str) -> Self {
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        self.address = format!("{}{path_and_query}", base_url.trim_end_matches('/'));
        (self.path, self.query) = (path.to_owned(), query.to_owned());
        self
    }

    /// The same with another header, for tests.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_ascii_lowercase(), value.to_owned()));
        self
    }

    /// The first value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Reads the body as JSON.
    ///
    /// # Errors
    /// `malformed`, with the place and without the content.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        document(&self.body)
            .map_err(|reason| PluginError::malformed(format!("the webhook cannot be read: {reason}")))
    }
}

impl WebhookReply {
    /// 200 without a body.
    pub fn ok() -> Self {
        Self {
            status: 200,
            content_type: "text/plain".to_owned(),
            body: Vec::new(),
        }
    }

    /// 200 with JSON.
    pub fn json(value: &impl Serialize) -> Self {
        Self {
            status: 200,
            content_type: "application/json".to_owned(),
            body: serde_json::to_vec(value).unwrap_or_default(),
        }
    }
}

impl WebhookVerdict {
    /// It carries events: they are made durable, then the reply is given.
    pub fn process(reply: WebhookReply) -> Self {
        Self { process: true, reply }
    }

    /// It is part of a handshake: the reply is all.
    pub fn handshake(reply: WebhookReply) -> Self {
        Self {
            process: false,
            reply,
        }
    }
}
