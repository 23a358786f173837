//! How much is done at once.

use serde::{Deserialize, Serialize};

/// The table `[work]`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct WorkConfig {
    /// Jobs at once. Default 32.
    pub jobs: usize,
    /// Customers' files that are fetched at once. Default 16.
    pub downloads: usize,
    /// Inboxes that are polled at once. Default 256.
    pub polls: usize,
    /// How long a job is held without a sign of life before another host may take it, in seconds. Default 20.
    pub lease_seconds: u64,
    /// Threads that answer requests; one for each processor if 0. Default 0.
    pub threads: usize,
}

impl Default for WorkConfig {
    fn default() -> Self {
        Self {
            jobs: 32,
            downloads: 16,
            polls: 256,
            lease_seconds: 20,
            threads: 0,
        }
    }
}
