//! What nodes that share it do to keep each other waiting.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::store::Exclusive;

/// Counts how nodes that share it keep each other waiting, and keeps them waiting where their store does not.
#[derive(Debug, Default)]
pub struct Rounds {
    turns: Arc<tokio::sync::Mutex<()>>,
    seen: Mutex<Seen>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    begun: u64,
    held: u32,
    most: u32,
}

impl Rounds {
    /// How many were begun, on all nodes.
    pub fn begun(&self) -> u64 {
        self.seen().begun
    }

    /// How many are held at this moment.
    pub fn held(&self) -> u32 {
        self.seen().held
    }

    /// How many were held at one moment, at most.
    pub fn most(&self) -> u32 {
        self.seen().most
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a round of a node whose store gave it this, or gives it one.
    pub(super) async fn begin(self: Arc<Self>, by_store: Option<Exclusive>) -> Exclusive {
        let exclusive = match by_store {
            Some(exclusive) => exclusive,
            None => Exclusive::new(self.turns.clone().lock_owned().await),
        };
        {
            let mut seen = self.seen();
            seen.begun += 1;
            seen.held += 1;
            seen.most = seen.most.max(seen.held);
        }
        // No more counted by the time that another gets it.
        Exclusive::new((Held(self), exclusive))
    }
}

struct Held(Arc<Rounds>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.seen().held -= 1;
    }
}
