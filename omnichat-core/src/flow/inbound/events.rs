//! What else a channel tells: deletions, receipts, reactions, typing, and whether a customer can be reached.

use std::collections::BTreeSet;
use std::time::Duration;

use super::message::updated;
use super::people;
use super::thread::{self, Thread};
use super::{Applied, Plan};
use crate::change::Row;
use crate::channel::{Inbound, Person};
use crate::chats::ChatKind;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::event::Ephemeral;
use crate::event::bus::Signal;
use crate::inboxes::accounts::Account;
use crate::job::kinds;
use crate::messages::{Author, AuthorKind, Content, DeliveryState, Failure, Reaction, Revision, SystemEntry};
use crate::ports::Ports;

/// How long an event waits for the message that it speaks of.
const DEFER: Duration = Duration::from_secs(3);
/// Most reactions that are kept of a message: it is read and written as a whole.
const REACTIONS_MAX: usize = 200;

/// An event speaks of a message that is not known: perhaps our own send has not been written down yet. It is tried once
/// more; then it speaks of something that never was ours.
fn defer(ports: &Ports, account: &Account, event: &Inbound, known: Option<Thread>, late: bool) -> Plan {
    let mut plan = Plan::nothing(account, known);
    if !late {
        let at = ports.now().after(DEFER);
        plan.changes.job(kinds::deferred(
            &*ports.clock,
            account.inbox.tenant,
            account.inbox.id,
            event,
            at,
        ));
    }
    plan
}

/// The customer deleted messages. What was said is kept as a revision.
pub(super) async fn deleted(
    ports: &Ports,
    account: &Account,
    event: &Inbound,
    external_ids: &[String],
    at: Option<Timestamp>,
    known: Option<Thread>,
    late: bool,
) -> Result<Plan> {
    let store = ports.tenant(account.inbox.tenant);
    let now = ports.now();
    let mut changes = super::changes(account);
    let mut thread = known;
    // Several of the ids may be those of one message, such as an album.
    let mut found = BTreeSet::new();
    let known_conversation = thread.as_ref().and_then(|thread| thread.conversation.clone());
    for external_id in external_ids {
        let message = store
            .find_message_by_external_id(account.inbox.id, &event.chat.id, external_id)
            .await?;
        let Some(before) = message else { continue };
        if !found.insert(before.id) || before.deleted_at.is_some() {
            continue;
        }
        let mut message = before.clone();
        message.content = Content::default();
        message.deleted_at = Some(at.unwrap_or(now));
        message.revisions += 1;
        changes.put(Row::Revision(Revision {
            tenant: message.tenant,
            message: message.id,
            number: message.revisions,
            content: before.content.clone(),
            replaced_at: now,
            replaced_by: message.author.clone(),
            deleted: true,
        }));
        if let Some(conversation) = thread.as_mut().and_then(|t| t.conversation.as_mut())
            && conversation.id == message.conversation
            && conversation.shows(&message)
        {
            conversation.note_preview(&message);
        }
        changes.save_message(&before, message, None);
    }
    if found.is_empty() {
        return Ok(defer(ports, account, event, thread, late));
    }
    let current = thread.as_mut().and_then(|thread| thread.conversation.as_mut());
    if let (Some(before), Some(conversation)) = (known_conversation, current)
        && *conversation != before
    {
        *conversation = changes.save(Some(&before), conversation.clone());
    }
    let applied = Plan::nothing(account, thread.clone()).applied;
    Ok(Plan {
        changes,
        thread,
        applied,
    })
}

/// A message of ours got further.
#[allow(clippy::too_many_arguments)]
pub(super) async fn receipt(
    ports: &Ports,
    account: &Account,
    event: &Inbound,
    external_id: &str,
    state: DeliveryState,
    reason: Option<&str>,
    known: Option<Thread>,
    late: bool,
) -> Result<Plan> {
    let store = ports.tenant(account.inbox.tenant);
    let message = store
        .find_message_by_external_id(account.inbox.id, &event.chat.id, external_id)
        .await?;
    let Some(before) = message else {
        return Ok(defer(ports, account, event, known, late));
    };
    let mut message = before.clone();
    if !message.state.is_some_and(|before| before.may_become(state)) {
        return Ok(Plan::nothing(account, known));
    }
    message.state = Some(state);
    message.failure = (state == DeliveryState::Failed).then(|| Failure {
        code: "rejected".to_owned(),
        message: reason.unwrap_or("the platform could not deliver it").to_owned(),
        retryable: true,
    });
    Ok(updated(known, &before, message, super::changes(account)))
}

/// The customer has read everything up to a time.
pub(super) async fn read_up_to(
    ports: &Ports,
    account: &Account,
    at: Timestamp,
    known: Option<Thread>,
) -> Result<Plan> {
    let Some(mut thread) = known else {
        return Ok(Plan::nothing(account, None));
    };
    let Some(mut conversation) = thread.conversation.take() else {
        return Ok(Plan::nothing(account, Some(thread)));
    };
    let store = ports.tenant(account.inbox.tenant);
    let unread = store.unread_outgoing(conversation.id, at.micros()).await?;
    let newer = conversation.customer_read_at.is_none_or(|before| before < at);
    let before = conversation.clone();
    let mut changes = super::changes(account);
    for unread in unread {
        let mut message = unread.clone();
        if !message
            .state
            .is_some_and(|before| before.may_become(DeliveryState::Read))
        {
            continue;
        }
        message.state = Some(DeliveryState::Read);
        message.failure = None;
        if conversation.shows(&message) {
            conversation.note_preview(&message);
        }
        changes.save_message(&unread, message, None);
    }
    if !changes.is_empty() {
        if newer {
            conversation.customer_read_at = Some(at);
        }
        conversation = changes.save(Some(&before), conversation);
    }
    let applied = Applied {
        conversation: Some(conversation.id),
        ..Applied::default()
    };
    thread.conversation = Some(conversation);
    Ok(Plan {
        changes,
        thread: Some(thread),
        applied,
    })
}

/// Whose reactions are told.
pub(super) enum Reacted<'a> {
    /// All emoji of one person.
    One(&'a [String]),
    /// How many people who are not named have chosen each.
    Unnamed(&'a [(String, u32)]),
}

/// Reactions to a message are now these. Those of others stay.
pub(super) async fn reactions(
    ports: &Ports,
    account: &Account,
    event: &Inbound,
    external_id: &str,
    now: Reacted<'_>,
    known: Option<Thread>,
    late: bool,
) -> Result<Plan> {
    let store = ports.tenant(account.inbox.tenant);
    let message = store
        .find_message_by_external_id(account.inbox.id, &event.chat.id, external_id)
        .await?;
    let Some(before) = message else {
        return Ok(defer(ports, account, event, known, late));
    };
    let mut message = before.clone();
    let customer = known.as_ref().map(|thread| thread.customer.name.clone());
    let told: Vec<Reaction> = match now {
        Reacted::One(emoji) => {
            let (id, name) = match member(event, known.as_ref()) {
                Some(person) => (person.id.clone(), person.profile.name.clone()),
                None => (event.chat.id.clone(), customer.unwrap_or_default()),
            };
            let person = Some(id);
            message
                .reactions
                .retain(|one| one.by != AuthorKind::Customer || one.person != person);
            let one = |emoji: &String| Reaction {
                emoji: emoji.clone(),
                by: AuthorKind::Customer,
                person: person.clone(),
                name: name.clone(),
                count: 1,
            };
            emoji.iter().map(one).collect()
        }
        Reacted::Unnamed(counts) => {
            message
                .reactions
                .retain(|one| one.by != AuthorKind::Customer || one.person.is_some());
            let counted = counts.iter().filter(|(_, count)| *count > 0);
            let one = |(emoji, count): &(String, u32)| Reaction {
                emoji: emoji.clone(),
                by: AuthorKind::Customer,
                person: None,
                name: String::new(),
                count: *count,
            };
            counted.map(one).collect()
        }
    };
    let room = REACTIONS_MAX.saturating_sub(message.reactions.len());
    message.reactions.extend(told.into_iter().take(room));
    // Always in the same order, so that the same set is no news whoever reacted last.
    message.reactions.sort_by(|a, b| a.person.cmp(&b.person));
    if message.reactions == before.reactions {
        return Ok(Plan::nothing(account, known));
    }
    Ok(updated(known, &before, message, super::changes(account)))
}

/// Who of several people it is; nobody in a private chat, which is with one.
fn member<'a>(event: &'a Inbound, known: Option<&Thread>) -> Option<&'a Person> {
    let kinds = [Some(event.chat.kind), known.map(|thread| thread.chat.kind)];
    let is_several = kinds.into_iter().flatten().any(|kind| kind != ChatKind::Private);
    let is_named = |person: &&Person| !person.id.is_empty() && is_several;
    event.person.as_ref().filter(is_named)
}

/// The customer is writing. Shown, not kept.
pub(super) async fn typing(
    ports: &Ports,
    account: &Account,
    event: &Inbound,
    on: bool,
    known: Option<Thread>,
) -> Result<Plan> {
    if let Some(thread) = &known
        && let Some(conversation) = &thread.conversation
    {
        let author = Author::Customer {
            id: thread.customer.id,
            name: member(event, Some(thread))
                .map(|person| person.profile.name.clone())
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| thread.customer.name.clone()),
            contact: None,
        };
        let ephemeral = Ephemeral::Typing {
            conversation: conversation.id,
            author,
            on,
        };
        ports
            .signal(Signal::Ephemeral {
                tenant: account.inbox.tenant,
                ephemeral,
            })
            .await;
    }
    Ok(Plan::nothing(account, known))
}

/// The customer blocked us, or let us back in.
pub(super) async fn reachable(
    ports: &Ports,
    account: &Account,
    event: &Inbound,
    reachable: bool,
    at: Option<Timestamp>,
    known: Option<Thread>,
) -> Result<Plan> {
    // Somebody who never wrote and blocks us is nobody's business.
    let Some(known) = known else {
        return Ok(Plan::nothing(account, None));
    };
    // A send may have found out before, of the conversation alone.
    let noted = |unreachable: bool| unreachable != reachable;
    let conversation_noted = known
        .conversation
        .as_ref()
        .is_none_or(|one| noted(one.unreachable));
    if noted(known.chat.unreachable) && conversation_noted {
        return renamed(ports, account, event, known).await;
    }
    let mut changes = super::changes(account);
    let mut thread = thread::join(ports, account, event, Some(known), &mut changes).await?;
    thread::set_reachable(ports, account, &mut thread, reachable, &mut changes);
    if let Some(conversation) = &mut thread.conversation {
        let now = ports.now();
        let before = conversation.clone();
        conversation.unreachable = !reachable;
        let entry = if reachable {
            SystemEntry::Unblocked
        } else {
            SystemEntry::Blocked
        };
        let content = Content::system(entry, Some(&thread.customer.name), None, None);
        let entry =
            crate::messages::system_entry(&*ports.clock, conversation, content, at.unwrap_or(now).min(now));
        *conversation = changes.save_with(Some(&before), conversation.clone(), entry);
    }
    let applied = Plan::nothing(account, Some(thread.clone())).applied;
    Ok(Plan {
        changes,
        thread: Some(thread),
        applied,
    })
}

/// Nothing new but what the platform says of who it is: a group's new title, a name.
async fn renamed(ports: &Ports, account: &Account, event: &Inbound, known: Thread) -> Result<Plan> {
    if event.person.is_none() && event.chat.title.is_none() {
        return Ok(Plan::nothing(account, Some(known)));
    }
    let mut changes = super::changes(account);
    let mut thread = thread::join(ports, account, event, Some(known), &mut changes).await?;
    if let Some(before) = thread.conversation.take() {
        let mut conversation = before.clone();
        thread::show(&thread, &mut conversation);
        if conversation != before {
            conversation = changes.save(Some(&before), conversation);
        }
        thread.conversation = Some(conversation);
    }
    let applied = Plan::nothing(account, Some(thread.clone())).applied;
    Ok(Plan {
        changes,
        thread: Some(thread),
        applied,
    })
}

/// The chat has another id from now on.
pub(super) async fn migrated(
    ports: &Ports,
    account: &Account,
    new_chat: &str,
    known: Option<Thread>,
) -> Result<Plan> {
    let Some(mut thread) = known else {
        return Ok(Plan::nothing(account, None));
    };
    if new_chat.is_empty() || thread.chat.external_id == new_chat {
        return Ok(Plan::nothing(account, Some(thread)));
    }
    // Messages under the new id may have come first; then the two stay apart, and nothing is lost.
    let store = ports.tenant(account.inbox.tenant);
    if store.find_chat(account.inbox.id, new_chat).await?.is_some() {
        return Ok(Plan::nothing(account, Some(thread)));
    }
    let mut changes = super::changes(account);
    people::migrate(ports, &mut thread, new_chat, &mut changes).await?;
    new_chat.clone_into(&mut thread.chat.external_id);
    thread.chat.version += 1;
    changes.put(Row::Chat(thread.chat.clone()));
    if let Some(conversation) = &mut thread.conversation {
        let before = conversation.clone();
        new_chat.clone_into(&mut conversation.chat);
        *conversation = changes.save(Some(&before), conversation.clone());
    }
    let applied = Plan::nothing(account, Some(thread.clone())).applied;
    Ok(Plan {
        changes,
        thread: Some(thread),
        applied,
    })
}
