//! Guessing is slow: wrong passwords are counted for each e-mail address and network address, for each network address, and
//! in all, within a window of time. An attempt counts from its beginning, so that many at once are no way around; a right
//! one is taken back.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind, Result, Retry};

use crate::config::AuthConfig;

/// Counters that are kept at most; the oldest windows go first.
const MOST: usize = 50_000;

/// Counts attempts.
pub(super) struct Throttle {
    counters: Mutex<HashMap<u64, Window>>,
    hasher: RandomState,
    limits: [u32; 3],
    window: Duration,
}

#[derive(Clone, Copy)]
struct Window {
    began: Timestamp,
    attempts: u32,
}

/// An attempt that was counted.
#[derive(Clone, Copy, Debug)]
pub struct Attempt([u64; 3]);

impl Throttle {
    pub(super) fn new(config: &AuthConfig) -> Self {
        Self {
            counters: Mutex::default(),
            hasher: RandomState::new(),
            limits: [
                config.attempts,
                config.attempts_per_address,
                config.attempts_in_all,
            ],
            window: config.window(),
        }
    }

    /// Counts an attempt, or refuses it with the time to wait.
    pub(super) fn begin(&self, what: &str, from: IpAddr, now: Timestamp) -> Result<Attempt> {
        let from = network(from);
        let keys = [
            self.hasher.hash_one((what, from)),
            self.hasher.hash_one(from),
            self.hasher.hash_one(()),
        ];
        let mut counters = self.lock();
        for (key, limit) in keys.iter().zip(self.limits) {
            if let Some(window) = counters.get(key)
                && now.since(window.began) < self.window
                && window.attempts >= limit
            {
                let wait = window.began.after(self.window).since(now);
                let error = Error::new(
                    ErrorKind::RateLimited,
                    "too many wrong attempts; wait and try again",
                );
                return Err(error.with_retry(Retry::After(wait)));
            }
        }
        if counters.len() >= MOST {
            self.make_room(&mut counters, now);
        }
        for key in keys {
            let window = counters.entry(key).or_insert(Window {
                began: now,
                attempts: 0,
            });
            if now.since(window.began) >= self.window {
                *window = Window {
                    began: now,
                    attempts: 0,
                };
            }
            window.attempts += 1;
        }
        Ok(Attempt(keys))
    }

    /// The attempt was right: it does not count, and what was wrong before it with the same name is forgiven.
    pub(super) fn succeeded(&self, attempt: &Attempt) {
        let mut counters = self.lock();
        let [name, address, all] = attempt.0;
        counters.remove(&name);
        for key in [address, all] {
            if let Some(window) = counters.get_mut(&key) {
                window.attempts = window.attempts.saturating_sub(1);
            }
        }
    }

    fn make_room(&self, counters: &mut HashMap<u64, Window>, now: Timestamp) {
        counters.retain(|_, window| now.since(window.began) < self.window);
        if counters.len() >= MOST {
            let mut ages: Vec<Timestamp> = counters.values().map(|w| w.began).collect();
            ages.sort_unstable();
            let middle = ages[ages.len() / 2];
            counters.retain(|_, window| window.began > middle);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Window>> {
        self.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One household has a whole /64 of IPv6 addresses.
fn network(ip: IpAddr) -> u128 {
    match ip.to_canonical() {
        IpAddr::V4(ip) => u128::from(ip.to_bits()),
        IpAddr::V6(ip) => ip.to_bits() >> 64 << 64 | 1 << 63,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_secs(1_000_000 + seconds)
    }

    #[test]
    fn five_wrong_ones_close_the_door_for_a_while() {
        let throttle = Throttle::new(&AuthConfig::default());
        for _ in 0..5 {
            throttle.begin("anna", HERE, at(0)).unwrap();
        }
        let error = throttle.begin("anna", HERE, at(60)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RateLimited);
        assert_eq!(error.retry(), Retry::After(Duration::from_secs(14 * 60)));
        throttle.begin("anna", THERE, at(60)).unwrap();
        throttle.begin("boris", HERE, at(60)).unwrap();
        throttle.begin("anna", HERE, at(15 * 60)).unwrap();
    }

    #[test]
    fn a_right_one_forgives() {
        let throttle = Throttle::new(&AuthConfig::default());
        for _ in 0..100 {
            let attempt = throttle.begin("anna", HERE, at(0)).unwrap();
            throttle.succeeded(&attempt);
        }
    }

    #[test]
    fn one_address_cannot_try_everybody() {
        let throttle = Throttle::new(&AuthConfig::default());
        let refused = (0..40)
            .filter(|n| throttle.begin(&format!("user {n}"), HERE, at(0)).is_err())
            .count();
        assert_eq!(refused, 10);
    }
}
