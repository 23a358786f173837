//! Entities of every kind.

use std::collections::HashMap;

use omnichat_core::clock::Timestamp;
use omnichat_core::entities::{Entity, Listed, Stored};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::Time;

/// An entity: what people wrote into it, with its id, times and version beside it.
#[derive(Clone, Debug, Serialize)]
pub struct EntityView<E: Entity> {
    id: String,
    #[serde(flatten)]
    value: E,
    created_at: Time,
    updated_at: Time,
    version: u64,
}

impl<E: Entity> From<Stored<E>> for EntityView<E> {
    fn from(stored: Stored<E>) -> Self {
        Self {
            id: stored.id.to_string(),
            value: stored.value,
            created_at: stored.created_at.into(),
            updated_at: stored.updated_at.into(),
            version: stored.version,
        }
    }
}

/// A part of a list of entities.
#[derive(Clone, Debug, Serialize)]
pub struct EntityPageView<E: Entity> {
    items: Vec<EntityView<E>>,
    next: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    damaged: Vec<String>,
    complete: bool,
}

impl<E: Entity> From<Listed<E>> for EntityPageView<E> {
    fn from(listed: Listed<E>) -> Self {
        Self {
            items: listed.items.into_iter().map(EntityView::from).collect(),
            next: listed.next.map(|cursor| cursor.encode()),
            damaged: listed.damaged.iter().map(ToString::to_string).collect(),
            complete: listed.is_complete,
        }
    }
}

/// What every entity has; the rest is its kind's.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Entity)]
pub struct AnyEntityView {
    /// Its id.
    id: String,
    /// When it was made.
    created_at: Time,
    /// When it was last changed.
    updated_at: Time,
    /// Rises with each change.
    version: u64,
    /// What people wrote into it.
    #[serde(flatten)]
    fields: HashMap<String, Value>,
}

impl AnyEntityView {
    /// An entity as an event tells of it.
    pub fn of(id: &str, body: &Value, version: u64, created_at: Timestamp, updated_at: Timestamp) -> Self {
        let fields = body.as_object().into_iter().flatten();
        Self {
            id: id.to_owned(),
            created_at: created_at.into(),
            updated_at: updated_at.into(),
            version,
            fields: fields
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        }
    }
}
