//! Waiting conversations find operators.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use crate::actor::RoleRef;
use crate::change::{Changes, Row};
use crate::clock::Timestamp;
use crate::conversations::Conversation;
use crate::error::{ErrorKind, Result};
use crate::id::{InboxId, OperatorId, TenantId};
use crate::inboxes::RoutingStrategy;
use crate::job::{JobChange, Lease, kinds};
use crate::messages::{Content, SystemEntry, system_entry};
use crate::operators::OperatorStatus;
use crate::ports::Ports;
use crate::records::{Record, RecordType};
use crate::roles;
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
        changes: Changes::in_job(&lease.job),
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
            &conversation,
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
    let mut answers: HashMap<RoleRef, bool> = HashMap::new();
    let mut candidates = Vec::new();
    for operator in store.list_operators().await? {
        let is_there = operator.status == OperatorStatus::Online && !operator.disabled;
        // Whoever may not answer would be given what then waits unseen.
        let may_answer = match answers.get(&operator.role) {
            Some(answers) => *answers,
            None if !is_there => false,
            None => {
                let may = roles::may_answer(&roles::permissions_of(&*store, operator.role).await?);
                answers.insert(operator.role, may);
                may
            }
        };
        candidates.push(Candidate {
            operator: operator.id,
            name: operator.name,
            available: is_there && may_answer,
            load: loads.get(&operator.id).copied().unwrap_or(0),
            capacity: operator.capacity,
            last_assigned_at: turns.last.get(&operator.id).copied(),
        });
    }
    Ok((candidates, (turns, record)))
}

fn assign(
    ports: &Ports,
    before: &Conversation,
    operator: OperatorId,
    name: &str,
    strategy: &str,
    reason: String,
    changes: &mut Changes,
) {
    let now = ports.now();
    let mut conversation = before.clone();
    conversation.assign(Some(operator), strategy, reason, now);
    let conversation = changes.save(Some(before), conversation);
    let content = Content::system(SystemEntry::Assigned, None, Some(name), None);
    changes.add_message(
        &conversation,
        system_entry(&*ports.clock, &conversation, content, now),
    );
}
