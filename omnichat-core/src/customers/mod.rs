//! Customers: the people who ask, and the contacts that they are known by.

pub mod fields;
mod filter;
mod model;
mod service;
mod store;

pub use filter::{CustomerFacets, CustomerFilter, CustomerSort, is_found_by, with_text};
pub use model::{Customer, CustomerPatch};
pub use service::{CustomerDetails, CustomerService};
pub use store::CustomerReads;
