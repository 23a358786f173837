//! How often a client may do something over its socket: some at once, and then only so many in each second.

use tokio::time::Instant;

/// Frames that come at once, as many as in so many seconds.
pub(crate) const FRAMES_AT_ONCE: u32 = 20;
/// Typing notices that come at once, as many as in so many seconds.
pub(crate) const TYPING_AT_ONCE: u32 = 5;

/// What a client may still do.
#[derive(Debug)]
pub(crate) struct Pace {
    left: f64,
    most: f64,
    per_second: f64,
    at: Instant,
}

impl Pace {
    /// So many in each second for long, and at once as many as in so many seconds.
    pub(crate) fn new(per_second: u32, at_once_seconds: u32) -> Self {
        let per_second = f64::from(per_second);
        let most = per_second * f64::from(at_once_seconds);
        Self {
            left: most,
            most,
            per_second,
            at: Instant::now(),
        }
    }

    /// Whether one more may be; it counts if so.
    pub(crate) fn allows(&mut self) -> bool {
        let now = Instant::now();
        let earned = (now - self.at).as_secs_f64() * self.per_second;
        self.at = now;
        self.left = (self.left + earned).min(self.most);
        let allowed = self.left >= 1.0;
        if allowed {
            self.left -= 1.0;
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn some_at_once_and_then_so_many_in_each_second() {
        let mut pace = Pace::new(2, 5);
        let allowed = |pace: &mut Pace| {
            std::iter::repeat_with(|| pace.allows())
                .take_while(|yes| *yes)
                .count()
        };
        assert_eq!(allowed(&mut pace), 10);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(allowed(&mut pace), 2);
        tokio::time::advance(Duration::from_secs(3_600)).await;
        assert_eq!(allowed(&mut pace), 10);
    }
}
