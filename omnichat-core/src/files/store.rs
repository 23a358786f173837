//! What can be read of stored files.

use async_trait::async_trait;

use super::model::{File, Uploaded, Uploaders};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::FileId;

/// Reads of the files of one tenant.
#[async_trait]
pub trait FileReads: Send + Sync {
    /// A file, if there is one.
    async fn find_file(&self, id: FileId) -> Result<Option<File>>;

    /// Whether any file has these bytes, or may have: of a row that is damaged nobody knows them.
    async fn is_blob_used(&self, digest: &str) -> Result<bool>;

    /// Up to `limit` files that are in no conversation and were stored before a time, oldest first.
    async fn unsent_files(&self, before: Timestamp, limit: u32) -> Result<Vec<File>>;

    /// What some uploaders have stored at a time or later. Files that are gone do not count.
    async fn uploaded(&self, by: Uploaders<'_>, since: Timestamp) -> Result<Uploaded>;
}
