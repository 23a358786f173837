//! Who was let in a moment ago: saves two reads of the store at most requests.

use std::hash::Hash;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lru::LruCache;
use omnichat_core::clock::Timestamp;

/// For how long what was read is taken for unchanged.
const FRESH: Duration = Duration::from_secs(3);
/// How many are remembered.
pub(super) const MOST: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

/// Who was let in a moment ago, by what they came with.
pub(super) struct Recent<K: Hash + Eq, V>(Mutex<Inner<K, V>>);

struct Inner<K: Hash + Eq, V> {
    known: LruCache<K, (V, Timestamp)>,
    /// How often everything was forgotten.
    round: u64,
}

/// Since when somebody is being looked at.
#[derive(Clone, Copy)]
pub(super) struct Round(u64);

impl<K: Hash + Eq, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self(Mutex::new(Inner {
            known: remembering(),
            round: 0,
        }))
    }
}

impl<K: Hash + Eq, V: Clone> Recent<K, V> {
    pub(super) fn get(&self, key: &K, now: Timestamp) -> Option<V> {
        self.lock()
            .known
            .get(key)
            .filter(|(_, at)| now.since(*at) < FRESH)
            .map(|(value, _)| value.clone())
    }

    /// To be asked before the store is.
    pub(super) fn round(&self) -> Round {
        Round(self.lock().round)
    }

    /// Remembers what was read since a round began, unless everything was forgotten meanwhile: it may be out of date.
    pub(super) fn put(&self, key: K, value: V, now: Timestamp, since: Round) {
        let mut inner = self.lock();
        if inner.round == since.0 {
            inner.known.put(key, (value, now));
        }
    }

    pub(super) fn clear(&self) {
        let mut inner = self.lock();
        inner.round += 1;
        inner.known.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Inner<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Grows with its use instead of taking its whole room at once.
pub(super) fn remembering<K: Hash + Eq, V>() -> LruCache<K, V> {
    let mut cache = LruCache::unbounded();
    cache.resize(MOST);
    cache
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_before_everything_was_forgotten_is_not_remembered() {
        let (recent, now) = (Recent::default(), Timestamp::from_secs(1_000_000));
        let before = recent.round();
        recent.clear();
        recent.put("session", 1, now, before);
        assert_eq!(recent.get(&"session", now), None);
        recent.put("session", 2, now, recent.round());
        assert_eq!(recent.get(&"session", now), Some(2));
        assert_eq!(recent.get(&"session", now.after(FRESH)), None);
    }
}
