//! How often the bot may call.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// At most so many calls within a second of the platform.
#[derive(Debug)]
pub(super) struct Pace {
    most: usize,
    /// The calls of the last second, the oldest first.
    calls: VecDeque<Instant>,
}

impl Pace {
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            calls: VecDeque::new(),
        }
    }

    /// Counts a call, if there is room for it. What is refused does not count.
    pub(super) fn admits(&mut self, now: Instant, second: Duration) -> bool {
        while self
            .calls
            .front()
            .is_some_and(|call| now.saturating_duration_since(*call) >= second)
        {
            self.calls.pop_front();
        }
        let room = self.calls.len() < self.most;
        if room {
            self.calls.push_back(now);
        }
        room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_again_after_a_second() {
        let (mut pace, begin) = (Pace::new(2), Instant::now());
        let second = Duration::from_secs(1);
        let mut at = |ms| pace.admits(begin + Duration::from_millis(ms), second);
        assert!(at(0) && at(400) && !at(900));
        assert!(at(1_000), "the first one is a second ago");
        assert!(!at(1_399) && at(1_400));
    }
}
