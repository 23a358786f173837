#![doc = include_str!("../README.md")]

// The language.
pub mod actor;
pub mod address;
pub mod clock;
pub mod error;
pub mod id;
pub mod limits;
pub mod page;
pub mod text;

// The domains: what there is and which rules it follows.
pub mod api_keys;
mod attributes;
pub mod audit;
pub mod automations;
pub mod chats;
pub mod condition;
pub mod consumers;
pub mod contacts;
pub mod conversations;
pub mod customers;
pub mod entities;
pub mod files;
pub mod inboxes;
pub mod messages;
pub mod operators;
pub mod phrases;
pub mod presence;
pub mod quarantine;
pub mod records;
pub mod roles;
pub mod routing;
pub mod sessions;
pub mod settings;
pub mod tags;
pub mod tenants;
pub mod visitors;

// The traits: what is plugged in, and how everything is written.
pub mod ai;
mod anew;
pub mod change;
pub mod channel;
pub mod event;
pub mod job;
pub mod ports;
pub mod store;
pub mod vault;
pub mod views;

// The order of work, and the handle that embedders hold.
pub mod engine;
pub mod flow;

#[cfg(feature = "testing")]
pub mod testing;

pub use engine::{Engine, EngineBuilder, EngineOptions, JobKind};
pub use error::{Error, ErrorKind, Result};
