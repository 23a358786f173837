//! Programs at the door: how often each key may ask, who was let in a moment ago, and that a key is in use.

use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use lru::LruCache;
use omnichat_core::Engine;
use omnichat_core::api_keys::{ApiKeyToken, KeyAccess};
use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind, Result, Retry};
use omnichat_core::id::ApiKeyId;

use crate::config::RateLimitConfig;

/// For how long a key is taken for unchanged.
const FRESH: Duration = Duration::from_secs(3);
/// How often the core is told that a key is in use; it writes it down every few minutes.
const NOTED: Duration = Duration::from_secs(60);
/// Keys that are remembered.
const MOST: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

/// The door for programs.
pub(super) struct Keys {
    limiter: Option<DefaultKeyedRateLimiter<ApiKeyId>>,
    seen: Mutex<LruCache<String, Seen>>,
    noted: Mutex<LruCache<ApiKeyId, Timestamp>>,
}

struct Seen {
    access: KeyAccess,
    at: Timestamp,
}

impl Keys {
    pub(super) fn new(config: RateLimitConfig) -> Self {
        let quota = NonZeroU32::new(config.key_per_second)
            .zip(NonZeroU32::new(config.key_burst))
            .filter(|_| config.enabled)
            .map(|(steady, burst)| Quota::per_second(steady).allow_burst(burst));
        Self {
            limiter: quota.map(RateLimiter::keyed),
            seen: Mutex::new(remembering()),
            noted: Mutex::new(remembering()),
        }
    }

    /// Lets a program in by its token.
    pub(super) async fn admit(&self, engine: &Engine, token: &ApiKeyToken) -> Result<KeyAccess> {
        let now = engine.ports().now();
        let digest = token.digest();
        let known = lock(&self.seen)
            .get(&digest)
            .filter(|seen| now.since(seen.at) < FRESH && seen.access.until > now)
            .map(|seen| seen.access.clone());
        let access = match known {
            Some(access) => access,
            None => {
                let access = engine.api_keys().authenticate(token).await?;
                let seen = Seen {
                    access: access.clone(),
                    at: now,
                };
                lock(&self.seen).put(digest, seen);
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
        lock(&self.seen).clear();
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
        let mut noted = lock(&self.noted);
        let due = noted.get(&key).is_none_or(|at| now.since(*at) >= NOTED);
        if due {
            noted.put(key, now);
        }
        due
    }
}

/// Grows with its use instead of taking its whole room at once.
fn remembering<K: std::hash::Hash + Eq, V>() -> LruCache<K, V> {
    let mut cache = LruCache::unbounded();
    cache.resize(MOST);
    cache
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
