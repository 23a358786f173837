//! A tenant as it is kept.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::TenantId;

/// One customer of the installation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// The name that people see.
    pub name: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// Row version, from 1.
    pub version: u64,
}
