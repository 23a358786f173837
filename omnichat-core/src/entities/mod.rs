//! Entities: one mechanism for everything that a tenant keeps and that has no table of its own.
//!
//! A row ([`EntityRow`]) is the JSON of one entity with its index entries: names, and keys whose bytes sort as the values do
//! ([`IndexKey`]). Rows of all kinds lie in the same two tables, so a store that carries them once carries every kind there will
//! be: found by id or by a unique key, paged along any index in either direction, counted, written against a version.

mod key;
mod model;
mod query;
mod store;

pub use key::{IndexKey, KEY_MAX, Part};
pub use model::{EntityRow, IndexEntry, NAME_MAX};
pub use query::{Direction, EntityCursor, EntityPage, EntityQuery, KeyRange};
pub use store::EntityReads;
