//! A channel to be tried.

use std::any::Any;
use std::sync::Arc;

use serde_json::Value;

use crate::channel::{AccountConfig, Channel, ChannelKind, WebhookRequest};
use crate::clock::{Clock, SystemClock};
use crate::id::InboxId;

/// A kind of channel, with settings that open an account and webhooks that this account accepts.
pub struct ChannelFixture {
    /// The kind.
    pub kind: Arc<dyn ChannelKind>,
    /// Settings that open an account, secrets included.
    pub config: Value,
    /// Webhooks of every sort, as the platform sends them to this account, signed if it signs.
    pub samples: Vec<WebhookRequest>,
    inbox: InboxId,
    held: Vec<Box<dyn Any + Send + Sync>>,
}

impl std::fmt::Debug for ChannelFixture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChannelFixture")
            .field("kind", &self.kind.descriptor().kind)
            .finish_non_exhaustive()
    }
}

impl ChannelFixture {
    /// A kind with settings that open an account.
    pub fn new(kind: Arc<dyn ChannelKind>, config: Value) -> Self {
        let inbox = InboxId::from_uuid(SystemClock.uuid());
        Self {
            kind,
            config,
            samples: Vec::new(),
            inbox,
            held: Vec::new(),
        }
    }

    /// The same, with webhooks that the account accepts.
    #[must_use]
    pub fn with_samples(mut self, samples: impl IntoIterator<Item = WebhookRequest>) -> Self {
        self.samples.extend(samples);
        self
    }

    /// The same, keeping something as long as the case runs.
    #[must_use]
    pub fn holding(mut self, what: impl Any + Send + Sync) -> Self {
        self.held.push(Box::new(what));
        self
    }

    /// The account, opened.
    ///
    /// # Panics
    /// If it cannot be opened.
    pub fn open(&self) -> Arc<dyn Channel> {
        self.kind
            .open(self.account(self.config.clone()))
            .expect("the account opens")
    }

    /// The account with other settings.
    pub fn account(&self, config: Value) -> AccountConfig {
        AccountConfig {
            inbox: self.inbox,
            config,
            proxy_url: None,
        }
    }

    /// The samples; says so if there are none.
    pub fn samples(&self) -> &[WebhookRequest] {
        if self.samples.is_empty() {
            println!(
                "the channel «{}» gave no webhooks to try",
                self.kind.descriptor().kind
            );
        }
        &self.samples
    }
}
