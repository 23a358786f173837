//! Consumers: what follows from what happened, once and in order, whatever dies in between.
//!
//! A [`Consumer`] is handed the events of each tenant's log and answers with the changes that follow from them. They are written in
//! one commit with the consumer's [`Place`] in the log, so an effect happens exactly once: of two hosts that react to the same events
//! one commits and the other is refused as stale. What has to go out of the house (a letter, a call of a webhook) is queued as a job in
//! these changes.
//!
//! The engine runs them ([`Engine::work`](crate::Engine::work)); an embedder adds its own by
//! [`EngineBuilder::consumer`](crate::engine::EngineBuilder::consumer).

mod consumer;
mod model;

pub use consumer::{Begins, Consumer, Reaction};
pub use model::Place;
