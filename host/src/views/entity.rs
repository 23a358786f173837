//! Entities of every kind.

use omnichat_core::clock::Timestamp;
use omnichat_core::entities::{Entity, Listed, Stored};
use serde::Serialize;
use serde_json::{Value, json};

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

/// What an event says of an entity, as [`EntityView`].
pub fn of_event(body: &Value, id: &str, version: u64, created_at: Timestamp, updated_at: Timestamp) -> Value {
    let mut entity = body.clone();
    if let Some(fields) = entity.as_object_mut() {
        fields.insert("id".to_owned(), json!(id));
        fields.insert("created_at".to_owned(), json!(Time::from(created_at)));
        fields.insert("updated_at".to_owned(), json!(Time::from(updated_at)));
        fields.insert("version".to_owned(), json!(version));
    }
    entity
}
