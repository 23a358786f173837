//! Webhooks in quarantine on the wire.

use std::collections::BTreeMap;

use omnichat_core::entities::Stored;
use omnichat_core::quarantine::Quarantined;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Time;
use super::names::wire_enum;

wire_enum! {
    /// What became of a webhook in quarantine.
    QuarantineState is omnichat_core::quarantine::QuarantineState {
        /// Waits for somebody to look.
        Held,
        /// Was understood at a later try.
        Replayed,
    }
}

/// A webhook that could not be understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Quarantined)]
pub struct QuarantinedView {
    /// Its id.
    pub id: String,
    /// Where it came in.
    pub inbox_id: String,
    /// Why it could not be understood.
    pub reason: String,
    /// When it came.
    pub received_at: Time,
    /// The beginning of the body.
    pub body_preview: String,
    /// Bytes of the body.
    pub size: u64,
    /// How often it was tried.
    pub attempts: u32,
    /// What became of it.
    pub state: QuarantineState,
}

/// A webhook in quarantine, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = QuarantinedDetail)]
pub struct QuarantinedDetailView {
    /// What lists show of it.
    #[serde(flatten)]
    pub summary: QuarantinedView,
    /// Its headers; secrets are left out.
    pub headers: BTreeMap<String, String>,
    /// Its body, with replacement characters for what is no UTF-8.
    pub body: String,
}

/// Characters of the body that lists show.
const PREVIEW: usize = 200;

impl From<&Stored<Quarantined>> for QuarantinedView {
    fn from(held: &Stored<Quarantined>) -> Self {
        let value = &held.value;
        let body = &value.request.body;
        // Four bytes are the longest character.
        let head = String::from_utf8_lossy(&body[..body.len().min(PREVIEW * 4)]);
        Self {
            id: held.id.to_string(),
            inbox_id: value.inbox.to_string(),
            reason: value.reason.clone(),
            received_at: held.created_at.into(),
            body_preview: head.chars().take(PREVIEW).collect(),
            size: body.len() as u64,
            attempts: value.attempts,
            state: value.state.into(),
        }
    }
}

impl From<&Stored<Quarantined>> for QuarantinedDetailView {
    fn from(held: &Stored<Quarantined>) -> Self {
        let request = &held.value.request;
        let mut headers: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in &request.headers {
            let values = headers.entry(name.clone()).or_default();
            if !values.is_empty() {
                values.push_str(", ");
            }
            values.push_str(value);
        }
        Self {
            summary: held.into(),
            headers,
            body: String::from_utf8_lossy(&request.body).into_owned(),
        }
    }
}
