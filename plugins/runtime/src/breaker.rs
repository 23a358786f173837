//! Breakers stand before each account of a plugin: after too many faults one refuses calls for a while, lets one through to
//! see, and opens or closes by what became of it.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use omnichat_core::clock::Timestamp;

use crate::export::Export;

/// Faults in a row that open it.
const IN_A_ROW: u32 = 5;
/// Calls within [`WINDOW`] from which on the share of faults is looked at.
const ENOUGH: usize = 20;
/// How far back it looks.
const WINDOW: Duration = Duration::from_secs(60);
/// Most calls that are remembered.
const REMEMBERED: usize = 1_000;
/// The first pause, doubled up to [`LONGEST`] each time the trial fails.
const PAUSE: Duration = Duration::from_secs(10);
const LONGEST: Duration = Duration::from_secs(600);
/// A trial that nobody has heard of for so long counts as failed: its caller went away.
const TRIAL: Duration = Duration::from_secs(120);

/// Whether calls pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakerState {
    /// They do.
    Closed,
    /// They do not, until this time.
    Open {
        /// When one is let through.
        until: Timestamp,
    },
    /// One is under way that decides.
    HalfOpen {
        /// When it was let through.
        since: Timestamp,
    },
}

impl BreakerState {
    /// The stable name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open { .. } => "open",
            Self::HalfOpen { .. } => "half_open",
        }
    }
}

#[derive(Debug)]
struct Inner {
    state: BreakerState,
    in_a_row: u32,
    calls: VecDeque<(Timestamp, bool)>,
    pause: Duration,
}

/// The breakers of one account. What is broken in sending does not keep the platform's messages out, and what is broken in
/// understanding them does not keep them from being taken and put aside.
#[derive(Debug, Default)]
pub(crate) struct Breakers {
    accept: Breaker,
    parse: Breaker,
    rest: Breaker,
}

impl Breakers {
    /// The one before an export.
    pub(crate) fn before(&self, export: Export) -> &Breaker {
        match export {
            Export::AcceptWebhook => &self.accept,
            Export::ParseWebhook => &self.parse,
            _ => &self.rest,
        }
    }

    fn states(&self) -> [BreakerState; 3] {
        [&self.accept, &self.parse, &self.rest].map(Breaker::state)
    }

    /// Until when some calls do not pass; none if all do.
    pub(crate) fn paused_until(&self) -> Option<Timestamp> {
        let pauses = self.states().into_iter().filter_map(|state| match state {
            BreakerState::Closed => None,
            BreakerState::Open { until } => Some(until),
            BreakerState::HalfOpen { since } => Some(since),
        });
        pauses.max()
    }

    /// The state of the one that lets least through.
    pub(crate) fn state(&self) -> BreakerState {
        let worst = self.states().into_iter().max_by_key(|state| match state {
            BreakerState::Closed => 0,
            BreakerState::HalfOpen { .. } => 1,
            BreakerState::Open { .. } => 2,
        });
        worst.unwrap_or(BreakerState::Closed)
    }
}

/// A breaker.
#[derive(Debug)]
pub(crate) struct Breaker {
    inner: Mutex<Inner>,
}

impl Default for Breaker {
    fn default() -> Self {
        Self {
            inner: Mutex::new(Inner {
                state: BreakerState::Closed,
                in_a_row: 0,
                calls: VecDeque::new(),
                pause: PAUSE,
            }),
        }
    }
}

impl Breaker {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn state(&self) -> BreakerState {
        self.lock().state
    }

    /// Whether a call may pass; else how long to wait.
    pub(crate) fn admit(&self, now: Timestamp) -> Result<(), Duration> {
        let mut inner = self.lock();
        match inner.state {
            BreakerState::Closed => Ok(()),
            BreakerState::Open { until } if now < until => Err(until.since(now)),
            BreakerState::HalfOpen { since } if now.since(since) < TRIAL => Err(Duration::from_secs(1)),
            BreakerState::Open { .. } | BreakerState::HalfOpen { .. } => {
                inner.state = BreakerState::HalfOpen { since: now };
                Ok(())
            }
        }
    }

    /// What became of a call that was let through.
    pub(crate) fn note(&self, now: Timestamp, fault: bool) {
        let mut inner = self.lock();
        match inner.state {
            BreakerState::HalfOpen { .. } if fault => {
                inner.pause = (inner.pause * 2).min(LONGEST);
                inner.open(now);
            }
            BreakerState::HalfOpen { .. } => {
                inner.state = BreakerState::Closed;
                inner.in_a_row = 0;
                inner.calls.clear();
                inner.pause = PAUSE;
            }
            // An old call that ended late decides nothing.
            BreakerState::Open { .. } => {}
            BreakerState::Closed => {
                inner.remember(now, fault);
                if inner.is_too_much() {
                    inner.open(now);
                }
            }
        }
    }
}

impl Inner {
    fn remember(&mut self, now: Timestamp, fault: bool) {
        self.in_a_row = if fault { self.in_a_row + 1 } else { 0 };
        while self
            .calls
            .front()
            .is_some_and(|(at, _)| now.since(*at) > WINDOW || self.calls.len() >= REMEMBERED)
        {
            self.calls.pop_front();
        }
        self.calls.push_back((now, fault));
    }

    fn is_too_much(&self) -> bool {
        let faults = self.calls.iter().filter(|(_, fault)| *fault).count();
        self.in_a_row >= IN_A_ROW || (self.calls.len() >= ENOUGH && faults * 2 >= self.calls.len())
    }

    fn open(&mut self, now: Timestamp) {
        self.state = BreakerState::Open {
            until: now.after(self.pause),
        };
        self.in_a_row = 0;
        self.calls.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_000_000);

    fn opened() -> Breaker {
        let breaker = Breaker::default();
        for _ in 0..5 {
            breaker.admit(NOW).unwrap();
            breaker.note(NOW, true);
        }
        breaker
    }

    #[test]
    fn five_faults_in_a_row_open_it() {
        let breaker = Breaker::default();
        for fault in [true, true, true, true, false, true, true, true, true] {
            breaker.note(NOW, fault);
            assert!(breaker.admit(NOW).is_ok());
        }
        breaker.note(NOW, true);
        assert_eq!(breaker.admit(NOW), Err(Duration::from_secs(10)));
    }

    #[test]
    fn half_of_twenty_calls_in_a_minute_open_it() {
        let breaker = Breaker::default();
        for n in 0..19 {
            breaker.note(NOW, n % 2 == 0);
        }
        assert!(breaker.admit(NOW).is_ok());
        breaker.note(NOW, true);
        assert!(breaker.admit(NOW).is_err());
        let slow = Breaker::default();
        for n in 0..40_u64 {
            slow.note(NOW.after(Duration::from_secs(n * 4)), n % 2 == 0);
        }
        assert_eq!(slow.state(), BreakerState::Closed);
    }

    #[test]
    fn one_call_is_let_through_and_decides() {
        let breaker = opened();
        let later = NOW.after(Duration::from_secs(10));
        assert!(breaker.admit(later).is_ok());
        assert!(breaker.admit(later).is_err(), "only one");
        breaker.note(later, true);
        assert_eq!(breaker.admit(later), Err(Duration::from_secs(20)));
        let again = later.after(Duration::from_secs(20));
        assert!(breaker.admit(again).is_ok());
        breaker.note(again, false);
        assert_eq!(breaker.state(), BreakerState::Closed);
        assert!(breaker.admit(again).is_ok());
    }

    #[test]
    fn the_pause_grows_to_ten_minutes_and_no_further() {
        let breaker = opened();
        let mut now = NOW;
        let mut longest = Duration::ZERO;
        for _ in 0..12 {
            let wait = breaker.admit(now).unwrap_err();
            longest = longest.max(wait);
            now = now.after(wait);
            breaker.admit(now).unwrap();
            breaker.note(now, true);
        }
        assert_eq!(longest, Duration::from_secs(600));
    }

    #[test]
    fn a_trial_that_never_ends_is_given_up() {
        let breaker = opened();
        let now = NOW.after(Duration::from_secs(10));
        breaker.admit(now).unwrap();
        assert!(breaker.admit(now.after(Duration::from_secs(60))).is_err());
        assert!(breaker.admit(now.after(Duration::from_secs(120))).is_ok());
    }
}
