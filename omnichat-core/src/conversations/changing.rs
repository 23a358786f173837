//! How a change of a conversation by an actor comes about, whichever it is.

use super::model::Conversation;
use super::service::ConversationService;
use crate::actor::Actor;
use crate::change::Changes;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::ConversationId;
use crate::messages::{Content, SystemEntry, system_entry};

/// A change of one conversation in the making.
pub(super) struct Step<'a> {
    pub(super) conversation: Conversation,
    pub(super) changes: Changes,
    pub(super) now: Timestamp,
    pub(super) actor: &'a Actor,
    entries: Vec<Content>,
}

impl Step<'_> {
    /// Adds an entry to the time line.
    pub(super) fn entry(&mut self, entry: SystemEntry, target: Option<&str>, comment: Option<&str>) {
        self.entries
            .push(Content::system(entry, Some(self.actor.name()), target, comment));
    }
}

impl ConversationService {
    /// Reads, checks, changes and commits, one behind the other with whoever else writes here. A caller who named the version
    /// that the change is based on is told if it is another by then. A step that changes nothing writes nothing.
    pub(super) async fn change(
        &self,
        actor: &Actor,
        id: ConversationId,
        version: Option<u64>,
        step: impl Fn(&mut Step<'_>) -> Result<()>,
    ) -> Result<Conversation> {
        let store = self.ports.tenant(actor.tenant);
        let mut attempts = self.ports.writers.attempts_at(self.get(actor, id).await?);
        loop {
            let mut turn = attempts.turn(&self.ports).await;
            let before = turn.conversation(&*store, id).await?;
            let before = before
                .filter(|c| c.visible_to(actor))
                .ok_or_else(|| Error::not_found("conversation"))?;
            if version.is_some_and(|version| version != before.version) {
                return Err(Error::conflict("the conversation").with("version", before.version));
            }
            let mut next = Step {
                conversation: before.clone(),
                changes: Changes::by(actor),
                now: self.ports.now(),
                actor,
                entries: Vec::new(),
            };
            step(&mut next)?;
            if next.conversation == before && next.entries.is_empty() {
                return Ok(before);
            }
            let (after, changes) = self.finish(&before, next);
            match self.ports.commit_in(turn, changes).await {
                Ok(_) => return Ok(after),
                Err(error) => attempts.again(error)?,
            }
        }
    }

    fn finish(&self, before: &Conversation, step: Step<'_>) -> (Conversation, Changes) {
        let Step {
            conversation,
            mut changes,
            now,
            entries,
            ..
        } = step;
        let conversation = changes.save(Some(before), conversation);
        for content in entries {
            let message = system_entry(&*self.ports.clock, &conversation, content, now);
            changes.add_message(&conversation, message);
        }
        (conversation, changes)
    }
}
