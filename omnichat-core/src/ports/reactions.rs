//! What must follow from changes in the same commit. It is derived here from what the events say, so that no use case has to think
//! of it.

use crate::change::Changes;
use crate::conversations::{Conversation, fields};
use crate::entities::Entity;
use crate::event::{Event, FieldChange, NewEvent};
use crate::inboxes::RoutingStrategy;
use crate::job::{JobChange, kinds};
use crate::operators::{Operator, OperatorStatus};
use crate::ports::Ports;
use crate::roles::OwnRole;
use crate::tags::Tag;

/// Adds what must follow from changes.
pub(crate) fn add(ports: &Ports, changes: &mut Changes) {
    let is_routed =
        |change: &JobChange| matches!(change, JobChange::Enqueue(job) if job.kind == kinds::ROUTE);
    if !changes.jobs.iter().any(is_routed) && changes.events.iter().any(|new| asks_for_routing(ports, new)) {
        changes.job(kinds::route(&*ports.clock, changes.tenant));
    }
    let renamed: Vec<_> = changes.events.iter().filter_map(renamed_tag).collect();
    for (from, to) in renamed {
        changes.job(kinds::rename_tag(&*ports.clock, changes.tenant, &from, &to));
    }
}

/// What a tag was called and is called now: conversations follow.
fn renamed_tag(new: &NewEvent) -> Option<(String, String)> {
    let is_tag = matches!(&new.event, Event::EntityChanged { kind, .. } if kind == Tag::KIND);
    let name = of(&new.changed, "name").filter(|_| is_tag)?;
    Some((name.before.as_str()?.to_owned(), name.after.as_str()?.to_owned()))
}

/// Whether a conversation waits for somebody now, or somebody has room for one.
fn asks_for_routing(ports: &Ports, new: &NewEvent) -> bool {
    match &new.event {
        Event::ConversationCreated { conversation } => waits(ports, conversation),
        Event::ConversationUpdated { conversation }
        | Event::MessageCreated { conversation, .. }
        | Event::MessageUpdated {
            conversation: Some(conversation),
            ..
        } => {
            let began = [
                fields::ASSIGNEE,
                fields::SCENARIO,
                fields::STATUS,
                fields::UNANSWERED,
            ];
            let began = new.changed.iter().any(|change| began.contains(&&*change.field));
            frees(conversation, &new.changed) || began && waits(ports, conversation)
        }
        Event::OperatorUpdated { operator } => has_more_room(operator, &new.changed),
        // Who has it may take conversations from now on.
        Event::EntityChanged { kind, .. } => {
            kind == OwnRole::KIND && of(&new.changed, "permissions").is_some()
        }
        Event::InboxUpdated { inbox } => {
            inbox.routing != RoutingStrategy::Manual && of(&new.changed, "routing").is_some()
        }
        _ => false,
    }
}

/// Whether it waits for routing. People take what comes on inboxes of theirs themselves.
fn waits(ports: &Ports, conversation: &Conversation) -> bool {
    let is_manual = || {
        let known = ports.accounts.fresh(conversation.inbox, ports.now());
        known.is_some_and(|account| account.inbox.routing == RoutingStrategy::Manual)
    };
    conversation.is_nobodys()
        && conversation.status.is_open()
        && conversation.waiting_since.is_some()
        && !is_manual()
}

/// Whether an operator has one less: it was taken from one, or is no longer work of its assignee.
fn frees(conversation: &Conversation, changed: &[FieldChange]) -> bool {
    let is_taken = of(changed, fields::ASSIGNEE).is_some_and(|change| !change.before.is_null());
    let is_done = of(changed, fields::STATUS).is_some() && !conversation.status.is_open();
    is_taken || conversation.assignee.is_some() && is_done
}

/// Whether an operator who is there takes more than before.
fn has_more_room(operator: &Operator, changed: &[FieldChange]) -> bool {
    let more = of(changed, "capacity").is_some_and(|change| change.after.as_u64() > change.before.as_u64());
    let is_back = of(changed, "status").is_some() || of(changed, "disabled").is_some();
    operator.status == OperatorStatus::Online && !operator.disabled && (more || is_back)
}

fn of<'a>(changed: &'a [FieldChange], field: &str) -> Option<&'a FieldChange> {
    changed.iter().find(|change| change.field == field)
}
