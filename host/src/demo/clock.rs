//! The clock of the story: it stands where it is put and moves a little with each fresh id.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use omnichat_core::clock::{Clock, Timestamp};
use uuid::Uuid;

/// A clock that runs through the last days as it is told.
#[derive(Debug)]
pub(super) struct StoryClock(AtomicI64);

impl StoryClock {
    pub(super) fn at(moment: Timestamp) -> Self {
        Self(AtomicI64::new(moment.micros()))
    }

    pub(super) fn set(&self, moment: Timestamp) {
        self.0.store(moment.micros(), Ordering::SeqCst);
    }

    pub(super) fn advance(&self, by: Duration) {
        self.0
            .fetch_add(i64::try_from(by.as_micros()).unwrap_or(0), Ordering::SeqCst);
    }
}

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }

    /// A millisecond later than the one before, so that ids rise.
    fn uuid(&self) -> Uuid {
        let millis = self.0.fetch_add(1_000, Ordering::SeqCst) / 1_000;
        let random: [u8; 10] = rand::random();
        uuid::Builder::from_unix_timestamp_millis(u64::try_from(millis).unwrap_or(0), &random).into_uuid()
    }
}
