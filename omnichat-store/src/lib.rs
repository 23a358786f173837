//! Durable stores for OmniChat: SQLite in one file, PostgreSQL for several nodes, and what carries signals between nodes.
//!
//! [`open_store`] opens any of them from a URL. [`sqlite`] and [`postgres`] have the same files: `commit` writes a
//! [`Changes`](omnichat_core::change::Changes), one file per domain holds its statements, `migrations/` the schema. Both keep
//! a row as the JSON of the whole entity beside the columns that are searched, sorted or unique, and both obey the suite that
//! the memory store in `omnichat-core` specifies. This crate knows no rule of any domain.

mod body;
mod config;
mod customers;
mod entries;
mod holder;
mod listing;
mod prepared;

pub mod blobs;
pub mod bus;
pub mod postgres;
pub mod private;
pub mod sqlite;

pub use config::{Durability, StoreOptions, open_store};
