//! Operators: the people who answer, what they may do and whether they are there.

mod model;
mod service;
mod store;

pub use model::{NewOperator, Operator, OperatorPatch, OperatorStatus};
pub use service::{OperatorService, build};
pub use store::OperatorReads;
