//! A webhook that could not be understood.

use serde::{Deserialize, Serialize};

use crate::channel::WebhookRequest;
use crate::clock::Timestamp;
use crate::id::{InboxId, QuarantineId, TenantId};

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuarantineState {
    /// Waits for somebody to look.
    Held,
    /// Was understood at a later try.
    Replayed,
}

/// What is held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// A request that could not be understood.
    #[default]
    Request,
    /// One event that was understood, from a webhook or a poll, and could not be applied: the body of the request is it, as JSON.
    Event,
}

/// Something that came for an inbox and could not be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// Its id.
    pub id: QuarantineId,
    /// The tenant.
    pub tenant: TenantId,
    /// Where it came in.
    pub inbox: InboxId,
    /// Why it could not be understood.
    pub reason: String,
    /// What the request is.
    #[serde(default)]
    pub what: Held,
    /// What came.
    pub request: WebhookRequest,
    /// When.
    pub received_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// What became of it.
    pub state: QuarantineState,
    /// Row version, from 1.
    pub version: u64,
}
