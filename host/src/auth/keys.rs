//! Programs at the door: how often each key may ask, who was let in a moment ago, and that a key is in use.

use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use lru::LruCache;
use omnichat_core::Engine;
use omnichat_core::api_keys::{ApiKeyToken, KeyAccess};
use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind, Result, Retry};
use omnichat_core::id::ApiKeyId;

use super::recent::{MOST, Recent, remembering};
use crate::config::RateLimitConfig;

/// How often the core is told that a key is in use; it writes it down every few minutes.
const NOTED: Duration = Duration::from_secs(60);

/// The door for programs.
pub(super) struct Keys {
    limiter: Option<DefaultKeyedRateLimiter<ApiKeyId>>,
    /// By the digest of the token.
    recent: Recent<String, KeyAccess>,
    noted: Mutex<LruCache<ApiKeyId, Timestamp>>,
}

impl Keys {
    pub(super) fn new(config: RateLimitConfig) -> Self {
        let quota = NonZeroU32::new(config.key_per_second)
            .zip(NonZeroU32::new(config.key_burst))
            .filter(|_| config.enabled)
            .map(|(steady, burst)| Quota::per_second(steady).allow_burst(burst));
        Self {
            limiter: quota.map(RateLimiter::keyed),
            recent: Recent::default(),
            noted: Mutex::new(remembering()),
        }
    }

    /// Lets a program in by its token.
    pub(super) async fn admit(&self, engine: &Engine, token: &ApiKeyToken) -> Result<KeyAccess> {
        let now = engine.now();
        let digest = token.digest();
        let known = self.recent.get(&digest, now);
        let access = match known.filter(|access| access.until > now) {
            Some(access) => access,
            None => {
                let round = self.recent.round();
                let access = engine.api_keys().authenticate(token).await?;
                self.recent.put(digest, access.clone(), now, round);
                access
            }
        };
        // Counted for a key that proved itself: nobody can use up another's share.
        self.count(access.key)?;
        if self.is_to_be_noted(access.key, now)
            && let Err(error) = engine.api_keys().note_use(token.tenant, access.key).await
        {
            tracing::warn!(key = %access.key, %error, "it was not written down that a key is in use");
        }
        Ok(access)
    }

    /// Looks at every key anew.
    pub(super) fn forget(&self) {
        self.recent.clear();
    }

    fn count(&self, key: ApiKeyId) -> Result<()> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        if limiter.len() > MOST.get() {
            limiter.retain_recent();
        }
        limiter.check_key(&key).map_err(|not_yet| {
            let wait = not_yet.wait_time_from(DefaultClock::default().now());
            Error::new(ErrorKind::RateLimited, "too many requests with this API key")
                .with_retry(Retry::After(wait))
        })
    }

    fn is_to_be_noted(&self, key: ApiKeyId, now: Timestamp) -> bool {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let due = noted.get(&key).is_none_or(|at| now.since(*at) >= NOTED);
        if due {
            noted.put(key, now);
        }
        due
    }
}
