//! What can be set up.

use async_trait::async_trait;
use serde_json::Value;

use crate::channel::Descriptor;
use crate::error::Result;

/// What can be set up: it describes its settings, checks them, and reads those that other versions of it have checked.
#[async_trait]
pub trait Kind: Send + Sync + 'static {
    /// What it is and can do.
    fn descriptor(&self) -> &Descriptor;

    /// Checks settings that the schema allows, before they are stored. No network.
    ///
    /// # Errors
    /// `Invalid` with the fields, for what the schema cannot express.
    async fn validate(&self, config: &Value) -> Result<()> {
        let _ = config;
        Ok(())
    }

    /// Reads settings that another version of the kind has checked, see [`Descriptor::version`]. They stay stored as they
    /// were until somebody saves them, so that an earlier version can come back.
    ///
    /// # Errors
    /// `Invalid` if this version cannot use them.
    async fn migrate(&self, from: &str, config: Value) -> Result<Value> {
        let _ = from;
        Ok(config)
    }
}
