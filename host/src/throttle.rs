//! How much the other end of a connection may send once it has become a WebSocket.
//!
//! Frames are counted where they are read, but not every byte makes a frame that is seen there: a message may come in pieces
//! without an end, and the pieces may be empty. So the connection itself reads no faster than a client has anything to say.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

/// Bytes in each second for long. The longest frame has 32 KiB, and holds a token.
const PER_SECOND: f64 = 64.0 * 1_024.0;
/// Bytes that come at once.
const AT_ONCE: f64 = 4.0 * PER_SECOND;

/// Turns the limit of one connection on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Throttle(Arc<AtomicBool>);

impl Throttle {
    /// From now on the connection is read no faster than the limit.
    pub(crate) fn turn_on(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What a connection has read, and how long it pauses.
#[derive(Debug)]
pub(crate) struct Throttled {
    by: Throttle,
    left: f64,
    at: Instant,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Throttled {
    pub(crate) fn new(by: Throttle) -> Self {
        Self {
            by,
            left: AT_ONCE,
            at: Instant::now(),
            pause: None,
        }
    }

    /// Ready once there may be read again.
    pub(crate) fn poll_pause(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(cx));
            self.pause = None;
        }
        Poll::Ready(())
    }

    /// So many bytes were read.
    pub(crate) fn has_read(&mut self, bytes: usize) {
        if !self.by.0.load(Ordering::Relaxed) {
            return;
        }
        let now = Instant::now();
        let earned = (now - self.at).as_secs_f64() * PER_SECOND;
        self.at = now;
        self.left = (self.left + earned).min(AT_ONCE) - bytes as f64;
        if self.left < 0.0 {
            self.pause = Some(Box::pin(sleep(Duration::from_secs_f64(-self.left / PER_SECOND))));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    async fn seconds_to_read(throttled: &mut Throttled, mut bytes: usize) -> u64 {
        let began = Instant::now();
        while bytes > 0 {
            poll_fn(|cx| throttled.poll_pause(cx)).await;
            let piece = bytes.min(2_048);
            throttled.has_read(piece);
            bytes -= piece;
        }
        poll_fn(|cx| throttled.poll_pause(cx)).await;
        began.elapsed().as_secs()
    }

    #[tokio::test(start_paused = true)]
    async fn only_what_was_turned_on_is_slow_and_not_at_first() {
        let throttle = Throttle::default();
        let mut throttled = Throttled::new(throttle.clone());
        assert_eq!(seconds_to_read(&mut throttled, 100 * 1_024 * 1_024).await, 0);
        throttle.turn_on();
        assert_eq!(seconds_to_read(&mut throttled, 256 * 1_024).await, 0);
        assert_eq!(seconds_to_read(&mut throttled, 640 * 1_024).await, 10);
    }
}
