//! Guessing is slow. What is wrong is counted under each of its keys (an account with the address or the device that tries
//! it, the account, the address), and from a number on each key makes the next attempt wait: one second, then two, four and
//! so on up to the slowest. What was wrong is forgotten little by little once nobody tries.
//!
//! An attempt counts from its beginning, so that many at once are no way around; one that was right, or that could not be
//! decided, is taken back. Nothing here waits by itself: [`Throttle::begin`] says for how long.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use omnichat_core::clock::Timestamp;

/// Counters that are kept at most. When there are more, those with the fewest wrong attempts go, so that no flood of names
/// makes the host forget who is under attack.
const MOST: usize = 50_000;
/// The first pause, doubled with each further attempt.
const FIRST: Duration = Duration::from_secs(1);

/// Counts attempts.
#[derive(Default)]
pub(super) struct Throttle {
    counters: Mutex<HashMap<u64, Counter>>,
    hasher: RandomState,
}

/// How an attempt gets slow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pace {
    /// So many may be wrong before the next one waits.
    pub(super) free: u32,
    /// The longest pause between two, and how long it takes until one of them is forgotten.
    pub(super) slowest: Duration,
}

impl Pace {
    /// How long the next attempt waits after so many wrong ones.
    fn pause(self, wrong: u32) -> Duration {
        match wrong.checked_sub(self.free) {
            None => Duration::ZERO,
            Some(more) => FIRST.saturating_mul(1 << more.min(20)).min(self.slowest),
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Counter {
    pace: Pace,
    wrong: u32,
    /// When the last attempt was let through.
    last: Timestamp,
    /// When the next one is.
    next: Timestamp,
}

impl Counter {
    /// How many wrong ones are left: after a quiet time as long as the longest pause, one is forgotten in each such time.
    fn left(&self, now: Timestamp) -> u32 {
        let slowest = self.pace.slowest;
        let quiet = now.since(self.last).saturating_sub(slowest);
        let forgotten = quiet.as_micros() / slowest.as_micros().max(1);
        let forgotten = u32::try_from(forgotten).unwrap_or(u32::MAX);
        self.wrong.saturating_sub(forgotten)
    }
}

/// Under what an attempt counts, and how it gets slow there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scope {
    key: u64,
    pace: Pace,
}

/// An attempt that was counted.
#[derive(Debug)]
pub(super) struct Attempt {
    scopes: Vec<Scope>,
    /// For how long it must wait before it is made.
    pub(super) wait: Duration,
}

impl Throttle {
    pub(super) fn scope(&self, what: impl Hash, pace: Pace) -> Scope {
        let key = self.hasher.hash_one(what);
        Scope { key, pace }
    }

    /// Counts an attempt. If it would have to wait longer than `patience`, it is not made and not counted, and the error is
    /// how long to wait.
    pub(super) fn begin(
        &self,
        scopes: Vec<Scope>,
        patience: Duration,
        now: Timestamp,
    ) -> Result<Attempt, Duration> {
        let mut counters = self.lock();
        let waits = scopes.iter().filter_map(|scope| counters.get(&scope.key));
        let wait = waits
            .map(|counter| counter.next.since(now))
            .max()
            .unwrap_or_default();
        if wait > patience {
            return Err(wait);
        }
        if counters.len() >= MOST {
            self.make_room(&mut counters, now);
        }
        let at = now.after(wait);
        for scope in &scopes {
            let counter = counters.entry(scope.key).or_insert(Counter {
                pace: scope.pace,
                wrong: 0,
                last: at,
                next: at,
            });
            counter.wrong = counter.left(at) + 1;
            counter.last = at;
            counter.next = at.after(scope.pace.pause(counter.wrong));
        }
        Ok(Attempt { scopes, wait })
    }

    /// The attempt was right: what was wrong before it under its own keys is forgotten, and elsewhere it does not count. More
    /// is not forgiven, since somebody who has an account here could guess at others' that way.
    pub(super) fn succeeded(&self, attempt: &Attempt, own: impl IntoIterator<Item = Scope>) {
        let mut counters = self.lock();
        for scope in own {
            counters.remove(&scope.key);
        }
        drop(counters);
        self.take_back(attempt);
    }

    /// Whether the attempt was right could not be found out: it does not count.
    pub(super) fn take_back(&self, attempt: &Attempt) {
        let mut counters = self.lock();
        for scope in &attempt.scopes {
            if let Some(counter) = counters.get_mut(&scope.key) {
                counter.wrong = counter.wrong.saturating_sub(1);
                counter.next = counter.last.after(scope.pace.pause(counter.wrong));
            }
        }
    }

    fn make_room(&self, counters: &mut HashMap<u64, Counter>, now: Timestamp) {
        counters.retain(|_, counter| counter.left(now) > 0);
        if counters.len() >= MOST {
            let mut wrong: Vec<u32> = counters.values().map(|counter| counter.wrong).collect();
            wrong.sort_unstable();
            let middle = wrong[wrong.len() / 2];
            counters.retain(|_, counter| counter.wrong > middle);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Counter>> {
        self.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace {
        free: 3,
        slowest: Duration::from_secs(60),
    };

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_secs(1_000_000).after(Duration::from_secs(seconds))
    }

    fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    #[test]
    fn attempts_get_slower_and_slower() {
        let throttle = Throttle::default();
        let (mut now, mut waits) = (0, Vec::new());
        for _ in 0..12 {
            let scope = throttle.scope("anna", PACE);
            if let Err(wait) = throttle.begin(vec![scope], Duration::ZERO, at(now)) {
                now += wait.as_secs();
                waits.push(wait.as_secs());
                throttle.begin(vec![scope], Duration::ZERO, at(now)).unwrap();
            }
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }

    #[test]
    fn many_at_once_wait_one_behind_the_other_and_not_for_long() {
        let throttle = Throttle::default();
        let scope = throttle.scope("anna", PACE);
        let begin = || throttle.begin(vec![scope], seconds(5), at(0));
        let waits: Vec<_> = std::iter::from_fn(|| begin().ok()).map(|a| a.wait).collect();
        assert_eq!(waits, [0, 0, 0, 1, 3].map(seconds));
        assert_eq!(begin().unwrap_err(), seconds(7));
    }

    #[test]
    fn a_right_one_forgives_its_own_and_no_more() {
        let throttle = Throttle::default();
        let (own, shared) = (throttle.scope("own", PACE), throttle.scope("shared", PACE));
        let begin = || throttle.begin(vec![own, shared], Duration::ZERO, at(0));
        for _ in 0..100 {
            throttle.succeeded(&begin().unwrap(), [own]);
        }
        begin().unwrap();
        begin().unwrap();
        throttle.succeeded(&begin().unwrap(), [own]);
        begin().unwrap();
        assert_eq!(
            begin().unwrap_err(),
            seconds(1),
            "the third wrong one under the shared key"
        );
    }

    #[test]
    fn what_could_not_be_decided_does_not_count() {
        let throttle = Throttle::default();
        let scope = throttle.scope("anna", PACE);
        for _ in 0..100 {
            let attempt = throttle.begin(vec![scope], Duration::ZERO, at(0)).unwrap();
            throttle.take_back(&attempt);
        }
    }

    #[test]
    fn a_quiet_time_is_forgotten_by_little() {
        let throttle = Throttle::default();
        let scope = throttle.scope("anna", PACE);
        let tries = |now: u64| {
            let begin = || throttle.begin(vec![scope], Duration::ZERO, at(now));
            std::iter::from_fn(|| begin().ok()).count()
        };
        assert_eq!(tries(0), 3);
        assert_eq!(tries(60 + 2 * 60), 2);
        assert_eq!(tries(3_600), 3);
    }

    #[test]
    fn a_flood_of_names_does_not_make_it_forget_who_is_attacked() {
        let throttle = Throttle::default();
        let attacked = throttle.scope("anna", PACE);
        while throttle.begin(vec![attacked], Duration::ZERO, at(0)).is_ok() {}
        for n in 0..2 * MOST {
            let scope = throttle.scope(n, PACE);
            throttle.begin(vec![scope], Duration::ZERO, at(0)).unwrap();
        }
        assert!(throttle.lock().len() <= MOST);
        assert!(throttle.begin(vec![attacked], Duration::ZERO, at(0)).is_err());
    }
}
