//! Quarantine: webhooks that passed their signature and could not be understood, kept to be looked at and replayed.

mod model;
mod service;
mod store;

pub use model::{QuarantineState, Quarantined};
pub use service::QuarantineService;
pub use store::QuarantineReads;
