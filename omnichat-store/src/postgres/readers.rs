//! Reads of one tenant; the read traits are implemented in the files of their domains.

use omnichat_core::id::TenantId;
use sqlx::postgres::PgPool;
use uuid::Uuid;

/// Reads of one tenant.
#[derive(Debug)]
pub(super) struct TenantReads {
    pub(super) tenant: TenantId,
    pub(super) pool: PgPool,
}

impl TenantReads {
    /// The tenant's key.
    pub(super) fn key(&self) -> Uuid {
        self.tenant.uuid()
    }
}
