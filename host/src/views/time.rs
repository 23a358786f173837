//! A moment on the wire.

use omnichat_core::clock::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A moment in UTC by RFC 3339: `2026-01-31T12:00:00.5Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = DateTime)]
pub struct Time(pub Timestamp);

impl From<Timestamp> for Time {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}
