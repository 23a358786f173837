//! What can be read of stored files.

use async_trait::async_trait;

use super::model::File;
use crate::error::Result;
use crate::id::FileId;

/// Reads of the files of one tenant.
#[async_trait]
pub trait FileReads: Send + Sync {
    /// A file, if there is one.
    async fn find_file(&self, id: FileId) -> Result<Option<File>>;
}
