//! Which addresses may be called on behalf of users.

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::network;

/// The table `[egress]`. Requests to addresses that somebody typed into a form go to the public internet only.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct EgressConfig {
    /// Networks beside the public internet: `10.0.0.0/8`, `127.0.0.1`. Default: none.
    #[serde(deserialize_with = "super::list::texts")]
    pub allow: Vec<String>,
}

impl EgressConfig {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        for text in &self.allow {
            network::parse(text).context("allow")?;
        }
        Ok(())
    }
}
