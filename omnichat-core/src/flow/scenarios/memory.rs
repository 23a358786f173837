//! What is kept of a scenario in a conversation, between its turns.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::change::{Changes, Removal, Row};
use crate::clock::Timestamp;
use crate::conversations::Conversation;
use crate::error::{Error, Result};
use crate::id::ConversationId;
use crate::records::{Record, RecordType};
use crate::store::TenantStore;

/// How long the state of a conversation is kept in which nothing happens: a person who steps in leaves it behind.
const KEPT: Duration = Duration::from_secs(90 * 86_400);

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    /// Which run of the scenario it belongs to.
    since: Timestamp,
    /// The scenario's own state, in hex.
    state: String,
    wake_at: Option<Timestamp>,
    /// Turns without a word from the customer.
    idle: u32,
}

impl RecordType for Kept {
    const KIND: &'static str = "scenario_state";
}

/// The memory of one run of a scenario.
#[derive(Clone)]
pub(super) struct Memory {
    conversation: ConversationId,
    since: Timestamp,
    /// The record that is there, of this run or of one before.
    record: Option<Record>,
    kept: Option<Kept>,
}

impl Memory {
    pub(super) async fn read(
        store: &dyn TenantStore,
        conversation: &Conversation,
        since: Timestamp,
    ) -> Result<Self> {
        let key = conversation.id.to_string();
        let record = store.find_record(Kept::KIND, &key).await?;
        let kept: Option<Kept> = record.as_ref().map(Record::read).transpose()?;
        Ok(Self {
            conversation: conversation.id,
            since,
            record,
            kept: kept.filter(|kept| kept.since == since),
        })
    }

    /// What the scenario's last turn left.
    pub(super) fn state(&self) -> Result<Option<Vec<u8>>> {
        let state = self.kept.as_ref().map(|kept| &kept.state);
        let unreadable = |error| Error::internal("a scenario's state cannot be read").caused_by(error);
        state.map(hex::decode).transpose().map_err(unreadable)
    }

    pub(super) fn wake_at(&self) -> Option<Timestamp> {
        self.kept.as_ref().and_then(|kept| kept.wake_at)
    }

    pub(super) fn idle(&self) -> u32 {
        self.kept.as_ref().map_or(0, |kept| kept.idle)
    }

    /// Has changes keep what a turn left.
    pub(super) fn keep(
        self,
        changes: &mut Changes,
        state: &[u8],
        wake_at: Option<Timestamp>,
        idle: u32,
        now: Timestamp,
    ) -> Result<()> {
        let kept = Kept {
            since: self.since,
            state: hex::encode(state),
            wake_at,
            idle,
        };
        let record = match &self.record {
            Some(record) => record.next(&kept, now)?,
            None => Record::new(changes.tenant, self.conversation.to_string(), &kept, now)?,
        };
        changes.put(Row::Record(record.expiring(now.after(KEPT))));
        Ok(())
    }

    /// Has changes forget it.
    pub(super) fn forget(self, changes: &mut Changes) {
        if let Some(record) = self.record {
            changes.remove(Removal::Record {
                kind: record.kind,
                key: record.key,
            });
        }
    }
}
