//! Messages, receipts and files.

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
