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
use crate::files::File;
use crate::id::{AttachmentId, MessageId};
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
    let mut changes = super::changes(account);
    let mut thread = thread::join(ports, account, event, known, &mut changes).await?;
    let before = thread.conversation.take();
    let mut conversation = match &before {
        Some(conversation) => conversation.clone(),
        None => thread::begin(ports, account, &thread),
    };
    let now = ports.now();
    let (mut message, is_quiet) = build(
        ports,
        account,
        event,
        inbound,
        &conversation,
        &mut thread,
        &mut changes,
    )
    .await?;
    thread::show(&thread, &mut conversation);
    if message.direction == Direction::In {
        // Who writes to us can be written to.
        thread::set_reachable(ports, account, &mut thread, true, &mut changes);
        conversation.unreachable = false;
    }
    let is_new = before.is_none();
    if conversation.status != Status::Spam && (thread.customer.blocked || is_quiet && is_new) {
        conversation.move_to(Status::Spam, now);
    }
    let woken = message.direction == Direction::In
        && !is_quiet
        && wake(ports, account, &mut conversation, now).await?;
    if !is_quiet {
        follow_scenario(account, &mut conversation, &message, is_new || woken, now);
        note(&mut conversation, &message, now);
    }
    let files = bind_files(ports, &mut message).await?;
    queue_fetches(ports, &message, |_| false, &mut changes);
    if let Some(scenario) = &conversation.scenario
        && !is_quiet
    {
        let cause = kinds::TurnCause::Message { message: message.id };
        changes.job(kinds::turn(&*ports.clock, &conversation, scenario.since, cause));
    }
    let applied = Applied {
        conversation: Some(conversation.id),
        message: Some(message.id),
        duplicate: false,
    };
    let conversation = if woken {
        let mut entry = system(ports, &conversation, SystemEntry::Reopened, now);
        // Above the message that did it.
        entry.position = message.position - 1;
        let conversation = changes.save_with(before.as_ref(), conversation, entry);
        changes.add_message(&conversation, message);
        conversation
    } else {
        changes.save_with(before.as_ref(), conversation, message)
    };
    for file in files {
        changes.put(Row::File(file));
    }
    thread.conversation = Some(conversation);
    Ok(Plan {
        changes,
        thread: Some(thread),
        applied,
    })
}

/// A scenario begins where nobody answers yet, and ends where somebody answers on the platform itself.
fn follow_scenario(
    account: &Account,
    conversation: &mut Conversation,
    message: &Message,
    may_begin: bool,
    now: Timestamp,
) {
    if message.direction == Direction::Out {
        conversation.scenario = None;
    } else if let Some(scenario) = account.inbox.scenario
        && may_begin
        && conversation.assignee.is_none()
        && conversation.status.is_open()
    {
        conversation.begin_scenario(scenario, now);
    }
}

/// Takes note of a message; of one that is spam, without notice.
fn note(conversation: &mut Conversation, message: &Message, now: Timestamp) {
    if conversation.status == Status::Spam {
        conversation.note_preview(message);
        conversation.last_activity_at = conversation.last_activity_at.max(now);
    } else {
        conversation.note_message(message, now);
    }
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

/// The message with who wrote it; and whether it is kept without notice, since the organisation has blocked its writer.
async fn build(
    ports: &Ports,
    account: &Account,
    event: &Inbound,
    inbound: &InboundMessage,
    conversation: &Conversation,
    thread: &mut Thread,
    changes: &mut Changes,
) -> Result<(Message, bool)> {
    let now = ports.now();
    let (mut state, mut is_quiet) = (None, false);
    let (direction, author) = if inbound.outgoing {
        let name = inbound.author_name.clone();
        let name = name.unwrap_or_else(|| account.inbox.title.clone());
        state = Some(DeliveryState::Sent);
        (Direction::Out, Author::Bot { name })
    } else {
        let told = inbound.author_name.as_deref();
        let writer = People::new(ports, account, changes)
            .writer(event, told, thread)
            .await?;
        is_quiet = writer.is_blocked;
        (Direction::In, writer.author)
    };
    let message = Message {
        id: MessageId::generate(&*ports.clock),
        tenant: account.inbox.tenant,
        conversation: conversation.id,
        inbox: account.inbox.id,
        chat: event.chat.id.clone(),
        direction,
        author,
        content: content::content(ports, inbound),
        reply_to: content::reply_to(ports, account, event, inbound).await?,
        forwarded_from: inbound.forwarded_from.clone(),
        group: inbound.group.clone(),
        external_id: Some(inbound.external_id.clone()).filter(|id| !id.is_empty()),
        more_external_ids: Vec::new(),
        client_key: inbound.client_key.clone(),
        client_digest: inbound.client_digest(),
        state,
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
    };
    Ok((message, is_quiet))
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

/// Files that were uploaded before they were sent can be seen in the conversation from now on: those that have to be written for it.
/// One that was collected in the meantime, since it was not sent for so long, is shown as missing.
async fn bind_files(ports: &Ports, message: &mut Message) -> Result<Vec<File>> {
    let store = ports.tenant(message.tenant);
    let (mut files, mut bound) = (Vec::new(), BTreeSet::new());
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
            files.push(file);
        }
    }
    Ok(files)
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
        for new in &mut plan.changes.events {
            if let Event::MessageCreated { message, .. } = &mut new.event
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
    let mut changes = super::changes(account);
    if content::only_moved(&next, &before.content) {
        let message = Message {
            content: next,
            edited_at: Some(at),
            ..before.clone()
        };
        return Ok(updated(known, &before, message, changes));
    }
    let now = ports.now();
    let message = Message {
        content: next,
        edited_at: Some(at),
        revisions: before.revisions + 1,
        ..before.clone()
    };
    let kept: Vec<AttachmentId> = before.content.attachments.iter().map(|a| a.id).collect();
    changes.put(Row::Revision(Revision {
        tenant: message.tenant,
        message: message.id,
        number: message.revisions,
        content: before.content.clone(),
        replaced_at: now,
        replaced_by: message.author.clone(),
        deleted: false,
    }));
    // Those of files that stay are queued already.
    let stays = |id: AttachmentId| kept.contains(&id);
    queue_fetches(ports, &message, stays, &mut changes);
    Ok(updated(known, &before, message, changes))
}

/// Writes a changed message, and its conversation where lists show it.
pub(super) fn updated(
    known: Option<Thread>,
    before: &Message,
    message: Message,
    mut changes: Changes,
) -> Plan {
    let mut thread = known;
    let current = thread.as_ref().and_then(|thread| thread.conversation.as_ref());
    let current = current.filter(|conversation| conversation.id == message.conversation);
    let beside = current.map(|conversation| (conversation, conversation.clone()));
    let (message, conversation) = changes.save_message(before, message, beside);
    if let (Some(thread), Some(conversation)) = (&mut thread, conversation) {
        thread.conversation = Some(conversation);
    }
    let applied = Applied {
        conversation: Some(message.conversation),
        message: Some(message.id),
        duplicate: false,
    };
    Plan {
        changes,
        thread,
        applied,
    }
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
