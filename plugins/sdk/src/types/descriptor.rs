//! What a plugin says of itself.

use schemars::JsonSchema;

use super::{AppAccounts, ConfigIssue, Descriptor, Limit};
use crate::config;

impl Descriptor {
    /// A plugin by its name (as in its manifest), its version and the title that people see.
    pub fn new(id: &str, version: &str, title: &str) -> Self {
        Self {
            id: id.to_owned(),
            version: version.to_owned(),
            title: title.to_owned(),
            config_schema: r#"{"type":"object"}"#.to_owned(),
            ..Self::default()
        }
    }

    /// One sentence for the list.
    #[must_use]
    pub fn summary(mut self, summary: &str) -> Self {
        self.summary = summary.to_owned();
        self
    }

    /// The settings, as a form.
    #[must_use]
    pub fn config<T: JsonSchema>(mut self) -> Self {
        self.config_schema = config::form::<T>().to_string();
        self
    }

    /// What it can do, in the contract's words: `rich-text`, `reply`, `webhook`, …
    #[must_use]
    pub fn capabilities(mut self, names: &[&str]) -> Self {
        self.capabilities
            .extend(names.iter().map(|name| (*name).to_owned()));
        self
    }

    /// One app of the platform brings the webhooks of many accounts: which settings hold the platform's ids of the app and of the
    /// account. [`Channel::addressed`](crate::channel::Channel::addressed) says of which accounts a webhook speaks.
    #[must_use]
    pub fn app(mut self, app: &str, account: &str) -> Self {
        self.app = Some(AppAccounts {
            app: app.to_owned(),
            account: account.to_owned(),
        });
        self
    }

    /// A number that belongs to a capability: `text` (0 for a channel that sends none), `buttons-per-row`, `media.image`, …
    #[must_use]
    pub fn limit(mut self, name: &str, value: u64) -> Self {
        self.limits.push(Limit {
            name: name.to_owned(),
            value,
        });
        self
    }

    /// How an administrator sets it up, in Markdown.
    #[must_use]
    pub fn docs(mut self, markdown: &str) -> Self {
        self.docs = markdown.to_owned();
        self
    }
}

impl ConfigIssue {
    /// A wrong field: its path, a stable code (`required`, `format`, `range`) and a sentence for people.
    pub fn new(field: &str, code: &str, message: impl Into<String>) -> Self {
        Self {
            field: field.to_owned(),
            code: code.to_owned(),
            message: message.into(),
        }
    }
}
