//! Which operators are connected to which node, so that those of a node that died are noticed.
//!
//! Each node writes down from time to time who is connected to it, and reads what the others wrote. Who is on a screen of this node,
//! and when somebody has gone, the host knows.

mod model;
mod service;

pub use model::{Connected, DeadNode};
pub use service::PresenceService;
