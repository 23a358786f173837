//! The `body` column: the JSON of a whole entity.

use omnichat_core::error::{Error, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// An entity as JSON.
pub(crate) fn encode<T: Serialize>(entity: &T) -> Result<String> {
    serde_json::to_string(entity).map_err(|e| Error::internal("a row cannot be written as JSON").caused_by(e))
}

/// An entity from its JSON.
pub(crate) fn decode<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| {
        Error::internal("a stored row cannot be read")
            .with("type", std::any::type_name::<T>())
            .caused_by(e)
    })
}
