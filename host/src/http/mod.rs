//! What the routes of [`crate::router`] do: one file for each domain. A handler takes a request apart, calls one service and
//! shapes the answer; rules live in the core.

pub mod api_keys;
pub mod audit;
pub mod auth;
pub mod automations;
pub mod channels;
pub mod conversation_actions;
pub mod conversations;
pub mod customers;
pub mod entities;
pub mod events;
pub mod files;
pub mod health;
pub mod inboxes;
pub mod me;
pub mod messages;
pub mod operators;
pub mod plugins;
pub mod quarantine;
mod ranges;
pub mod rights;
pub mod setup;
pub mod shared;
pub mod simulate;
pub mod status;
