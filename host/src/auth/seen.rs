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
pub(super) struct Seen(Mutex<Inner>);

struct Inner {
    sessions: LruCache<SessionId, (Actor, Timestamp)>,
    /// How often everything was forgotten.
    round: u64,
}

/// Since when somebody is being looked at.
#[derive(Clone, Copy)]
pub(super) struct Round(u64);

impl Default for Seen {
    fn default() -> Self {
        let mut sessions = LruCache::unbounded();
        // Grows with its use instead of taking its whole room at once.
        sessions.resize(MOST);
        Self(Mutex::new(Inner { sessions, round: 0 }))
    }
}

impl Seen {
    pub(super) fn get(&self, session: SessionId, now: Timestamp) -> Option<Actor> {
        self.lock()
            .sessions
            .get(&session)
            .filter(|(_, at)| now.since(*at) < FRESH)
            .map(|(actor, _)| actor.clone())
    }

    /// To be asked before the store is.
    pub(super) fn round(&self) -> Round {
        Round(self.lock().round)
    }

    /// Remembers what was read since a round began, unless everything was forgotten meanwhile: it may be out of date.
    pub(super) fn put(&self, session: SessionId, actor: Actor, now: Timestamp, since: Round) {
        let mut inner = self.lock();
        if inner.round == since.0 {
            inner.sessions.put(session, (actor, now));
        }
    }

    pub(super) fn clear(&self) {
        let mut inner = self.lock();
        inner.round += 1;
        inner.sessions.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use omnichat_core::actor::Role;
    use omnichat_core::clock::SystemClock;
    use omnichat_core::id::{OperatorId, TenantId};

    use super::*;

    #[test]
    fn what_was_read_before_everything_was_forgotten_is_not_remembered() {
        let (seen, now) = (Seen::default(), Timestamp::from_secs(1_000_000));
        let session = SessionId::generate(&SystemClock);
        let (tenant, id) = (
            TenantId::generate(&SystemClock),
            OperatorId::generate(&SystemClock),
        );
        let actor = Actor::operator(tenant, id, "Anna", Role::Owner);
        let before = seen.round();
        seen.clear();
        seen.put(session, actor.clone(), now, before);
        assert!(seen.get(session, now).is_none());
        seen.put(session, actor, now, seen.round());
        assert!(seen.get(session, now).is_some());
        assert!(seen.get(session, now.after(FRESH)).is_none());
    }
}
