//! What can be read of entities.

use async_trait::async_trait;
use uuid::Uuid;

use super::key::IndexKey;
use super::model::EntityRow;
use super::query::{EntityPage, EntityQuery, KeyRange};
use crate::error::Result;

/// Reads of the entities of one tenant.
#[async_trait]
pub trait EntityReads: Send + Sync {
    /// An entity, if there is one.
    async fn find_entity(&self, kind: &str, id: Uuid) -> Result<Option<EntityRow>>;

    /// The entity that has a unique key, if there is one.
    async fn find_unique_entity(&self, kind: &str, index: &str, key: &IndexKey) -> Result<Option<EntityRow>>;

    /// A page of an index: entries in the order of their keys, those of the same key in that of their entities' ids, a unique one
    /// before them.
    async fn page_entities(&self, query: &EntityQuery) -> Result<EntityPage>;

    /// How many entries of an index lie in a stretch; counting ends at `cap`.
    async fn count_entities(&self, kind: &str, index: &str, range: &KeyRange, cap: u32) -> Result<u32>;
}
