//! Customers: the people who ask, and the accounts they ask from.

mod model;
mod service;
mod store;

pub use model::{Customer, CustomerPatch, Identity};
pub use service::CustomerService;
pub use store::CustomerReads;
