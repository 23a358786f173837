//! The slow lane: where calls compute that take long.
//!
//! A call that has computed for a tick of the engine's clock, or whose plugin's last call did, waits for its turn among
//! all others of that sort, and gives the turn back at each tick and whenever it waits for something. So they have so many
//! cores between them and no more, however many plugins spin at once, and what is quick never queues behind them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The slow lane of a runtime.
#[derive(Clone, Debug)]
pub(crate) struct SlowLane {
    turns: Arc<Semaphore>,
}

impl SlowLane {
    /// One in which so many calls compute at once.
    pub(crate) fn new(width: usize) -> Self {
        Self {
            turns: Arc::new(Semaphore::new(width.max(1))),
        }
    }

    /// The place of one call, which has no turn yet.
    pub(crate) fn enter(&self) -> Arc<Turn> {
        Arc::new(Turn {
            lane: self.clone(),
            held: Mutex::default(),
        })
    }
}

/// The turn of one call.
#[derive(Debug)]
pub(crate) struct Turn {
    lane: SlowLane,
    held: Mutex<Option<OwnedSemaphorePermit>>,
}

impl Turn {
    fn held(&self) -> MutexGuard<'_, Option<OwnedSemaphorePermit>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until it is this call's turn. Who asked first gets it first.
    pub(crate) async fn wait(&self) {
        // It is never closed, so there is always a permit at the end.
        let permit = self.lane.turns.clone().acquire_owned().await.ok();
        *self.held() = permit;
    }

    /// Gives the turn back, if the call has it.
    pub(crate) fn pass_on(&self) {
        drop(self.held().take());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[tokio::test]
    async fn turns_are_taken_one_after_the_other_in_the_order_of_asking() {
        let lane = SlowLane::new(1);
        let (first, second, third) = (lane.enter(), lane.enter(), lane.enter());
        first.wait().await;
        let mut waits_second = Box::pin(second.wait());
        let mut waits_third = Box::pin(third.wait());
        assert!((&mut waits_second).now_or_never().is_none());
        assert!((&mut waits_third).now_or_never().is_none());
        first.pass_on();
        assert!((&mut waits_third).now_or_never().is_none());
        assert!((&mut waits_second).now_or_never().is_some());
        // A call that ended without a word gives it back too.
        drop(waits_second);
        drop(second);
        assert!((&mut waits_third).now_or_never().is_some());
    }
}
