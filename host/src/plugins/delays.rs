//! What keeps versions from starting for the time being, and when they are tried again.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use omnichat_core::clock::Timestamp;
use tokio::time::Instant;

/// The longest pause between two tries.
const LONGEST: Duration = Duration::from_secs(60);

/// Why a version has not started yet.
#[derive(Clone, Debug)]
pub struct Delay {
    /// Digest of the version.
    pub digest: String,
    /// What went wrong the last time.
    pub reason: String,
    /// When it was tried for the first time.
    pub since: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried again.
    pub next_at: Timestamp,
    /// The same by the clock of this process.
    due: Instant,
}

/// The delays by the ids of plugins.
#[derive(Default)]
pub(super) struct Delays {
    all: Mutex<BTreeMap<String, Delay>>,
}

impl Delays {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Delay>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get(&self, id: &str) -> Option<Delay> {
        self.lock().get(id).cloned()
    }

    /// Notes a failure; gives the pause until the next try.
    pub(super) fn add(&self, id: &str, digest: &str, reason: String, now: Timestamp) -> Duration {
        let mut all = self.lock();
        let before = all.remove(id).filter(|delay| delay.digest == digest);
        let attempts = before.as_ref().map_or(0, |delay| delay.attempts) + 1;
        let pause = pause(attempts);
        let delay = Delay {
            digest: digest.to_owned(),
            reason,
            since: before.map_or(now, |delay| delay.since),
            attempts,
            next_at: now.after(pause),
            due: Instant::now() + pause,
        };
        all.insert(id.to_owned(), delay);
        pause
    }

    pub(super) fn remove(&self, id: &str) {
        self.lock().remove(id);
    }

    /// Forgets those of plugins that are not to start.
    pub(super) fn retain(&self, keep: impl Fn(&str) -> bool) {
        self.lock().retain(|id, _| keep(id));
    }

    /// Whether something is to be tried again now.
    pub(super) fn is_due(&self) -> bool {
        let now = Instant::now();
        self.lock().values().any(|delay| delay.due <= now)
    }
}

/// The pause after a number of failures: it doubles from one second to one minute.
pub(super) fn pause(attempts: u32) -> Duration {
    Duration::from_secs(1 << attempts.saturating_sub(1).min(6)).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_and_another_version_begins_anew() {
        let delays = Delays::default();
        let now = Timestamp::from_secs(1_767_268_800);
        let mut pauses = Vec::new();
        for _ in 0..8 {
            pauses.push(
                delays
                    .add("pigeon", "a", "the store is down".to_owned(), now)
                    .as_secs(),
            );
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert!(!delays.is_due());
        tokio::time::advance(LONGEST).await;
        assert!(delays.is_due());
        delays.add("pigeon", "b", "the store is down".to_owned(), now);
        let delay = delays.get("pigeon").unwrap();
        assert_eq!((delay.attempts, delay.next_at), (1, now.after(pause(1))));
        delays.retain(|id| id != "pigeon");
        assert!(delays.get("pigeon").is_none() && !delays.is_due());
    }
}
