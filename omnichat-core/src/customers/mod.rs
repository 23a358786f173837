//! Customers: the people who ask, and the contacts that they are known by.

mod model;
mod service;
mod store;

pub use model::{Customer, CustomerPatch};
pub use service::{CustomerDetails, CustomerService};
pub use store::CustomerReads;
