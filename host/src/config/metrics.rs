//! Metrics.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use super::Secret;

/// The table `[metrics]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct MetricsConfig {
    /// Whether `/metrics` answers. Default `true`.
    pub enabled: bool,
    /// Who reads them must send this as `Authorization: Bearer`. Without it they are only at `metrics.listen`.
    pub token: Option<Secret>,
    /// Another address and port at which nothing but `/metrics` answers, without a token if none is set: one that only the
    /// monitoring reaches, such as `127.0.0.1:9090`. Default: none.
    pub listen: Option<SocketAddr>,
}

impl Default for MetricsConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            token: None,
            listen: None,
        }
    }
}
