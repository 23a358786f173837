//! An entity as it is kept.

use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::key::IndexKey;
use crate::clock::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::id::TenantId;

/// Longest name of a kind or an index, in bytes.
pub const NAME_MAX: usize = 64;

/// An entity of some kind. `(kind, id)` is unique within the tenant, and so is `(kind, index, key)` of each unique entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityRow {
    /// The tenant.
    pub tenant: TenantId,
    /// What it is: `tag`, `phrase`, …
    pub kind: String,
    /// Its id, whose prefix the kind knows.
    pub id: Uuid,
    /// The entity, as JSON.
    pub body: String,
    /// What it is found and sorted by.
    pub entries: BTreeSet<IndexEntry>,
    /// Which definition of the kind's indexes the entries follow. It rises when indexes are added or changed; rows of an earlier one
    /// are not in all of them yet.
    pub layout: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last written.
    pub updated_at: Timestamp,
    /// Row version, from 1.
    pub version: u64,
}

/// One place of an entity in an index. It may have several in one, and none in another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndexEntry {
    /// The index.
    pub index: String,
    /// Where in it.
    pub key: IndexKey,
    /// No other entity of the kind has the same unique key in this index.
    pub unique: bool,
}

impl EntityRow {
    /// The entity as its type.
    ///
    /// # Errors
    /// `Damaged` if it is none.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(&self.body).map_err(|error| {
            let message = format!("this {} is damaged in the database and cannot be read", self.kind);
            Error::new(ErrorKind::Damaged, message).caused_by(error)
        })
    }

    /// The entity as JSON.
    pub fn body_of(value: &impl Serialize) -> Result<String> {
        serde_json::to_string(value)
            .map_err(|error| Error::internal("an entity cannot be written as JSON").caused_by(error))
    }

    /// The name of the unique rule of one of its indexes, as an error names it.
    pub fn rule(kind: &str, index: &str) -> String {
        format!("{kind}.{index}")
    }
}
