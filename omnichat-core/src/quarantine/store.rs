//! What can be read of the quarantine.

use async_trait::async_trait;

use super::model::Quarantined;
use crate::error::Result;
use crate::id::QuarantineId;
use crate::page::{Page, PageRequest};

/// Reads of the quarantine of one tenant.
#[async_trait]
pub trait QuarantineReads: Send + Sync {
    /// A webhook in quarantine, if there is one.
    async fn find_quarantined(&self, id: QuarantineId) -> Result<Option<Quarantined>>;

    /// A page of webhooks in quarantine, newest first (the cursor's sort value is `received_at`).
    async fn list_quarantined(&self, page: &PageRequest) -> Result<Page<Quarantined>>;
}
