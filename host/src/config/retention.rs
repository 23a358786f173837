//! What is thrown away, and when.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The table `[retention]`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct RetentionConfig {
    /// For so many hours a client that was away can catch up by number instead of fetching everything. Default 168.
    pub events_hours: u64,
    /// How often the host cleans up, in minutes. Default 10.
    pub every_minutes: u64,
}

impl Default for RetentionConfig {
    fn default() -> Self {
        Self {
            events_hours: 168,
            every_minutes: 10,
        }
    }
}

impl RetentionConfig {
    /// For how long events are kept.
    pub fn events(&self) -> Duration {
        Duration::from_secs(self.events_hours * 3_600)
    }

    /// How often the host cleans up.
    pub fn every(&self) -> Duration {
        Duration::from_secs(self.every_minutes.max(1) * 60)
    }
}
