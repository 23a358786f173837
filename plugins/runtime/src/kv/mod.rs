//! The small stores of plugins: apart for each plugin and account, with a quota.

mod memory;
mod records;

pub use memory::MemoryKeyValue;
pub use records::RecordKeyValue;

use std::fmt;

use async_trait::async_trait;
use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::id::{AutomationId, InboxId, TenantId};

/// Whose store it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owner {
    /// An account of a channel.
    Inbox(InboxId),
    /// A scenario or a set of tools that a tenant has set up.
    Automation(TenantId, AutomationId),
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inbox(inbox) => inbox.fmt(f),
            Self::Automation(_, automation) => automation.fmt(f),
        }
    }
}

/// One store: nothing in it is seen from another.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Space {
    /// The plugin's id.
    pub plugin: String,
    /// Whose it is.
    pub owner: Owner,
}

impl fmt::Display for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.plugin, self.owner)
    }
}

/// How much a store may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Bytes of keys and values.
    pub bytes: u64,
    /// Keys.
    pub keys: u64,
}

impl Quota {
    fn admit(self, bytes: u64, keys: u64) -> Result<()> {
        if bytes > self.bytes || keys > self.keys {
            return Err(Error::new(
                ErrorKind::TooLarge,
                format!(
                    "the plugin's store is full: {} bytes and {} keys are allowed",
                    self.bytes, self.keys
                ),
            ));
        }
        Ok(())
    }
}

/// What is to be written.
#[derive(Clone, Copy, Debug)]
pub struct Write<'a> {
    /// Where.
    pub key: &'a str,
    /// What.
    pub value: &'a [u8],
    /// Until when it is kept; for ever if absent.
    pub expires_at: Option<Timestamp>,
    /// How much the store may hold afterwards.
    pub quota: Quota,
}

/// Where plugins' stores are. What has expired is as if it were not there.
#[async_trait]
pub trait KeyValue: Send + Sync + 'static {
    /// A value, if there is one.
    async fn get(&self, space: &Space, key: &str) -> Result<Option<Vec<u8>>>;

    /// Writes a value. `TooLarge` if the quota does not allow it.
    async fn set(&self, space: &Space, write: Write<'_>) -> Result<()>;

    /// Writes a value only if the one that is there is the expected one (none: not there), in one step. Says whether it
    /// did.
    async fn compare_and_set(&self, space: &Space, expected: Option<&[u8]>, write: Write<'_>)
    -> Result<bool>;

    /// Removes a value. Removing what is not there is no error.
    async fn delete(&self, space: &Space, key: &str) -> Result<()>;

    /// Up to `limit` keys that begin with a text and come after another, sorted by their bytes.
    async fn list(
        &self,
        space: &Space,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>>;
}

#[cfg(test)]
mod tests;
