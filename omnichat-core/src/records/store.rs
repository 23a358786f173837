//! What can be read of records.

use async_trait::async_trait;

use super::model::Record;
use crate::error::Result;

/// Reads of the records of one tenant.
#[async_trait]
pub trait RecordReads: Send + Sync {
    /// A record, if there is one. One whose time is over is there until it is pruned.
    async fn find_record(&self, kind: &str, key: &str) -> Result<Option<Record>>;

    /// Every record of a kind whose key begins with exactly this text (no pattern), sorted by the bytes of the key, at most
    /// `limit`.
    async fn list_records(&self, kind: &str, prefix: &str, limit: u32) -> Result<Vec<Record>>;
}
