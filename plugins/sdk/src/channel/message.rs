//! Messages, receipts and files.

use serde_json::{Value, json};

use super::{Action, InboundFile, InboundMessage, Outbound, Receipt};
use crate::types::{PluginError, Result};

impl InboundMessage {
    /// A message with an id and a text.
    pub fn new(external_id: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            external_id: external_id.into(),
            text: text.into(),
            ..Self::default()
        }
    }

    /// Adds what the platform tells of the message that this one answers to: who wrote it, what it says and what it is (`text`,
    /// `image`, …; empty if nobody knows). It is shown where the host does not know that message.
    pub fn tell_original(&mut self, author_name: &str, text: &str, kind: &str) {
        let original = json!({ "author_name": author_name, "text": text, "kind": kind });
        put(&mut self.extra, "original", original);
    }

    /// Makes it a notice: something that is shown by its facts. `kind` is one that the host knows (`poll`, `invoice`,
    /// `withheld`, …); each of the facts has a `label` and a `text`.
    pub fn tell_notice(&mut self, kind: &str, title: &str, facts: &[Value]) {
        put(
            &mut self.extra,
            "notice",
            json!({ "kind": kind, "title": title, "facts": facts }),
        );
    }
}

/// Adds a field to a document of further fields.
pub(super) fn put(extra: &mut String, name: &str, value: Value) {
    let mut fields = match serde_json::from_str(extra) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    fields.insert(name.to_owned(), value);
    *extra = Value::Object(fields).to_string();
}

impl InboundFile {
    /// A file of a kind (`image`, `document`, …) that [`crate::Channel::resolve_media`] finds by a handle.
    pub fn remote(
        kind: &str,
        name: impl Into<String>,
        content_type: &str,
        handle: impl Into<String>,
    ) -> Self {
        Self {
            kind: kind.to_owned(),
            name: name.into(),
            content_type: content_type.to_owned(),
            remote: Some(handle.into()),
            ..Self::default()
        }
    }

    /// A file that the platform does not give, and why.
    pub fn missing(kind: &str, name: impl Into<String>, content_type: &str, why: impl Into<String>) -> Self {
        Self {
            kind: kind.to_owned(),
            name: name.into(),
            content_type: content_type.to_owned(),
            missing: Some(why.into()),
            ..Self::default()
        }
    }
}

impl Outbound {
    /// The addressing data of a name.
    pub fn routed(&self, name: &str) -> Option<&str> {
        find(&self.route, name)
    }

    /// Whether there is text to be shown.
    pub fn has_text(&self) -> bool {
        !self.text.trim().is_empty()
    }
}

impl Action {
    /// The addressing data of a name.
    pub fn routed(&self, name: &str) -> Option<&str> {
        find(&self.route, name)
    }

    /// The message or press that it is about.
    ///
    /// # Errors
    /// `rejected` if none is named.
    pub fn external_id(&self) -> Result<&str> {
        let first = self.external_ids.first();
        first
            .map(String::as_str)
            .ok_or_else(|| PluginError::rejected("it is not said which message is meant"))
    }
}

impl Receipt {
    /// With the message's ids at the platform; the first one names it.
    pub fn of<T: Into<String>>(external_ids: impl IntoIterator<Item = T>) -> Self {
        Self {
            external_ids: external_ids.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }
}

fn find<'a>(route: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = route.iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.as_str())
}
