//! A tag has another name: the conversations that carry it follow, some hundreds with each commit.
//!
//! A conversation that has followed is found by the old name no more, so each commit goes on with whatever is left, and nothing
//! remembers how far it was. Until the last has followed the job stays at the head of its lane: a tag that is renamed twice
//! comes to its last name, however late the first of its jobs runs.

use std::sync::Arc;
use std::time::Duration;

use crate::change::Changes;
use crate::conversations::{ConversationFilter, Facets};
use crate::error::{ErrorKind, Result};
use crate::job::{JobChange, Lease, kinds};
use crate::page::PageRequest;
use crate::ports::Ports;

/// Conversations that follow with one commit.
const BATCH: u32 = 300;
/// Between two commits, so that screens can follow.
const PAUSE: Duration = Duration::from_millis(200);

/// Works off a [`kinds::RENAME_TAG`] job, or a part of it.
pub(crate) async fn run_rename(ports: &Arc<Ports>, lease: &Lease) -> Result<()> {
    let renamed: kinds::RenamedTag = kinds::payload(&lease.job)?;
    // Where others write all the time, one at a time gets through sooner than many.
    let most = if lease.attempts > 0 { 1 } else { BATCH };
    let mut changes = Changes::in_job(&lease.job);
    let is_more = rename(ports, &renamed, most, &mut changes).await?;
    changes.job(match is_more {
        true => JobChange::Wait {
            lease: lease.key(),
            after: PAUSE,
            reason: "more conversations have the old name".to_owned(),
        },
        false => JobChange::Finish(lease.key()),
    });
    match ports.commit(changes).await {
        // Somebody wrote to one of them meanwhile: look again at what is left.
        Err(error) if error.kind() == ErrorKind::Conflict && !error.is_lost_lease() => {
            let again = super::outbound::retry(lease, Duration::ZERO, &error);
            super::outbound::end(ports, lease, again).await
        }
        outcome => outcome.map(|_| ()),
    }
}

/// Gives some conversations the new name; whether more may have the old one.
async fn rename(
    ports: &Ports,
    renamed: &kinds::RenamedTag,
    most: u32,
    changes: &mut Changes,
) -> Result<bool> {
    let store = ports.tenant(changes.tenant);
    let carrying = ConversationFilter::from(Facets {
        tag: Some(renamed.from.clone()),
        ..Facets::default()
    });
    let mut left = most;
    let mut request = PageRequest::first(left);
    loop {
        let page = store.list_conversations(&carrying, &request).await?;
        for before in page.items {
            let mut conversation = before.clone();
            if conversation.rename_tag(&renamed.from, &renamed.to) {
                changes.save(Some(&before), conversation);
                left -= 1;
            }
        }
        match page.next {
            Some(next) if left > 0 => request = PageRequest::after(left, next),
            next => return Ok(next.is_some()),
        }
    }
}
