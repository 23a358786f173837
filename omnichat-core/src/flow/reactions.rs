//! What follows from what happened: waiting conversations find operators, and snoozed ones wake.

use std::collections::HashMap;
use std::sync::Arc;

use crate::change::{Changes, Row};
use crate::clock::Timestamp;
use crate::conversations::{Conversation, Status};
use crate::error::{ErrorKind, Result};
use crate::event::Event;
use crate::id::{InboxId, OperatorId, TenantId};
use crate::inboxes::RoutingStrategy;
use crate::job::{JobChange, Lease, kinds};
use crate::messages::{Content, SystemEntry, system_entry};
use crate::operators::OperatorStatus;
use crate::ports::Ports;
use crate::records::{Record, RecordType};
use crate::routing::{Candidate, Decision, RouteRequest, RouterSet};

/// Waiting conversations that one job looks at; if there may be more, it comes again.
const BATCH: u32 = 100;

/// When routing last gave each operator a conversation: what turns are taken by.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
struct Turns {
    last: HashMap<OperatorId, Timestamp>,
}

impl RecordType for Turns {
    const KIND: &'static str = "routing_turns";
}

/// Works off a [`kinds::ROUTE`] job: gives waiting conversations to operators, the longest waiting first. Runs in a lane of
/// its own, one at a time for a tenant, so that no two decisions see the same free place.
pub(crate) async fn run_route(ports: &Arc<Ports>, routers: &RouterSet, lease: &Lease) -> Result<()> {
    let tenant = lease.job.tenant;
    let store = ports.tenant(tenant);
    let strategies: HashMap<InboxId, RoutingStrategy> = store
        .list_inboxes()
        .await?
        .into_iter()
        .map(|inbox| (inbox.id, inbox.routing))
        .collect();
    let manual: Vec<InboxId> = strategies
        .iter()
        .filter(|(_, s)| **s == RoutingStrategy::Manual)
        .map(|(id, _)| *id)
        .collect();
    let (mut candidates, mut turns) = snapshot(ports, tenant).await?;
    if !candidates.iter().any(Candidate::has_room) {
        return super::outbound::finish(ports, lease).await;
    }
    let waiting = store.unassigned_conversations(&manual, BATCH).await?;
    let more = waiting.len() == BATCH as usize;
    let mut changes = Changes::new(tenant);
    for conversation in waiting {
        let Some(router) = strategies.get(&conversation.inbox).and_then(|s| routers.get(*s)) else {
            continue;
        };
        let request = RouteRequest {
            conversation: &conversation,
            candidates: &candidates,
        };
        let Decision::Assign { operator, reason } = router.route(&request) else {
            continue;
        };
        let Some(chosen) = candidates
            .iter_mut()
            .find(|c| c.operator == operator && c.has_room())
        else {
            // A router that chooses somebody without room is at fault; nobody is given work they cannot take.
            tracing::error!(router = router.name(), %operator, "a router chose an operator without room");
            continue;
        };
        let now = ports.now();
        chosen.load += 1;
        chosen.last_assigned_at = Some(now);
        turns.0.last.insert(operator, now);
        assign(
            ports,
            conversation,
            operator,
            &chosen.name.clone(),
            router.name(),
            reason,
            &mut changes,
        );
    }
    if !changes.is_empty() {
        let record = match &turns.1 {
            Some(record) => record.next(&turns.0, ports.now())?,
            None => Record::new(tenant, "routing", &turns.0, ports.now())?,
        };
        changes.put(Row::Record(record));
        if more && candidates.iter().any(Candidate::has_room) {
            changes.job(kinds::route(&*ports.clock, tenant));
        }
    }
    changes.job(JobChange::Finish(lease.key()));
    match ports.commit(changes).await {
        // Somebody took one of them meanwhile: look again at what is left.
        Err(error) if error.kind() == ErrorKind::Conflict => {
            let mut changes = Changes::new(tenant);
            let again = JobChange::Retry {
                lease: lease.key(),
                due_at: ports.now(),
                error: error.message().to_owned(),
            };
            changes.job(again);
            ports.commit(changes).await.map(|_| ())
        }
        outcome => outcome.map(|_| ()),
    }
}

async fn snapshot(ports: &Ports, tenant: TenantId) -> Result<(Vec<Candidate>, (Turns, Option<Record>))> {
    let store = ports.tenant(tenant);
    let loads: HashMap<OperatorId, u32> = store.operator_loads().await?.into_iter().collect();
    let record = store.find_record(Turns::KIND, "routing").await?;
    let turns: Turns = record.as_ref().map(Record::read).transpose()?.unwrap_or_default();
    let candidates = store
        .list_operators()
        .await?
        .into_iter()
        .map(|operator| Candidate {
            operator: operator.id,
            name: operator.name,
            available: operator.status == OperatorStatus::Online && !operator.disabled,
            load: loads.get(&operator.id).copied().unwrap_or(0),
            capacity: operator.capacity,
            last_assigned_at: turns.last.get(&operator.id).copied(),
        })
        .collect();
    Ok((candidates, (turns, record)))
}

fn assign(
    ports: &Ports,
    mut conversation: Conversation,
    operator: OperatorId,
    name: &str,
    strategy: &str,
    reason: String,
    changes: &mut Changes,
) {
    let now = ports.now();
    conversation.assign(Some(operator), strategy, reason, now);
    conversation.bump();
    let content = Content::system(SystemEntry::Assigned, None, Some(name), None);
    let entry = system_entry(&*ports.clock, &conversation, content, now);
    changes
        .put(Row::Conversation(conversation.clone()))
        .put(Row::Message(entry.clone()));
    changes.event(Event::ConversationUpdated {
        conversation: conversation.clone(),
    });
    changes.event(Event::MessageCreated {
        conversation,
        message: entry,
    });
}

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
        let now = ports.now();
        let found = turn.conversation(&*store, about.conversation).await?;
        // Woken, or put to sleep for longer, in the meantime.
        let Some(conversation) = found
            .filter(|c| c.status == Status::Snoozed && c.snoozed_until.is_some_and(|until| until <= now))
        else {
            return super::outbound::finish(ports, lease).await;
        };
        let mut changes = wake(ports, conversation, now);
        changes.job(JobChange::Finish(lease.key()));
        match ports.commit_in(turn, changes).await {
            Err(error) if !error.is_lost_lease() => attempts.again(error)?,
            outcome => return outcome.map(|_| ()),
        }
    }
}

/// What opens a snoozed conversation.
fn wake(ports: &Ports, mut conversation: Conversation, now: Timestamp) -> Changes {
    conversation.move_to(Status::Open, now);
    conversation.last_activity_at = conversation.last_activity_at.max(now);
    conversation.bump();
    let content = Content::system(SystemEntry::Reopened, None, None, None);
    let entry = system_entry(&*ports.clock, &conversation, content, now);
    let mut changes = Changes::new(conversation.tenant);
    if conversation.assignee.is_none() {
        changes.job(kinds::route(&*ports.clock, conversation.tenant));
    }
    changes
        .put(Row::Conversation(conversation.clone()))
        .put(Row::Message(entry.clone()));
    changes.event(Event::ConversationUpdated {
        conversation: conversation.clone(),
    });
    changes.event(Event::MessageCreated {
        conversation,
        message: entry,
    });
    changes
}
