//! Operators: the people who answer, what they may do and whether they are there.

mod build;
mod invitations;
mod model;
mod owners;
mod service;
mod store;

pub use build::build;
pub use model::{Invitation, NewOperator, Operator, OperatorPatch, OperatorStatus};
pub use service::OperatorService;
pub use store::OperatorReads;
