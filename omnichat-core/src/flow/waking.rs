//! Snoozed conversations wake.

use std::sync::Arc;

use crate::change::Changes;
use crate::conversations::{Conversation, Status};
use crate::error::Result;
use crate::job::{JobChange, Lease, kinds};
use crate::messages::{Content, SystemEntry, system_entry};
use crate::ports::Ports;

/// Works off a [`kinds::WAKE`] job: opens a conversation whose snooze is over.
pub(crate) async fn run_wake(ports: &Arc<Ports>, lease: &Lease) -> Result<()> {
    let about: kinds::AboutConversation = kinds::payload(&lease.job)?;
    let store = ports.tenant(lease.job.tenant);
    let Some(asleep) = store.find_conversation(about.conversation).await? else {
        return super::outbound::finish(ports, lease).await;
    };
    let mut attempts = ports.writers.attempts_at(asleep);
    loop {
        let mut turn = attempts.turn(ports).await;
        let found = turn.conversation(&*store, about.conversation).await?;
        let Some(mut changes) = found.and_then(|conversation| wake(ports, lease, conversation)) else {
            // Others need not wait until the store has taken the end of the job.
            drop(turn);
            return super::outbound::finish(ports, lease).await;
        };
        changes.job(JobChange::Finish(lease.key()));
        match ports.commit_in(turn, changes).await {
            Ok(_) => return Ok(()),
            Err(error) => attempts.again(error)?,
        }
    }
}

/// What is left to do where waking is given up: to wake it.
pub(crate) async fn give_up_wake(ports: &Arc<Ports>, lease: &Lease) -> Result<Changes> {
    let about: kinds::AboutConversation = kinds::payload(&lease.job)?;
    let store = ports.tenant(lease.job.tenant);
    let found = store.find_conversation(about.conversation).await?;
    let changes = found.and_then(|conversation| wake(ports, lease, conversation));
    Ok(changes.unwrap_or_else(|| Changes::in_job(&lease.job)))
}

/// What opens a snoozed conversation; nothing if it was woken, or put to sleep for longer, in the meantime.
fn wake(ports: &Ports, lease: &Lease, before: Conversation) -> Option<Changes> {
    let now = ports.now();
    // Compared with the job's time too, since this node's clock may be behind the store's.
    let until = before.snoozed_until?;
    if before.status != Status::Snoozed || until > lease.job.due_at.max(now) {
        return None;
    }
    let mut conversation = before.clone();
    conversation.move_to(Status::Open, now);
    conversation.last_activity_at = conversation.last_activity_at.max(now);
    let content = Content::system(SystemEntry::Reopened, None, None, None);
    let mut changes = Changes::in_job(&lease.job);
    let conversation = changes.save(Some(&before), conversation);
    changes.add_message(
        &conversation,
        system_entry(&*ports.clock, &conversation, content, now),
    );
    Some(changes)
}
