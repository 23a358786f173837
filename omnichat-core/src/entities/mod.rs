//! Entities: one mechanism for everything that a tenant keeps and that has no table of its own.
//!
//! A row ([`EntityRow`]) is the JSON of one entity with its index entries: names, and keys whose bytes sort as the values do
//! ([`IndexKey`]). Rows of all kinds lie in the same two tables, so a store that carries them once carries every kind there will
//! be: found by id or by a unique key, paged along any index in either direction, counted, written against a version.
//!
//! A kind is a type with [`Entity`]: what its JSON is, who may do what, how it is checked, by what it is found. [`Entities`] reads and
//! writes it for an actor, with its line in the audit log and its event in the same commit.
//!
//! What lies in the tables is a [`Document`], as every entity is by itself. A type that is only a document (an automation with its
//! sealed secrets, a request in quarantine) has the tables, the keys, the pages and the versions, and a service of its own;
//! [`Documents`] reads it.

mod document;
mod documents;
mod entity;
mod filling;
mod guard;
mod key;
mod kinds;
mod model;
mod query;
mod service;
mod store;

pub use document::{Document, DocumentPage, Entries, Stored};
pub use documents::Documents;
pub use entity::Entity;
pub(crate) use filling::fill;
pub use guard::{Attempt, Guard};
pub use key::{IndexKey, KEY_MAX, Part};
pub use kinds::EntityKinds;
pub use model::{EntityRow, IndexEntry, NAME_MAX};
pub use query::{Direction, EntityCursor, EntityPage, EntityQuery, KeyRange};
pub use service::{Entities, EntityList, Listed};
pub use store::EntityReads;
