//! Who was authenticated a moment ago: saves two reads of the store at most requests.

use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lru::LruCache;
use omnichat_core::actor::Actor;
use omnichat_core::clock::Timestamp;
use omnichat_core::id::SessionId;

/// For how long an operator is taken for unchanged.
const FRESH: Duration = Duration::from_secs(3);
/// Sessions that are remembered.
const MOST: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

/// Who was authenticated a moment ago.
pub(super) struct Seen(Mutex<LruCache<SessionId, (Actor, Timestamp)>>);

impl Default for Seen {
    fn default() -> Self {
        let mut cache = LruCache::unbounded();
        // Grows with its use instead of taking its whole room at once.
        cache.resize(MOST);
        Self(Mutex::new(cache))
    }
}

impl Seen {
    pub(super) fn get(&self, session: SessionId, now: Timestamp) -> Option<Actor> {
        self.lock()
            .get(&session)
            .filter(|(_, at)| now.since(*at) < FRESH)
            .map(|(actor, _)| actor.clone())
    }

    pub(super) fn put(&self, session: SessionId, actor: Actor, now: Timestamp) {
        self.lock().put(session, (actor, now));
    }

    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, LruCache<SessionId, (Actor, Timestamp)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
