//! What visitors of a site may do. Limits hold on each host for itself.

use std::time::Duration;

use anyhow::ensure;
use serde::{Deserialize, Serialize};

/// The table `[widget]`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct WidgetConfig {
    /// For how many days a visitor who does not come back stays known; each visit begins them anew. Default 90.
    pub token_days: u32,
    /// Sessions that one address may begin in a minute. Default 300.
    pub sessions_per_minute: u32,
    /// WebSockets that one visitor may open in a minute, one after the other or at once. Default 60.
    pub connections_per_minute: u32,
    /// Messages of one visitor in a minute. Default 30.
    pub messages_per_minute: u32,
    /// Messages from one address in a minute, whoever writes. Default 300.
    pub messages_per_address: u32,
    /// Files of one visitor in a minute. Default 20.
    pub uploads_per_minute: u32,
    /// Files from one address in a minute. Default 100.
    pub uploads_per_address: u32,
}

impl Default for WidgetConfig {
    fn default() -> Self {
        Self {
            token_days: 90,
            sessions_per_minute: 300,
            connections_per_minute: 60,
            messages_per_minute: 30,
            messages_per_address: 300,
            uploads_per_minute: 20,
            uploads_per_address: 100,
        }
    }
}

impl WidgetConfig {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let limits = [
            self.sessions_per_minute,
            self.connections_per_minute,
            self.messages_per_minute,
            self.messages_per_address,
            self.uploads_per_minute,
            self.uploads_per_address,
        ];
        ensure!(
            limits.iter().all(|limit| *limit > 0),
            "every limit must be at least 1"
        );
        ensure!((1..=730).contains(&self.token_days), "token_days: 1 to 730");
        Ok(())
    }

    /// How long a visitor who does not come back stays known.
    pub fn token_time(&self) -> Duration {
        Duration::from_secs(u64::from(self.token_days) * 24 * 3_600)
    }
}
