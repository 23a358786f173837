//! A download must keep up a pace, or whoever can send a file could hold a place for ever by a byte now and then.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures::Stream;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::error::{Error, ErrorKind, Result};
use crate::store::blob::ByteStream;

/// The longest silence.
const IDLE: Duration = Duration::from_secs(30);
/// How long a download may take besides what its bytes need: for slow starts and pauses.
const GRACE: Duration = Duration::from_secs(60);
/// What the slowest link that is waited for carries, in bytes per second: 50 MB are fetched within 26 minutes or not at all.
const RATE: u64 = 32 * 1024;

/// The same bytes, as long as they come fast enough: with no longer silence than [`IDLE`], and on the average at [`RATE`] after
/// [`GRACE`].
pub(super) fn keep(bytes: ByteStream) -> ByteStream {
    let now = Instant::now();
    Box::pin(Paced {
        bytes,
        begun: now,
        received: 0,
        deadline: Box::pin(sleep_until(now + IDLE)),
    })
}

/// Why a download is broken off. Trying again may help.
pub(super) fn too_slow(message: &str) -> Error {
    Error::new(ErrorKind::Timeout, message)
}

struct Paced {
    bytes: ByteStream,
    begun: Instant,
    received: u64,
    deadline: Pin<Box<Sleep>>,
}

impl Paced {
    /// By when the next bytes must come.
    fn next_deadline(&self) -> Instant {
        let in_pace = self.begun + GRACE + Duration::from_secs(self.received / RATE);
        in_pace.min(Instant::now() + IDLE)
    }
}

impl Stream for Paced {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        // Before the bytes, which at a byte a second might always be there.
        if self.deadline.as_mut().poll(context).is_ready() {
            return Poll::Ready(Some(Err(too_slow("the file came too slowly"))));
        }
        let next = self.bytes.as_mut().poll_next(context);
        if let Poll::Ready(Some(Ok(bytes))) = &next {
            self.received += bytes.len() as u64;
            let deadline = self.next_deadline();
            self.deadline.as_mut().reset(deadline);
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use futures::{StreamExt, stream};

    use super::*;

    /// So many bytes in pieces, each after a pause.
    fn drip(pieces: usize, size: usize, pause: Duration) -> ByteStream {
        let pieces = stream::iter(0..pieces).then(move |_| async move {
            tokio::time::sleep(pause).await;
            Ok(Bytes::from(vec![0; size]))
        });
        Box::pin(pieces)
    }

    async fn fetch(bytes: ByteStream) -> Result<usize> {
        let mut bytes = keep(bytes);
        let mut received = 0;
        while let Some(piece) = bytes.next().await {
            received += piece?.len();
        }
        Ok(received)
    }

    #[tokio::test(start_paused = true)]
    async fn a_byte_a_second_is_broken_off_and_may_be_tried_again() {
        let begun = Instant::now();
        let error = fetch(drip(1_000_000, 1, Duration::from_secs(1)))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert_eq!(error.retry(), crate::error::Retry::Later);
        assert_eq!(begun.elapsed().as_secs(), GRACE.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_broken_off() {
        let begun = Instant::now();
        let silent = drip(1, 1_000_000, Duration::from_secs(1)).chain(stream::pending());
        let error = fetch(Box::pin(silent)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert_eq!(begun.elapsed().as_secs(), 1 + IDLE.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_link_gets_the_time_that_it_needs() {
        let received = fetch(drip(600, 2 * RATE as usize, Duration::from_secs(2))).await;
        assert_eq!(received.unwrap(), 600 * 2 * RATE as usize);
    }
}
