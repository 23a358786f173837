//! A customer wrote, edited or pressed a button.

use std::collections::BTreeSet;

use super::people::People;
use super::thread::{self, Thread};
use super::{Applied, Plan, content};
use crate::change::{Changes, Row};
use crate::channel::{Inbound, InboundMessage};
use crate::clock::Timestamp;
use crate::conversations::{Conversation, Status};
use crate::error::Result;
use crate::event::Event;
use crate::id::{AttachmentId, MessageId};
use crate::inboxes::RoutingStrategy;
use crate::inboxes::accounts::Account;
use crate::job::kinds;
use crate::messages::{
    AttachmentState, Author, ButtonAction, Content, DeliveryState, Direction, Message, Part, Revision,
    SystemEntry, next_position, position,
};
use crate::operators::OperatorStatus;
use crate::page::PageRequest;
use crate::ports::Ports;

/// How many messages are looked through for a pressed button.
const RECENT: u32 = 30;

/// A message was added.
pub(super) async fn added(
    ports: &Ports,
    account: &Account,
    event: &Inbound,
    inbound: &InboundMessage,
    known: Option<Thread>,
) -> Result<Plan> {
    let mut changes = Changes::new(account.inbox.tenant);
    let mut thread = thread::join(ports, account, event, known, &mut changes).await?;
    let now = ports.now();
    let (mut conversation, mut is_new) = match thread.conversation.take() {
        Some(conversation) => (conversation, false),
        None => (thread::begin(ports, account, &thread), true),
    };
    let mut is_quiet = false;
    let (direction, author, state) = match inbound.outgoing {
        true => {
            let name = inbound.author_name.clone();
            let name = name.unwrap_or_else(|| account.inbox.title.clone());
            (Direction::Out, Author::Bot { name }, Some(DeliveryState::Sent))
        }
        false => {
            let mut people = People::new(ports, account, &mut changes);
            let told = inbound.author_name.as_deref();
            let writer = people.writer(event, told, &mut thread).await?;
            is_quiet = writer.is_blocked;
            (Direction::In, writer.author, None)
        }
    };
    let mut message = Message {
        direction,
        author,
        state,
        ..build(ports, account, event, inbound, &conversation, now)
    };
    message.reply_to = content::reply_to(ports, account, event, inbound).await?;
    thread::show(&thread, &mut conversation);
    if message.direction == Direction::In {
        // Who writes to us can be written to.
        thread::set_reachable(ports, account, &mut thread, true, &mut changes);
        conversation.unreachable = false;
    }
    if thread.customer.blocked && conversation.status != Status::Spam {
        conversation.move_to(Status::Spam, now);
    }
    if is_quiet && is_new {
        conversation.move_to(Status::Spam, now);
    }
    let woken = message.direction == Direction::In
        && !is_quiet
        && wake(ports, account, &mut conversation, now).await?;
    if message.direction == Direction::Out {
        // Somebody answers on the platform itself.
        conversation.scenario = None;
    } else if let Some(scenario) = account.inbox.scenario
        && (is_new || woken)
        && !is_quiet
        && conversation.assignee.is_none()
        && conversation.status.is_open()
    {
        conversation.begin_scenario(scenario, now);
    }
    let was_waiting = conversation.waiting_since.is_some() && !is_new && !woken;
    if is_quiet {
        // Kept without notice: nobody waits for an answer to it.
    } else if conversation.status == Status::Spam {
        conversation.note_preview(&message);
        conversation.last_activity_at = conversation.last_activity_at.max(now);
    } else {
        conversation.note_message(&message, now);
    }
    if !is_new {
        conversation.bump();
    }
    changes.put(Row::Conversation(conversation.clone()));
    if std::mem::take(&mut is_new) {
        changes.event(Event::ConversationCreated {
            conversation: conversation.clone(),
        });
    }
    if woken {
        let mut entry = system(ports, &conversation, SystemEntry::Reopened, now);
        // Above the message that did it.
        entry.position = message.position - 1;
        changes.put(Row::Message(entry.clone()));
        changes.event(Event::MessageCreated {
            conversation: conversation.clone(),
            message: entry,
        });
    }
    queue_fetches(ports, &message, |_| false, &mut changes);
    bind_files(ports, &mut message, &mut changes).await?;
    if let Some(scenario) = &conversation.scenario
        && !is_quiet
    {
        let cause = kinds::TurnCause::Message { message: message.id };
        changes.job(kinds::turn(&*ports.clock, &conversation, scenario.since, cause));
    }
    let needs_somebody = conversation.assignee.is_none()
        && conversation.status.is_open()
        && conversation.waiting_since.is_some()
        && !was_waiting
        && account.inbox.routing != RoutingStrategy::Manual;
    if needs_somebody {
        changes.job(kinds::route(&*ports.clock, account.inbox.tenant));
    }
    let applied = Applied {
        conversation: Some(conversation.id),
        message: Some(message.id),
        duplicate: false,
    };
    changes.put(Row::Message(message.clone()));
    changes.event(Event::MessageCreated {
        conversation: conversation.clone(),
        message,
    });
    thread.conversation = Some(conversation);
    Ok(Plan {
        changes,
        thread: Some(thread),
        applied,
    })
}

/// A message from the customer brings a sleeping or finished conversation back. An assignee who is away loses it, so that
/// it does not wait unseen. True if the time line should say so.
async fn wake(
    ports: &Ports,
    account: &Account,
    conversation: &mut Conversation,
    now: Timestamp,
) -> Result<bool> {
    if !matches!(
        conversation.status,
        Status::Snoozed | Status::Resolved | Status::Pending
    ) {
        return Ok(false);
    }
    let reopened = conversation.status == Status::Resolved;
    conversation.move_to(Status::Open, now);
    if let Some(assignee) = conversation.assignee {
        let operator = ports.tenant(account.inbox.tenant).find_operator(assignee).await?;
        if operator.is_none_or(|o| o.disabled || o.status == OperatorStatus::Offline) {
            conversation.assign(None, "reopened", String::new(), now);
        }
    }
    Ok(reopened)
}

fn build(
    ports: &Ports,
    account: &Account,
    event: &Inbound,
    inbound: &InboundMessage,
    conversation: &Conversation,
    now: Timestamp,
) -> Message {
    Message {
        id: MessageId::generate(&*ports.clock),
        tenant: account.inbox.tenant,
        conversation: conversation.id,
        inbox: account.inbox.id,
        chat: event.chat.id.clone(),
        direction: Direction::In,
        author: Author::System,
        content: content::content(ports, inbound),
        reply_to: None,
        forwarded_from: inbound.forwarded_from.clone(),
        group: inbound.group.clone(),
        external_id: Some(inbound.external_id.clone()).filter(|id| !id.is_empty()),
        more_external_ids: Vec::new(),
        client_key: inbound.client_key.clone(),
        client_digest: inbound.client_digest(),
        state: None,
        failure: None,
        reactions: Vec::new(),
        position: match inbound.at {
            Some(_) => position(inbound.at, inbound.order, now),
            None => next_position(conversation, now),
        },
        created_at: now,
        platform_at: inbound.at,
        edited_at: None,
        deleted_at: None,
        revisions: 0,
        version: 1,
    }
}

fn queue_fetches(
    ports: &Ports,
    message: &Message,
    is_queued: impl Fn(AttachmentId) -> bool,
    changes: &mut Changes,
) {
    for attachment in &message.content.attachments {
        if matches!(attachment.state, AttachmentState::Pending { .. }) && !is_queued(attachment.id) {
            changes.job(kinds::fetch(&*ports.clock, message, attachment.id));
        }
    }
}

/// Files that were uploaded before they were sent can be seen in the conversation from now on. One that was collected in the
/// meantime, since it was not sent for so long, is shown as missing.
async fn bind_files(ports: &Ports, message: &mut Message, changes: &mut Changes) -> Result<()> {
    let store = ports.tenant(message.tenant);
    let mut bound = BTreeSet::new();
    for attachment in &mut message.content.attachments {
        let AttachmentState::Ready { file } = attachment.state else {
            continue;
        };
        let Some(mut file) = store.find_file(file).await? else {
            attachment.state = AttachmentState::Failed {
                reason: "the file was removed before it was sent".to_owned(),
                remote: None,
            };
            continue;
        };
        // The same file may be there twice.
        if file.conversation.is_none() && bound.insert(file.id) {
            file.conversation = Some(message.conversation);
            file.version += 1;
            changes.put(Row::File(file));
        }
    }
    Ok(())
}

fn system(ports: &Ports, conversation: &Conversation, entry: SystemEntry, now: Timestamp) -> Message {
    crate::messages::system_entry(
        &*ports.clock,
        conversation,
        Content::system(entry, None, None, None),
        now,
    )
}

/// A message has another content now. An edit of a message that is not known adds it, as it is now.
pub(super) async fn edited(
    ports: &Ports,
    account: &Account,
    event: &Inbound,
    inbound: &InboundMessage,
    at: Timestamp,
    known: Option<Thread>,
) -> Result<Plan> {
    let store = ports.tenant(account.inbox.tenant);
    let before = store
        .find_message_by_external_id(account.inbox.id, &event.chat.id, &inbound.external_id)
        .await?;
    let Some(before) = before else {
        let mut plan = added(ports, account, event, inbound, known).await?;
        for row in &mut plan.changes.rows {
            if let Row::Message(message) = row
                && Some(message.id) == plan.applied.message
            {
                message.edited_at = Some(at);
            }
        }
        for event in &mut plan.changes.events {
            if let Event::MessageCreated { message, .. } = event
                && Some(message.id) == plan.applied.message
            {
                message.edited_at = Some(at);
            }
        }
        return Ok(plan);
    };
    if before.edited_at.is_some_and(|known| known >= at) || before.deleted_at.is_some() {
        return Ok(Plan::nothing(account, known));
    }
    let next = content::edited(content::content(ports, inbound), &before.content);
    if next == before.content {
        return Ok(Plan::nothing(account, known));
    }
    let mut changes = Changes::new(account.inbox.tenant);
    if content::only_moved(&next, &before.content) {
        let message = Message {
            content: next,
            edited_at: Some(at),
            version: before.version + 1,
            ..before
        };
        return updated(known, message, changes);
    }
    let now = ports.now();
    let message = Message {
        content: next,
        edited_at: Some(at),
        revisions: before.revisions + 1,
        version: before.version + 1,
        ..before.clone()
    };
    let kept: Vec<AttachmentId> = before.content.attachments.iter().map(|a| a.id).collect();
    changes.put(Row::Revision(Revision {
        tenant: message.tenant,
        message: message.id,
        number: message.revisions,
        content: before.content,
        replaced_at: now,
        replaced_by: message.author.clone(),
        deleted: false,
    }));
    // Those of files that stay are queued already.
    let stays = |id: AttachmentId| kept.contains(&id);
    queue_fetches(ports, &message, stays, &mut changes);
    updated(known, message, changes)
}

/// Writes a changed message, and its conversation where lists show it.
pub(super) fn updated(known: Option<Thread>, message: Message, mut changes: Changes) -> Result<Plan> {
    let mut thread = known;
    let mut shown = None;
    if let Some(thread) = &mut thread
        && let Some(conversation) = &mut thread.conversation
        && conversation.id == message.conversation
        && conversation.shows(&message)
    {
        conversation.note_preview(&message);
        conversation.bump();
        changes.put(Row::Conversation(conversation.clone()));
        shown = Some(conversation.clone());
    }
    let applied = Applied {
        conversation: Some(message.conversation),
        message: Some(message.id),
        duplicate: false,
    };
    changes.put(Row::Message(message.clone()));
    changes.event(Event::MessageUpdated {
        message,
        conversation: shown,
    });
    Ok(Plan {
        changes,
        thread,
        applied,
    })
}

/// A button was pressed: a message from the customer that says which.
#[allow(clippy::too_many_arguments)]
pub(super) async fn pressed(
    ports: &Ports,
    account: &Account,
    event: &Inbound,
    external_id: &str,
    under: Option<&str>,
    data: &str,
    label: Option<&str>,
    at: Option<Timestamp>,
    known: Option<Thread>,
) -> Result<Plan> {
    let store = ports.tenant(account.inbox.tenant);
    let conversation = known.as_ref().and_then(|thread| thread.conversation.as_ref());
    let sent = match (under, conversation) {
        (Some(under), _) => {
            let message = store
                .find_message_by_external_id(account.inbox.id, &event.chat.id, under)
                .await?;
            message.and_then(|m| title_of(&m, data))
        }
        // Some platforms do not say under which message it was: under one of the last.
        (None, Some(conversation)) if label.is_none() => {
            let page = PageRequest::first(RECENT);
            let recent = store.list_messages(conversation.id, &page).await?;
            recent.items.iter().find_map(|m| title_of(m, data))
        }
        (None, _) => None,
    };
    let told = label.map(str::trim).filter(|label| !label.is_empty());
    let title = sent.or_else(|| told.map(str::to_owned));
    let inbound = InboundMessage {
        external_id: format!("press:{external_id}"),
        at,
        text: title.clone().unwrap_or_default(),
        part: Some(Part::ButtonPress {
            data: data.to_owned(),
            title,
        }),
        reply_to: under.map(str::to_owned),
        ..InboundMessage::default()
    };
    let mut plan = added(ports, account, event, &inbound, known).await?;
    plan.changes.job(kinds::acknowledge(
        &*ports.clock,
        account.inbox.tenant,
        account.inbox.id,
        external_id,
    ));
    Ok(plan)
}

fn title_of(message: &Message, data: &str) -> Option<String> {
    message
        .content
        .buttons
        .iter()
        .flatten()
        .find_map(|button| match &button.action {
            ButtonAction::Reply { data: known } if known == data => Some(button.text.clone()),
            _ => None,
        })
}
