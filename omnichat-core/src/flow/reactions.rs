//! What follows from what happened: waiting conversations find operators, and snoozed ones wake.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

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
use crate::routing::{Candidate, Decision, RouteRequest, Router, RouterSet};

/// Waiting conversations that are read at once, and about how many one job gives to operators; then another goes on.
const BATCH: u32 = 100;
/// Waiting conversations that one job looks at before another goes on behind them.
const LOOK: u32 = 2_000;

/// When routing last gave each operator a conversation: what turns are taken by.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
struct Turns {
    last: HashMap<OperatorId, Timestamp>,
}

impl RecordType for Turns {
    const KIND: &'static str = "routing_turns";
}

/// Works off a [`kinds::ROUTE`] job: gives waiting conversations to operators, the longest waiting first. Runs in a lane of
/// its own, one at a time for a tenant, so that no two decisions see the same free place. Conversations that nobody can be found
/// for hold up nobody: it goes on behind them.
pub(crate) async fn run_route(ports: &Arc<Ports>, routers: &RouterSet, lease: &Lease) -> Result<()> {
    let tenant = lease.job.tenant;
    let about: kinds::AboutRouting = kinds::payload(&lease.job)?;
    let store = ports.tenant(tenant);
    // What came on an inbox that is gone, or whose conversations people take themselves, is not even looked at.
    let strategies: HashMap<InboxId, RoutingStrategy> = store
        .list_inboxes()
        .await?
        .into_iter()
        .map(|inbox| (inbox.id, inbox.routing))
        .filter(|(_, strategy)| *strategy != RoutingStrategy::Manual && routers.get(*strategy).is_some())
        .collect();
    let inboxes: Vec<InboxId> = strategies.keys().copied().collect();
    let (candidates, turns) = snapshot(ports, tenant).await?;
    let mut plan = Plan {
        ports,
        candidates,
        turns: turns.0,
        changes: Changes::new(tenant),
        assigned: 0,
    };
    let (mut after, mut looked_at) = (about.after, 0);
    // Where others write all the time, one at a time gets through sooner than many.
    let most = if lease.attempts > 0 { 1 } else { BATCH };
    let goes_on = loop {
        if !plan.candidates.iter().any(Candidate::has_room) {
            break false;
        }
        if plan.assigned >= most || looked_at >= LOOK {
            break true;
        }
        let waiting = store.unassigned_conversations(&inboxes, after, most).await?;
        let is_last = waiting.len() < most as usize;
        for conversation in waiting {
            after = conversation.waiting_since.map(|since| (since, conversation.id));
            looked_at += 1;
            if let Some(router) = strategies.get(&conversation.inbox).and_then(|s| routers.get(*s)) {
                plan.route(&**router, conversation);
            }
        }
        if is_last {
            break false;
        }
    };
    let Plan {
        mut changes,
        turns: taken,
        ..
    } = plan;
    if !changes.is_empty() {
        let record = match &turns.1 {
            Some(record) => record.next(&taken, ports.now())?,
            None => Record::new(tenant, "routing", &taken, ports.now())?,
        };
        changes.put(Row::Record(record));
    }
    if let Some(after) = after.filter(|_| goes_on) {
        changes.job(kinds::route_on(&*ports.clock, tenant, after));
    }
    changes.job(JobChange::Finish(lease.key()));
    match ports.commit(changes).await {
        // Somebody took one of them meanwhile: look again at what is left.
        Err(error) if error.kind() == ErrorKind::Conflict && !error.is_lost_lease() => {
            super::outbound::end(
                ports,
                lease,
                super::outbound::retry(lease, Duration::ZERO, &error),
            )
            .await
        }
        outcome => outcome.map(|_| ()),
    }
}

/// Decisions of one job, each of which sees those before it.
struct Plan<'a> {
    ports: &'a Ports,
    candidates: Vec<Candidate>,
    turns: Turns,
    changes: Changes,
    assigned: u32,
}

impl Plan<'_> {
    fn route(&mut self, router: &dyn Router, conversation: Conversation) {
        let request = RouteRequest {
            conversation: &conversation,
            candidates: &self.candidates,
        };
        let Decision::Assign { operator, reason } = router.route(&request) else {
            return;
        };
        let Some(chosen) = self
            .candidates
            .iter_mut()
            .find(|c| c.operator == operator && c.has_room())
        else {
            // A router that chooses somebody without room is at fault; nobody is given work they cannot take.
            tracing::error!(router = router.name(), %operator, "a router chose an operator without room");
            return;
        };
        let now = self.ports.now();
        chosen.load += 1;
        chosen.last_assigned_at = Some(now);
        self.turns.last.insert(operator, now);
        self.assigned += 1;
        let name = chosen.name.clone();
        assign(
            self.ports,
            conversation,
            operator,
            &name,
            router.name(),
            reason,
            &mut self.changes,
        );
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
    Ok(changes.unwrap_or_else(|| Changes::new(lease.job.tenant)))
}

/// What opens a snoozed conversation; nothing if it was woken, or put to sleep for longer, in the meantime.
fn wake(ports: &Ports, lease: &Lease, mut conversation: Conversation) -> Option<Changes> {
    let now = ports.now();
    // Compared with the job's time too, since this node's clock may be behind the store's.
    let until = conversation.snoozed_until?;
    if conversation.status != Status::Snoozed || until > lease.job.due_at.max(now) {
        return None;
    }
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
    Some(changes)
}
