//! What platforms deliver.

use anyhow::ensure;
use serde::{Deserialize, Serialize};

/// The table `[webhooks]`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct WebhooksConfig {
    /// Largest body, in bytes. Default 5 MB.
    pub max_bytes: usize,
}

impl Default for WebhooksConfig {
    fn default() -> Self {
        Self { max_bytes: 5_000_000 }
    }
}

impl WebhooksConfig {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        ensure!(
            self.max_bytes >= 10_000,
            "max_bytes: at least 10000, since no platform sends less"
        );
        Ok(())
    }
}
