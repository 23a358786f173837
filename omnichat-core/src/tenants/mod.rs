//! Tenants: the companies that an installation serves, kept apart from each other.

mod model;
mod service;

pub use model::Tenant;
pub use service::TenantService;
