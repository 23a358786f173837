//! Room on the disk of the files, so that the database has some left whatever is uploaded.
//!
//! It is looked at before an upload begins, and again whenever all uploads together have taken a few megabytes: what a hundred
//! of them bring at the same time was not there when they began.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use futures::StreamExt;
use futures::future::BoxFuture;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::store::blob::ByteStream;

/// So many bytes of all uploads together may come before the disk is looked at again.
const STEP: u64 = 4 * 1_024 * 1_024;
/// Under this name it is in the context of an error that there is no room.
pub(crate) const NO_ROOM: &str = "no_room";

/// Asks for how many bytes there is room; nothing where that cannot be told.
type Ask = Box<dyn Fn() -> BoxFuture<'static, Result<Option<u64>>> + Send + Sync>;

/// Watches over the room that uploads take.
pub struct Room {
    ask: Ask,
    /// Bytes that stay free.
    least: u64,
    /// Bytes that came since the disk was looked at.
    unseen: AtomicU64,
    full: AtomicBool,
}

impl std::fmt::Debug for Room {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Room")
            .field("least", &self.least)
            .field("full", &self.full)
            .finish_non_exhaustive()
    }
}

impl Room {
    pub(crate) fn new(least: u64, ask: Ask) -> Self {
        Self {
            ask,
            least,
            unseen: AtomicU64::new(0),
            full: AtomicBool::new(false),
        }
    }

    /// Whether an upload may begin.
    ///
    /// # Errors
    /// `Unavailable` with [`NO_ROOM`] in its context.
    pub(crate) async fn look(&self) -> Result<()> {
        self.unseen.store(0, Ordering::Relaxed);
        let room = (self.ask)().await?;
        let full = room.is_some_and(|room| room < self.least);
        self.full.store(full, Ordering::Relaxed);
        if full {
            tracing::error!(room, "an upload is refused: the disk of the files is nearly full");
            return Err(no_room());
        }
        Ok(())
    }

    /// The bytes of an upload, as long as there is room for them.
    pub(crate) fn watch(self: Arc<Self>, bytes: ByteStream) -> ByteStream {
        let watched = bytes.then(move |piece| {
            let room = self.clone();
            async move {
                let piece = piece?;
                room.take(piece.len() as u64).await?;
                Ok(piece)
            }
        });
        watched.boxed()
    }

    async fn take(&self, bytes: u64) -> Result<()> {
        if self.unseen.fetch_add(bytes, Ordering::Relaxed) + bytes >= STEP {
            return self.look().await;
        }
        // Another upload has found it full.
        match self.full.load(Ordering::Relaxed) {
            true => Err(no_room()),
            false => Ok(()),
        }
    }
}

fn no_room() -> Error {
    Error::new(ErrorKind::Unavailable, "there is no room for files at the moment").with(NO_ROOM, true)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use futures::{FutureExt, TryStreamExt, stream};

    use super::*;

    fn upload(megabytes: usize) -> ByteStream {
        let piece = Bytes::from(vec![0; 1_024 * 1_024]);
        stream::iter((0..megabytes).map(move |_| Ok(piece.clone()))).boxed()
    }

    async fn passed(bytes: ByteStream) -> (usize, Option<Error>) {
        let mut count = 0;
        let outcome = bytes
            .try_for_each(|_| {
                count += 1;
                std::future::ready(Ok(()))
            })
            .await;
        (count, outcome.err())
    }

    #[tokio::test]
    async fn an_upload_ends_in_its_middle_when_the_disk_gets_full() {
        let free = Arc::new(AtomicU64::new(1_000));
        let ask = free.clone();
        let room = Arc::new(Room::new(
            500,
            Box::new(move || {
                let free = ask.load(Ordering::Relaxed);
                async move { Ok(Some(free)) }.boxed()
            }),
        ));
        room.look().await.unwrap();
        let (count, error) = passed(room.clone().watch(upload(40))).await;
        assert!(count == 40 && error.is_none());
        // Several at once count together.
        let mut others: Vec<_> = (0..3).map(|_| room.clone().watch(upload(9))).collect();
        for other in &mut others {
            other.try_next().await.unwrap();
        }
        free.store(499, Ordering::Relaxed);
        let (count, error) = passed(others.remove(0)).await;
        assert!(count < 4, "{count}");
        assert!(error.unwrap().context_value(NO_ROOM).is_some());
        let (count, error) = passed(others.remove(0)).await;
        assert!(count == 0 && error.is_some(), "the others end with it");
        assert!(room.look().await.is_err());
        free.store(500, Ordering::Relaxed);
        room.look().await.unwrap();
        let (count, error) = passed(others.remove(0)).await;
        assert!(count == 8 && error.is_none());
    }
}
