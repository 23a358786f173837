//! Metrics.

use serde::{Deserialize, Serialize};

use super::Secret;

/// The table `[metrics]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct MetricsConfig {
    /// Whether `/metrics` answers. Default `true`.
    pub enabled: bool,
    /// Who reads them must send this as `Authorization: Bearer`. Without it only this machine may read them.
    pub token: Option<Secret>,
}

impl Default for MetricsConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            token: None,
        }
    }
}
