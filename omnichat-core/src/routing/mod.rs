//! Routing: which operator gets a conversation that nobody has.
//!
//! A [`Router`] is pure: a request and a snapshot of the operators in, a decision with its reason out. Whoever is offline,
//! on a break, disabled or full gets nothing. Reading the snapshot and writing the decision is the business of
//! [`crate::flow::routing`], which takes waiting conversations one after the other, the longest waiting first.

mod model;
mod policy;

pub use model::{Candidate, Decision, RouteRequest};
pub use policy::{LeastLoaded, RoundRobin, Router, RouterSet};
