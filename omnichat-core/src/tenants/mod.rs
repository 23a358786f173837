//! Tenants: the companies that an installation serves, kept apart from each other.

mod epoch;
mod model;
mod service;

pub use model::Tenant;
pub use service::TenantService;
