#![doc = include_str!("../README.md")]

// The language.
pub mod error;
pub mod clock;
pub mod id;
pub mod page;
pub mod actor;

// The domains: what there is and which rules it follows.
pub mod tenants;
pub mod operators;
pub mod sessions;
pub mod inboxes;
pub mod customers;
pub mod conversations;
pub mod messages;
pub mod files;
pub mod routing;
pub mod quarantine;
pub mod audit;
pub mod records;

// The traits: what is plugged in, and how everything is written.
pub mod change;
pub mod event;
pub mod job;
pub mod store;
pub mod channel;
pub mod ai;
pub mod vault;
pub mod ports;

// The order of work, and the handle that embedders hold.
pub mod flow;
pub mod engine;

#[cfg(feature = "testing")]
pub mod testing;

pub use engine::{Engine, EngineBuilder, EngineOptions};
pub use error::{Error, ErrorKind, Result};
