//! A webhook that could not be understood.

use serde::{Deserialize, Serialize};

use crate::channel::WebhookRequest;
use crate::entities::{Document, Entries};
use crate::id::{InboxId, QuarantineId};

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

/// Something that came for an inbox and could not be taken. When it came is when it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// Where it came in.
    pub inbox: InboxId,
    /// Why it could not be understood.
    pub reason: String,
    /// What the request is.
    #[serde(default)]
    pub what: Held,
    /// What came.
    pub request: WebhookRequest,
    /// How often it was tried.
    pub attempts: u32,
    /// What became of it.
    pub state: QuarantineState,
}

impl Quarantined {
    /// The index of all, in the order in which they came.
    pub const ALL: &'static str = "all";
    /// The index of those that wait, by inbox and in the order in which they came.
    pub const HELD: &'static str = "held";
}

impl Document for Quarantined {
    type Id = QuarantineId;
    const KIND: &'static str = "quarantined";
    const LAYOUT: u32 = 1;
    /// Whoever took it in has limited it, and what has been taken in is kept, whatever its size.
    const BODY_MAX: usize = usize::MAX;

    fn index(&self, entries: &mut Entries) {
        let received_at = entries.created_at();
        entries.list(Self::ALL, &[received_at.into()]);
        if self.state == QuarantineState::Held {
            entries.list(Self::HELD, &[self.inbox.uuid().into(), received_at.into()]);
        }
    }
}
