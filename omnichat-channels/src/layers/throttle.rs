//! Keeps to a platform's limits before the platform has to say so: a bucket of tokens for the account and one for each chat.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter};
use omnichat_core::channel::{
    AccountInfo, Action, Capabilities, Channel, Inbound, Outbound, PollBatch, Receipt, Verdict,
    WebhookRequest,
};
use omnichat_core::error::{Error, ErrorKind, Result, Retry};
use omnichat_core::store::blob::ByteStream;

/// The longest wait that is sat out here. A longer one goes back to the queue, which has other messages to send.
const PATIENCE: Duration = Duration::from_secs(1);
/// After how many messages chats that have been silent are forgotten.
const SWEEP: u32 = 4_096;

/// So many in so much time; at most so many at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many; at least one.
    pub count: u32,
    /// In how much time.
    pub per: Duration,
}

impl Rate {
    fn quota(self) -> Quota {
        let count = NonZeroU32::new(self.count).unwrap_or(NonZeroU32::MIN);
        // No time at all would be no limit, which is said by leaving the rates out.
        Quota::with_period((self.per / count.get()).max(Duration::from_nanos(1)))
            .unwrap_or(Quota::per_second(count))
            .allow_burst(count)
    }
}

/// A platform's limits on messages.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// For the account as a whole.
    pub account: Rate,
    /// For a chat with one person.
    pub chat: Rate,
    /// For a chat with several.
    pub shared_chat: Rate,
    /// Which chats have several people.
    pub is_shared: fn(&str) -> bool,
}

/// An account that keeps to its platform's limits.
pub(super) struct Throttled {
    inner: Arc<dyn Channel>,
    account: DefaultDirectRateLimiter,
    chats: DefaultKeyedRateLimiter<String>,
    shared: DefaultKeyedRateLimiter<String>,
    is_shared: fn(&str) -> bool,
    clock: DefaultClock,
    seen: AtomicU32,
}

impl Throttled {
    pub(super) fn new(inner: Arc<dyn Channel>, rates: &Rates) -> Self {
        Self {
            inner,
            account: RateLimiter::direct(rates.account.quota()),
            chats: RateLimiter::keyed(rates.chat.quota()),
            shared: RateLimiter::keyed(rates.shared_chat.quota()),
            is_shared: rates.is_shared,
            clock: DefaultClock::default(),
            seen: AtomicU32::new(0),
        }
    }

    /// Takes one token from the chat's bucket and one from the account's.
    async fn admit(&self, chat: &str) -> Result<()> {
        if self.seen.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.chats.retain_recent();
            self.shared.retain_recent();
        }
        let chats = if (self.is_shared)(chat) {
            &self.shared
        } else {
            &self.chats
        };
        let chat = chat.to_owned();
        self.take(|| chats.check_key(&chat)).await?;
        self.take(|| self.account.check()).await
    }

    async fn take(
        &self,
        check: impl Fn() -> Result<(), NotUntil<<DefaultClock as Clock>::Instant>>,
    ) -> Result<()> {
        let mut waited = Duration::ZERO;
        while let Err(not_until) = check() {
            let wait = not_until.wait_time_from(self.clock.now());
            if waited + wait > PATIENCE {
                return Err(Error::new(
                    ErrorKind::RateLimited,
                    "messages go out as fast as the platform allows",
                )
                .with_retry(Retry::After(wait))
                .surely_not_sent());
            }
            waited += wait;
            tokio::time::sleep(wait).await;
        }
        Ok(())
    }
}

#[async_trait]
impl Channel for Throttled {
    fn capabilities(&self) -> &Capabilities {
        self.inner.capabilities()
    }

    async fn accept(&self, request: &WebhookRequest) -> Result<Verdict> {
        self.inner.accept(request).await
    }

    async fn parse(&self, request: &WebhookRequest) -> Result<Vec<Inbound>> {
        self.inner.parse(request).await
    }

    async fn poll(&self, cursor: Option<&str>) -> Result<PollBatch> {
        self.inner.poll(cursor).await
    }

    async fn check(&self) -> Result<AccountInfo> {
        self.inner.check().await
    }

    async fn send(&self, message: &Outbound) -> Result<Receipt> {
        self.admit(&message.chat).await?;
        self.inner.send(message).await
    }

    async fn perform(&self, action: &Action) -> Result<()> {
        // Edits count as messages; the rest is not limited, or is so by the platform alone.
        if let Action::Edit { chat, .. } = action {
            self.admit(chat).await?;
        }
        self.inner.perform(action).await
    }

    async fn fetch(&self, remote: &str) -> Result<ByteStream> {
        self.inner.fetch(remote).await
    }
}
