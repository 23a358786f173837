//! Wrappers that implement the same trait as what they wrap, so that no channel repeats them.
//!
//! ```text
//! trace ─▶ throttle ─▶ timeout ─▶ the channel itself
//! ```
//!
//! There is none for retries: whether a message is tried again is known to the queue, which outlives the process.

mod throttle;
mod timeout;
mod trace;

pub use throttle::{Rate, Rates};
pub use timeout::Deadlines;

use std::sync::Arc;

use async_trait::async_trait;
use omnichat_core::channel::{AccountConfig, Channel, ChannelKind, Descriptor, WebhookRequest};
use omnichat_core::error::Result;
use omnichat_core::settings::Kind;
use serde_json::Value;

use throttle::Throttled;
use timeout::Timed;
use trace::Traced;

/// What the wrappers of a kind need to know of its platform.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// How fast messages may go out; as fast as one likes if absent.
    pub rates: Option<Rates>,
    /// How long calls may take.
    pub deadlines: Deadlines,
}

/// A kind whose accounts are wrapped.
pub struct Layered<K> {
    kind: K,
    policy: Policy,
}

impl<K: ChannelKind> Layered<K> {
    /// Wraps a kind's accounts.
    pub fn new(kind: K, policy: Policy) -> Self {
        Self { kind, policy }
    }
}

#[async_trait]
impl<K: ChannelKind> Kind for Layered<K> {
    fn descriptor(&self) -> &Descriptor {
        self.kind.descriptor()
    }

    async fn validate(&self, config: &Value) -> Result<()> {
        self.kind.validate(config).await
    }

    async fn migrate(&self, from: &str, config: Value) -> Result<Value> {
        self.kind.migrate(from, config).await
    }
}

#[async_trait]
impl<K: ChannelKind> ChannelKind for Layered<K> {
    fn open(&self, account: AccountConfig) -> Result<Arc<dyn Channel>> {
        let inbox = account.inbox;
        let channel = self.kind.open(account)?;
        let channel: Arc<dyn Channel> = Arc::new(Timed::new(channel, self.policy.deadlines));
        let channel: Arc<dyn Channel> = match &self.policy.rates {
            Some(rates) => Arc::new(Throttled::new(channel, rates)),
            None => channel,
        };
        Ok(Arc::new(Traced::new(
            channel,
            self.kind.descriptor().kind.clone(),
            inbox,
        )))
    }

    async fn addressed(&self, request: &WebhookRequest) -> Result<Vec<String>> {
        self.kind.addressed(request).await
    }
}
