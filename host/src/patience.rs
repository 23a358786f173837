//! How long the other end of a connection is waited for.
//!
//! Waiting uses patience up, and each byte that moves earns some back at the slowest speed that is put up with. So a peer that
//! stands still is let go after the whole of it, one that drips is let go hardly later, and a long transfer at a bearable
//! speed never is.

use std::time::Duration;

/// What is left of the patience with one peer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    left: Duration,
    most: Duration,
    /// Bytes a second that are put up with.
    slowest: u32,
}

impl Patience {
    /// All of it. `slowest` are bytes a second.
    pub(crate) fn new(most: Duration, slowest: u32) -> Self {
        Self {
            left: most,
            most,
            slowest: slowest.max(1),
        }
    }

    /// How long may still be waited if nothing moves.
    pub(crate) fn left(&self) -> Duration {
        self.left
    }

    /// Bytes moved after a wait of so long.
    pub(crate) fn moved(&mut self, bytes: usize, waited: Duration) {
        let earned = Duration::from_secs_f64(bytes as f64 / f64::from(self.slowest));
        self.left = (self.left.saturating_sub(waited) + earned).min(self.most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// For how many seconds a peer that moves so many bytes in each of them is waited for.
    fn lasts(bytes_in_a_second: usize) -> Option<u64> {
        let mut patience = Patience::new(20 * SECOND, 1_024);
        for second in 0..3_600 {
            if patience.left() < SECOND {
                return Some(second);
            }
            patience.moved(bytes_in_a_second, SECOND);
        }
        None
    }

    #[test]
    fn who_stands_still_or_drips_is_let_go_and_who_is_only_slow_is_not() {
        assert_eq!(lasts(0), Some(20));
        assert!(lasts(10).is_some_and(|seconds| seconds < 25));
        assert_eq!(lasts(1_024), None);
    }

    #[test]
    fn a_fast_beginning_buys_no_long_silence() {
        let mut patience = Patience::new(20 * SECOND, 1_024);
        patience.moved(100_000_000, SECOND);
        assert_eq!(patience.left(), 20 * SECOND);
    }
}
