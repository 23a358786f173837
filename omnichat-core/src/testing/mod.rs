//! What tests of this and other crates need: conformance suites for whoever writes a store, bus, blob store or channel of
//! their own, a model test, builders of rows and fakes. Behind the feature `testing`.
//!
//! A suite is a list of cases that hold for every implementation; its macro makes a test of each. A store's whole test is:
//!
//! ```
//! use std::sync::Arc;
//!
//! use omnichat_core::clock::ManualClock;
//! use omnichat_core::store::memory::MemoryStore;
//! use omnichat_core::testing::StoreFixture;
//!
//! async fn memory() -> StoreFixture {
//!     let clock = Arc::new(ManualClock::default());
//!     StoreFixture::new(Arc::new(MemoryStore::new(clock.clone())), clock)
//! }
//!
//! omnichat_core::store_suite!(memory_store, memory);
//! ```

pub mod ai_suite;
pub mod blob_suite;
pub mod bus_suite;
pub mod channel_suite;

pub mod model;
pub mod store_suite;

mod acting;
mod builders;
mod fakes;

pub use acting::Acting;
pub use builders::Builder;
pub use fakes::{
    AppFault, FakeApp, FakeAutomation, FakeChannel, FakeKind, Fault, FlakyStore, RecordingBus, Reply, Rounds,
};
pub use store_suite::fixture::StoreFixture;

/// Runs one case of a suite to its end, on a runtime with several threads. `make` gives the fixture, or `None` where what it
/// needs is not there; it says so itself.
///
/// # Panics
/// When the case fails.
pub fn try_case<T, M: Into<Option<T>>>(make: impl AsyncFnOnce() -> M, case: impl AsyncFnOnce(T)) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build();
    runtime.expect("a runtime can be built").block_on(async {
        if let Some(fixture) = make().await.into() {
            case(fixture).await;
        }
    });
}
