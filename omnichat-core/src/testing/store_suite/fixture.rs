//! A store to be tried.

use std::any::Any;
use std::sync::Arc;

use futures::future::BoxFuture;

use crate::clock::ManualClock;
use crate::store::Store;

/// Opens the same data again.
pub type Reopen = Box<dyn Fn() -> BoxFuture<'static, Arc<dyn Store>> + Send + Sync>;

/// A fresh, empty store for one case.
pub struct StoreFixture {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock that the store was given.
    pub clock: Arc<ManualClock>,
    reopen: Option<Reopen>,
    held: Vec<Box<dyn Any + Send + Sync>>,
}

impl std::fmt::Debug for StoreFixture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreFixture")
            .field("store", &self.store.name())
            .finish_non_exhaustive()
    }
}

impl StoreFixture {
    /// A store that takes its time from this clock and cannot be opened again.
    pub fn new(store: Arc<dyn Store>, clock: Arc<ManualClock>) -> Self {
        Self {
            store,
            clock,
            reopen: None,
            held: Vec::new(),
        }
    }

    /// The same, for a store that keeps its data: the function opens it again, with the same clock. It is called after the
    /// store was closed, and also while an abandoned one, as after a crash, has not been.
    #[must_use]
    pub fn reopening<F>(mut self, reopen: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Arc<dyn Store>> + Send + 'static,
    {
        self.reopen = Some(Box::new(move || Box::pin(reopen())));
        self
    }

    /// The same, keeping something as long as the case runs: a temporary folder, a guard of a database.
    #[must_use]
    pub fn holding(mut self, what: impl Any + Send + Sync) -> Self {
        self.held.push(Box::new(what));
        self
    }

    /// Opens the data again; `None` if the store keeps none, which it says. A case that needs it ends there.
    pub async fn reopen(&self) -> Option<Arc<dyn Store>> {
        if self.reopen.is_none() {
            println!(
                "the store «{}» keeps no data: nothing to open again",
                self.store.name()
            );
        }
        self.reopen_quietly().await
    }

    pub(crate) async fn reopen_quietly(&self) -> Option<Arc<dyn Store>> {
        match &self.reopen {
            Some(reopen) => Some(reopen().await),
            None => None,
        }
    }
}
