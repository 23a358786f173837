//! Instances that are kept between calls, for languages whose start is slow. Each serves one account only: what is in its
//! memory concerns nobody else.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wasmtime::Store;

use crate::account::Account;
use crate::factors::State;
use crate::manifest::Warm;
use crate::worlds::Guest;

/// An instance with its store.
pub(crate) struct Instance {
    pub(crate) guest: Guest,
    pub(crate) store: Store<State>,
    /// Calls that it has served before this one.
    pub(crate) calls: u32,
}

struct Kept {
    instance: Instance,
    account: Weak<Account>,
    _slot: OwnedSemaphorePermit,
}

/// The kept instances of one plugin.
pub(crate) struct WarmPool {
    policy: Option<Warm>,
    /// Slots of the engine for kept instances, shared by all plugins.
    slots: Arc<Semaphore>,
    kept: Mutex<Vec<Kept>>,
}

impl WarmPool {
    pub(crate) fn new(policy: Option<Warm>, slots: Arc<Semaphore>) -> Self {
        Self {
            policy,
            slots,
            kept: Mutex::new(Vec::new()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One that served this account before.
    pub(crate) fn take(&self, account: &Arc<Account>) -> Option<Instance> {
        self.policy?;
        let mut kept = self.lock();
        // Those of accounts that were closed or have other settings now.
        kept.retain(|one| one.account.strong_count() > 0);
        let at = kept
            .iter()
            .position(|one| std::ptr::eq(one.account.as_ptr(), Arc::as_ptr(account)))?;
        Some(kept.swap_remove(at).instance)
    }

    /// Keeps one that ended well, if it may be kept; the oldest goes if there are too many.
    pub(crate) fn give_back(&self, mut instance: Instance, account: &Arc<Account>) {
        let Some(policy) = self.policy.filter(|_| account.space.is_some()) else {
            return;
        };
        instance.calls += 1;
        if instance.calls >= policy.max_calls {
            return;
        }
        let mut kept = self.lock();
        if kept.len() >= policy.size as usize {
            kept.remove(0);
        }
        if let Ok(slot) = self.slots.clone().try_acquire_owned() {
            kept.push(Kept {
                instance,
                account: Arc::downgrade(account),
                _slot: slot,
            });
        }
    }
}
