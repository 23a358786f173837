//! Who may run now. A call waits for a place of its plugin and then for one of the pool, so that a busy plugin's queue holds
//! no place that another could use; nobody is told to come back because the house is full.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::export::Export;

/// The places of one plugin.
#[derive(Debug)]
pub(crate) struct Permits {
    global: Arc<Semaphore>,
    /// Polls may be held by the platform for long: all of them together take at most half of the pool.
    global_polls: Arc<Semaphore>,
    plugin: Arc<Semaphore>,
    /// Likewise, at most half of the plugin's.
    plugin_polls: Arc<Semaphore>,
}

/// A place, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    _permits: Vec<OwnedSemaphorePermit>,
}

/// The places of the pool, shared by all plugins.
#[derive(Clone, Debug)]
pub(crate) struct GlobalPermits {
    all: Arc<Semaphore>,
    polls: Arc<Semaphore>,
}

impl GlobalPermits {
    pub(crate) fn new(pool: usize) -> Self {
        Self {
            all: Arc::new(Semaphore::new(pool.max(1))),
            polls: Arc::new(Semaphore::new((pool / 2).max(1))),
        }
    }

    /// So many of them for one plugin.
    pub(crate) fn for_plugin(&self, places: usize) -> Permits {
        Permits {
            global: self.all.clone(),
            global_polls: self.polls.clone(),
            plugin: Arc::new(Semaphore::new(places.max(1))),
            plugin_polls: Arc::new(Semaphore::new((places / 2).max(1))),
        }
    }
}

impl Permits {
    /// Waits for a place. Without an end: the caller's time-out bounds it.
    pub(crate) async fn acquire(&self, export: Export) -> Place {
        let mut permits = Vec::with_capacity(4);
        let polls = [&self.plugin_polls, &self.global_polls];
        let always = [&self.plugin, &self.global];
        let wanted = polls.into_iter().filter(|_| export == Export::Poll).chain(always);
        for semaphore in wanted {
            // They are never closed, so there is always a permit at the end.
            if let Ok(permit) = semaphore.clone().acquire_owned().await {
                permits.push(permit);
            }
        }
        Place { _permits: permits }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[tokio::test]
    async fn a_busy_plugin_leaves_places_to_others_and_polls_leave_places_to_sends() {
        let global = GlobalPermits::new(4);
        let busy = global.for_plugin(2);
        let other = global.for_plugin(2);
        let first = busy.acquire(Export::Poll).await;
        assert!(busy.acquire(Export::Poll).now_or_never().is_none());
        let second = busy.acquire(Export::Send).await;
        assert!(busy.acquire(Export::Send).now_or_never().is_none());
        assert!(other.acquire(Export::Send).now_or_never().is_some());
        drop((first, second));
        assert!(busy.acquire(Export::Poll).now_or_never().is_some());
    }
}
