//! Time and fresh ids come from one place, so that tests can hold both still.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Error;
use crate::id::from_text;

/// A moment, in microseconds since the Unix epoch, UTC. Written as RFC 3339 in JSON; one before the year 0 or after the year
/// 9999 has no such form and is written as the first or the last that has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

/// The first and the last moment that can be written, in microseconds: the years 0 to 9999.
const WRITABLE: (i64, i64) = (-62_167_219_200_000_000, 253_402_207_200_000_000);
/// Nobody who writes to us now wrote before 1990, in microseconds.
const BELIEVED_FROM: i64 = 631_152_000_000_000;
/// How far ahead of ours another's clock may be, in microseconds: a day.
const BELIEVED_AHEAD: i64 = 86_400_000_000;

impl Timestamp {
    /// From microseconds since the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// From whole seconds since the epoch.
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1_000_000))
    }

    /// From milliseconds since the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(1_000))
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This moment plus a duration.
    #[must_use]
    pub fn after(self, by: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX)),
        )
    }

    /// This moment minus a duration.
    #[must_use]
    pub fn before(self, by: Duration) -> Self {
        Self(
            self.0
                .saturating_sub(i64::try_from(by.as_micros()).unwrap_or(i64::MAX)),
        )
    }

    /// How long after `earlier` this is; zero if it is not.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// What another's clock says, as far as it can be believed: from 1990 to a day ahead of `now`. One that was counted in
    /// seconds, milliseconds or microseconds and read as another of these is mended: of the three readings at most one lies
    /// in those years. `None` if none does.
    #[must_use]
    pub fn believed(self, now: Self) -> Option<Self> {
        let last = now.0.saturating_add(BELIEVED_AHEAD);
        let readings = [
            Some(self.0),
            self.0.checked_mul(1_000),
            self.0.checked_mul(1_000_000),
            Some(self.0 / 1_000),
            Some(self.0 / 1_000_000),
        ];
        readings
            .into_iter()
            .flatten()
            .find(|micros| (BELIEVED_FROM..=last).contains(micros))
            .map(Self)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = WRITABLE;
        let written = jiff::Timestamp::from_microsecond(self.0.clamp(first, last)).map_err(|_| fmt::Error)?;
        write!(f, "{written}")
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        text.parse::<jiff::Timestamp>()
            .map(|t| Self(t.as_microsecond()))
            .map_err(|e| Error::invalid("not a time of the form 2026-01-31T12:00:00Z").caused_by(e))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from_text(from)
    }
}

/// Where time and fresh ids come from.
pub trait Clock: Send + Sync + 'static {
    /// The current time.
    fn now(&self) -> Timestamp;

    /// A fresh, time-ordered UUID. Two calls never give the same, and a later call gives a larger one.
    fn uuid(&self) -> Uuid;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp(jiff::Timestamp::now().as_microsecond())
    }

    fn uuid(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// A clock that moves only when it is told to, and numbers its ids one by one: the same test gives the same ids.
#[derive(Debug)]
pub struct ManualClock {
    micros: AtomicI64,
    issued: AtomicU64,
}

impl ManualClock {
    /// A clock that stands at this moment.
    pub fn at(now: Timestamp) -> Self {
        Self {
            micros: AtomicI64::new(now.0),
            issued: AtomicU64::new(0),
        }
    }

    /// Moves time forward.
    pub fn advance(&self, by: Duration) {
        self.micros.fetch_add(
            i64::try_from(by.as_micros()).unwrap_or(i64::MAX),
            Ordering::SeqCst,
        );
    }
}

impl Default for ManualClock {
    /// Noon of 1 January 2026, UTC.
    fn default() -> Self {
        Self::at(Timestamp::from_secs(1_767_268_800))
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.micros.load(Ordering::SeqCst))
    }

    fn uuid(&self) -> Uuid {
        let issued = self.issued.fetch_add(1, Ordering::SeqCst);
        let mut random = [0_u8; 10];
        random[2..].copy_from_slice(&issued.to_be_bytes());
        let millis = u64::try_from(self.now().0 / 1_000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_is_written_can_be_read(micros in any::<i64>()) {
            check_written(micros);
        }

        #[test]
        fn a_time_of_our_years_is_mended_from_any_unit(micros in BELIEVED_FROM..1_767_268_800_000_000_i64) {
            let now = ManualClock::default().now();
            let (millis, secs) = (micros / 1_000, micros / 1_000_000);
            let believed = |told: Timestamp| told.believed(now).map(Timestamp::micros);
            prop_assert_eq!(believed(Timestamp(micros)), Some(micros));
            prop_assert_eq!(believed(Timestamp::from_secs(millis)), Some(millis * 1_000));
            prop_assert_eq!(believed(Timestamp::from_millis(micros)), Some(micros));
            prop_assert_eq!(believed(Timestamp::from_micros(millis)), Some(millis * 1_000));
            prop_assert_eq!(believed(Timestamp::from_millis(secs)), Some(secs * 1_000_000));
            prop_assert_eq!(believed(Timestamp::from_micros(secs)), Some(secs * 1_000_000));
        }
    }

    fn check_written(micros: i64) {
        let at = Timestamp(micros);
        let read: Timestamp = serde_json::from_str(&serde_json::to_string(&at).unwrap()).unwrap();
        assert_eq!(read.0, micros.clamp(WRITABLE.0, WRITABLE.1));
    }

    #[test]
    fn the_ends_of_time_can_be_written() {
        let (first, last) = WRITABLE;
        for edge in [i64::MIN, first - 1, first, -1, 0, last, last + 1, i64::MAX] {
            check_written(edge);
        }
        assert_eq!(Timestamp(i64::MAX).to_string(), "9999-12-30T22:00:00Z");
        assert_eq!(Timestamp(i64::MIN).to_string(), "0000-01-01T00:00:00Z");
    }

    #[test]
    fn no_other_time_is_believed() {
        let now = ManualClock::default().now();
        let ahead = |days: u64| now.after(Duration::from_secs(days * 86_400));
        assert_eq!(ahead(1).believed(now), Some(ahead(1)));
        for told in [
            ahead(2),
            "1989-12-31T23:59:59Z".parse().unwrap(),
            "3000-01-01T00:00:00Z".parse().unwrap(),
            Timestamp(0),
            Timestamp(i64::MIN),
            Timestamp(i64::MAX),
        ] {
            assert_eq!(told.believed(now), None, "{told}");
        }
    }

    #[test]
    fn a_manual_clock_stands_still_and_numbers_its_ids() {
        let clock = ManualClock::default();
        assert_eq!(clock.now().to_string(), "2026-01-01T12:00:00Z");
        let first = clock.uuid();
        let second = clock.uuid();
        assert!(first < second);
        clock.advance(Duration::from_secs(60));
        assert_eq!(clock.now().to_string(), "2026-01-01T12:01:00Z");
        assert!(second < clock.uuid());
    }

    #[test]
    fn a_timestamp_survives_json() {
        let at: Timestamp = "2026-03-04T05:06:07.089012Z".parse().unwrap();
        let json = serde_json::to_string(&at).unwrap();
        assert_eq!(serde_json::from_str::<Timestamp>(&json).unwrap(), at);
    }
}
