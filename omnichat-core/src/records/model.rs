//! The generic record: a small typed document under `(kind, key)`.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::TenantId;

/// A small document of a kind. `(kind, key)` is unique within the tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The tenant.
    pub tenant: TenantId,
    /// What it is: `session`, `cursor`, …
    pub kind: String,
    /// Which one.
    pub key: String,
    /// The document.
    pub body: Value,
    /// When it was last written.
    pub updated_at: Timestamp,
    /// When it may be thrown away.
    pub expires_at: Option<Timestamp>,
    /// Row version, from 1.
    pub version: u64,
}

/// A type that is kept as a record.
pub trait RecordType: Serialize + DeserializeOwned + Send + Sync {
    /// The kind under which it is kept.
    const KIND: &'static str;
}

impl Record {
    /// A first version of a record.
    pub fn new<T: RecordType>(
        tenant: TenantId,
        key: impl Into<String>,
        body: &T,
        now: Timestamp,
    ) -> Result<Self> {
        Ok(Self {
            tenant,
            kind: T::KIND.to_owned(),
            key: key.into(),
            body: to_value(body)?,
            updated_at: now,
            expires_at: None,
            version: 1,
        })
    }

    /// The document as its type.
    pub fn read<T: RecordType>(&self) -> Result<T> {
        serde_json::from_value(self.body.clone()).map_err(|e| {
            Error::internal("a stored record cannot be read")
                .with("kind", T::KIND)
                .caused_by(e)
        })
    }

    /// The next version of the record, with another document.
    pub fn next<T: RecordType>(&self, body: &T, now: Timestamp) -> Result<Self> {
        Ok(Self {
            body: to_value(body)?,
            updated_at: now,
            version: self.version + 1,
            ..self.clone()
        })
    }

    /// The same record, to be thrown away at a time.
    #[must_use]
    pub fn expiring(mut self, at: Timestamp) -> Self {
        self.expires_at = Some(at);
        self
    }
}

fn to_value<T: RecordType>(body: &T) -> Result<Value> {
    serde_json::to_value(body).map_err(|e| {
        Error::internal("a record cannot be written")
            .with("kind", T::KIND)
            .caused_by(e)
    })
}
