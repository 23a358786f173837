//! Quarantine: what came for an inbox, by webhook or poll, and could not be understood or applied, kept to be looked at and
//! replayed.

mod model;
mod service;

pub use model::{Held, QuarantineState, Quarantined};
pub use service::QuarantineService;
