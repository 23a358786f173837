//! Connections that only read, and reads of one tenant; the read traits are implemented in the files of their domains.
//!
//! A read that nobody waits for any more must not go on: its connection is closed instead of given back, at which the server
//! breaks off the statement, and the pool opens another.

use omnichat_core::error::Result;
use omnichat_core::id::TenantId;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnection, PgPool, Postgres};
use uuid::Uuid;

use super::error::{closed, error};

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

/// A connection on which something is being read. Dropped before [`Reading::end`], it is closed.
pub(super) struct Reading(Option<PoolConnection<Postgres>>);

impl Reading {
    /// Takes a free connection.
    pub(super) async fn begin(pool: &PgPool) -> Result<Self> {
        Ok(Self(Some(pool.acquire().await.map_err(error)?)))
    }

    /// The connection.
    pub(super) fn connection(&mut self) -> Result<&mut PgConnection> {
        self.0.as_deref_mut().ok_or_else(closed)
    }

    /// The answer has come: the connection goes back.
    pub(super) fn end(mut self) {
        drop(self.0.take());
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        if let Some(abandoned) = self.0.take() {
            drop(abandoned.detach());
        }
    }
}
