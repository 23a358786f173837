//! What can be read of the audit log.

use async_trait::async_trait;

use super::model::AuditEntry;
use crate::error::Result;
use crate::page::{Page, PageRequest};

/// Reads of the audit log of one tenant.
#[async_trait]
pub trait AuditReads: Send + Sync {
    /// A page of the log, newest first (the cursor's sort value is `at`).
    async fn list_audit(&self, page: &PageRequest) -> Result<Page<AuditEntry>>;
}
