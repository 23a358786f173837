//! The audit log: who changed what.

mod model;
mod service;
mod store;

pub use model::AuditEntry;
pub use service::{AuditService, entry};
pub use store::AuditReads;
