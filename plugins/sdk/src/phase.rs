//! What a call may do, so that the native twin of the host refuses what the host refuses.

/// What a call may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Nothing.
    Pure,
    /// Settings, time, random bytes, log and proofs; no network, no store.
    Offline,
    /// Everything that was granted.
    Full,
}

impl Phase {
    /// Runs a call in this phase.
    pub(crate) fn run<T>(self, call: impl FnOnce() -> T) -> T {
        #[cfg(not(target_arch = "wasm32"))]
        let _back = crate::fixture::enter(self);
        #[cfg(target_arch = "wasm32")]
        crate::panic::is_told();
        call()
    }
}
