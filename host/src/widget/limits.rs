//! How much a visitor and an address may do in a minute, so that a script in a page cannot flood the operators.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use omnichat_core::error::{Error, ErrorKind, Result, Retry};
use omnichat_core::id::InboxId;

use crate::config::WidgetConfig;
use crate::extract::LimitKey;

/// Every so many questions those who have not been seen for a while are forgotten.
const SWEEP: u32 = 4_096;

/// Counts of one thing, by whom.
#[derive(Debug)]
struct Limit<K: Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<K>,
    asked: AtomicU32,
}

impl<K: Hash + Eq + Clone> Limit<K> {
    fn per_minute(most: u32) -> Self {
        let quota = Quota::per_minute(NonZeroU32::new(most).unwrap_or(NonZeroU32::MIN));
        Self {
            limiter: RateLimiter::keyed(quota),
            asked: AtomicU32::new(0),
        }
    }

    fn ask(&self, key: &K) -> Result<()> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(key).map_err(|not_until| {
            let wait = not_until.wait_time_from(DefaultClock::default().now());
            Error::new(ErrorKind::RateLimited, "too much at once; wait a moment")
                .with_retry(Retry::After(wait))
        })
    }
}

type Visitor = (InboxId, String);

/// What is limited.
#[derive(Debug)]
pub(super) struct Limits {
    sessions: Limit<LimitKey>,
    connections: Limit<Visitor>,
    messages: Limit<Visitor>,
    messages_from: Limit<LimitKey>,
    uploads: Limit<Visitor>,
    uploads_from: Limit<LimitKey>,
}

impl Limits {
    pub(super) fn new(config: &WidgetConfig) -> Self {
        Self {
            sessions: Limit::per_minute(config.sessions_per_minute),
            connections: Limit::per_minute(config.connections_per_minute),
            messages: Limit::per_minute(config.messages_per_minute),
            messages_from: Limit::per_minute(config.messages_per_address),
            uploads: Limit::per_minute(config.uploads_per_minute),
            uploads_from: Limit::per_minute(config.uploads_per_address),
        }
    }

    /// `RateLimited` if an address begins too many sessions.
    pub(super) fn session(&self, from: LimitKey) -> Result<()> {
        self.sessions.ask(&from)
    }

    /// `RateLimited` if a visitor connects too often.
    pub(super) fn connection(&self, inbox: InboxId, chat: &str) -> Result<()> {
        self.connections.ask(&(inbox, chat.to_owned()))
    }

    /// `RateLimited` if a visitor, or everybody at an address, writes too much.
    pub(super) fn message(&self, inbox: InboxId, chat: &str, from: LimitKey) -> Result<()> {
        self.messages.ask(&(inbox, chat.to_owned()))?;
        self.messages_from.ask(&from)
    }

    /// `RateLimited` if a visitor, or everybody at an address, uploads too much.
    pub(super) fn upload(&self, inbox: InboxId, chat: &str, from: LimitKey) -> Result<()> {
        self.uploads.ask(&(inbox, chat.to_owned()))?;
        self.uploads_from.ask(&from)
    }
}

#[cfg(test)]
mod tests {
    use omnichat_core::clock::SystemClock;

    use super::*;

    fn address(text: &str) -> LimitKey {
        text.parse::<std::net::IpAddr>().unwrap().into()
    }

    #[test]
    fn sessions_are_counted_by_64_bits_of_an_address() {
        let limits = Limits::new(&WidgetConfig {
            sessions_per_minute: 2,
            ..WidgetConfig::default()
        });
        assert!(limits.session(address("2001:db8::1")).is_ok());
        assert!(limits.session(address("2001:db8::2")).is_ok());
        assert!(limits.session(address("2001:db8::3")).is_err());
        assert!(limits.session(address("2001:db8:0:1::3")).is_ok());
    }

    #[test]
    fn a_visitor_who_writes_too_much_waits_and_others_do_not() {
        let limits = Limits::new(&WidgetConfig {
            messages_per_minute: 2,
            ..WidgetConfig::default()
        });
        let (inbox, from) = (InboxId::generate(&SystemClock), address("192.0.2.1"));
        assert!(limits.message(inbox, "a", from).is_ok());
        assert!(limits.message(inbox, "a", from).is_ok());
        let refused = limits.message(inbox, "a", from).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::RateLimited);
        assert!(matches!(refused.retry(), Retry::After(wait) if !wait.is_zero()));
        assert!(limits.message(inbox, "b", from).is_ok());
    }
}
