//! What a channel tells becomes changes of customers, conversations and messages.
//!
//! Each event is one commit, planned from the *thread* it belongs to (the account, its customer and their current
//! conversation) and repeated from fresh reads when another was quicker. A second delivery of the same event plans nothing
//! or is refused as a duplicate by the store, and counts as done. Start with [`InboundFlow::apply`].

mod app;
pub(crate) mod bounds;
mod content;
mod events;
mod message;
mod people;
mod quarantine;
mod thread;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;

use crate::change::{Changes, Row, unique};
use crate::channel::{Inbound, InboundEvent, Webhook, WebhookReply, WebhookRequest};
use crate::chats::{Chat, ChatKind};
use crate::conversations::Turn;
use crate::error::{Error, ErrorKind, FieldError, Result};
use crate::event::Origin;
use crate::id::{ConversationId, InboxId, MessageId};
use crate::inboxes::accounts::Account;
use crate::job::{JobChange, LeaseKey};
use crate::messages::{Author, Direction};
use crate::ports::Ports;
use crate::text;
use thread::Thread;

/// What became of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The conversation that it concerns, if there is one.
    pub conversation: Option<ConversationId>,
    /// The message that it added or changed; none if it had been applied before.
    pub message: Option<MessageId>,
    /// It had been applied before.
    pub duplicate: bool,
}

/// Applies what channels tell.
pub struct InboundFlow {
    ports: Arc<Ports>,
}

impl std::fmt::Debug for InboundFlow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InboundFlow")
    }
}

/// What an event asks to be written, and the thread as it is afterwards.
struct Plan {
    changes: Changes,
    thread: Option<Thread>,
    applied: Applied,
}

/// What is told on an inbox; nothing yet.
fn changes(account: &Account) -> Changes {
    let inbox = &account.inbox;
    Changes::new(inbox.tenant, Origin::inbound(inbox.id, None))
}

/// Who did it. What came is the doing of a customer: of whoever wrote the message, else of the one with whom a private chat is. What was
/// done on the platform itself (an answer written there, one deleted there), or by a platform (a receipt), is nobody's that is known.
fn origin(account: &Account, event: &Inbound, plan: &Plan) -> Origin {
    let mut authors = plan.changes.rows.iter().filter_map(|row| match row {
        Row::Message(message) if message.direction != Direction::System => Some(&message.author),
        _ => None,
    });
    let thread = plan.thread.as_ref();
    let private = thread.filter(|_| event.chat.kind == ChatKind::Private);
    let private = private.map(|thread| thread.customer.id);
    let customer = match &event.event {
        InboundEvent::Message(_) | InboundEvent::Edited { .. } | InboundEvent::ButtonPressed { .. } => {
            authors.find_map(|author| match author {
                Author::Customer { id, .. } => Some(*id),
                _ => None,
            })
        }
        InboundEvent::Deleted { .. } => {
            let is_theirs =
                |author: &Author| matches!(author, Author::Customer { id, .. } if Some(*id) == private);
            private.filter(|_| authors.all(is_theirs))
        }
        InboundEvent::Receipt { .. } => None,
        _ => private,
    };
    Origin::inbound(account.inbox.id, customer)
}

impl Plan {
    fn nothing(account: &Account, thread: Option<Thread>) -> Self {
        let conversation = thread
            .as_ref()
            .and_then(|t| t.conversation.as_ref())
            .map(|c| c.id);
        Self {
            changes: changes(account),
            thread,
            applied: Applied {
                conversation,
                ..Applied::default()
            },
        }
    }
}

impl InboundFlow {
    /// A flow over an engine's ports.
    pub fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// Takes a webhook: checks it, makes its effect durable, and only then says what the platform wants to hear. What
    /// passes its signature and cannot be understood goes into quarantine, and counts as taken.
    ///
    /// # Errors
    /// `NotFound` for an unknown or disabled inbox, `Unauthenticated` for a wrong signature, `Unavailable` when nothing
    /// could be made durable: the platform will try again. `Invalid` with the fields where the sender can mend its request
    /// ([`Capabilities::strict`](crate::channel::Capabilities::strict)).
    pub async fn webhook(&self, account: &Account, request: WebhookRequest) -> Result<WebhookReply> {
        if !account.inbox.enabled {
            return Err(Error::not_found("inbox"));
        }
        let webhook = account.channel.webhook(&request).await?;
        self.keep(account, request, webhook).await
    }

    /// Makes the effect of a webhook durable whose signature is right; gives what the platform wants to hear.
    async fn keep(
        &self,
        account: &Account,
        request: WebhookRequest,
        webhook: Webhook,
    ) -> Result<WebhookReply> {
        let (reply, events) = match webhook {
            Webhook::Reply(reply) => return Ok(reply),
            Webhook::Events(reply, events) => (reply, events),
        };
        match events {
            Ok(events) => {
                // A program hears what is wrong with its request before any of it is taken.
                if account.channel.capabilities().strict {
                    events.iter().try_for_each(|event| self.check(event))?;
                }
                let mut changes = changes(account);
                for (event, error) in self.take(account, &events).await? {
                    self.hold_event(account.inbox.id, event, error.message(), &mut changes)?;
                }
                if !changes.is_empty() {
                    self.ports.commit(changes).await?;
                }
            }
            // Quarantine is for what nobody can mend: this sender is told what it has written.
            Err(error) if account.channel.capabilities().strict => return Err(error),
            Err(error) => self.quarantine(account, request, &error).await?,
        }
        Ok(reply)
    }

    /// Applies events that came together, each for itself. Gives those back that cannot be taken, whatever is tried: they belong in
    /// quarantine.
    ///
    /// # Errors
    /// What may pass. The events behind are applied all the same where that can be; all of them should be brought again, which
    /// changes nothing for those that were applied.
    pub(crate) async fn take<'a>(
        &self,
        account: &Account,
        events: &'a [Inbound],
    ) -> Result<Vec<(&'a Inbound, Error)>> {
        let (mut refused, mut passing) = (Vec::new(), None);
        for event in events {
            let applied = AssertUnwindSafe(self.apply(account, event)).catch_unwind().await;
            let broke = |_| Err(Error::internal("the event broke the program"));
            match applied.unwrap_or_else(broke) {
                Ok(_) => {}
                Err(error) if !may_pass(&error) => refused.push((event, error)),
                // The rest would fail in the same way, each after some time.
                Err(error) if matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::Timeout) => {
                    return Err(error);
                }
                Err(error) => passing = Some(error),
            }
        }
        match passing {
            Some(error) => Err(error),
            None => Ok(refused),
        }
    }

    /// Applies one event and returns when its effect is durable.
    pub async fn apply(&self, account: &Account, event: &Inbound) -> Result<Applied> {
        let mut applied = Applied::default();
        for part in bounds::parts(event) {
            applied = self.apply_with(account, &part, None).await?;
        }
        Ok(applied)
    }

    /// Applies one event and finishes the job that carried it, in one commit.
    pub(crate) async fn apply_job(
        &self,
        account: &Account,
        event: &Inbound,
        lease: LeaseKey,
    ) -> Result<Applied> {
        self.apply_with(account, event, Some(lease)).await
    }

    async fn apply_with(
        &self,
        account: &Account,
        event: &Inbound,
        lease: Option<LeaseKey>,
    ) -> Result<Applied> {
        let inbox = account.inbox.id;
        let event = &self.taken(inbox, event)?;
        let writers = &self.ports.writers;
        let mut attempts = writers.attempts(account.inbox.tenant, inbox, &event.chat.id);
        loop {
            let mut turn = attempts.turn(&self.ports).await;
            let thread = match turn.thread(&*self.ports.store, self.ports.now()) {
                Some(thread) => Some(thread),
                None => self.read(&turn, account, &event.chat.id).await?,
            };
            let conversation = thread.as_ref().and_then(|thread| thread.conversation.as_ref());
            let conversation = conversation.map(|conversation| conversation.id);
            let mut plan = self.plan(account, event, thread, lease.is_some()).await?;
            if let Some(lease) = lease {
                plan.changes.job(JobChange::Finish(lease));
            }
            if plan.changes.is_empty() {
                return Ok(plan.applied);
            }
            plan.changes.origin = origin(account, event, &plan);
            // Somebody who goes on under another name is another chat from now on.
            turn.leaves(
                plan.thread
                    .filter(|thread| thread.chat.external_id == event.chat.id),
            );
            let others = self.other_chats(account, &plan.changes, &event.chat.id).await?;
            let beside = self.ports.writers.beside(&changes(account), &others);
            let committed = self.ports.commit_in(turn, plan.changes).await;
            drop(beside);
            let Err(error) = committed else {
                return Ok(plan.applied);
            };
            let rule = error.context_value("unique");
            let known = matches!(rule, Some(unique::MESSAGE_EXTERNAL | unique::MESSAGE_CLIENT_KEY));
            match error.kind() {
                ErrorKind::Duplicate if known && lease.is_none() => {
                    // What was planned has not come to be.
                    return Ok(Applied {
                        conversation,
                        message: None,
                        duplicate: true,
                    });
                }
                // Another process has begun the same conversation, or written the same message.
                ErrorKind::Duplicate => attempts.again(Error::conflict("the conversation").caused_by(error)),
                _ => attempts.again(error),
            }
            .map_err(|error| error.with("inbox", inbox))?;
        }
    }

    async fn read(&self, turn: &Turn, account: &Account, chat: &str) -> Result<Option<Thread>> {
        let found = thread::load(&self.ports, account, chat).await?;
        Ok(found.map(|thread| turn.has_read(thread, self.ports.now())))
    }

    /// Other chats of customers that these changes touch: what is remembered of them there is out of date then.
    async fn other_chats(&self, account: &Account, changes: &Changes, own: &str) -> Result<Vec<Chat>> {
        let changed = changes.rows.iter().filter_map(|row| match row {
            Row::Customer(customer) if customer.version > 1 => Some(customer.id),
            _ => None,
        });
        let changed: Vec<_> = changed.collect();
        if changed.is_empty() {
            return Ok(Vec::new());
        }
        let mut chats = self
            .ports
            .tenant(account.inbox.tenant)
            .list_chats(&changed)
            .await?;
        chats.retain(|chat| chat.inbox != account.inbox.id || chat.external_id != own);
        Ok(chats)
    }

    /// The event as it can be kept, see [`bounds`].
    fn taken(&self, inbox: InboxId, event: &Inbound) -> Result<Inbound> {
        let mut taken = without_nul(event)?.unwrap_or_else(|| event.clone());
        let changed = bounds::fit(&mut taken, self.ports.now())?;
        for FieldError {
            field,
            code,
            message: bound,
        } in changed
        {
            tracing::warn!(%inbox, field, code, bound, "what a channel brought was changed to what can be kept");
        }
        Ok(taken)
    }

    /// Refuses an event of which something would have to be cut off or changed before it is kept, for those who can mend it.
    ///
    /// # Errors
    /// `Invalid` with every field that is wrong.
    pub fn check(&self, event: &Inbound) -> Result<()> {
        match without_nul(event)? {
            Some(event) => bounds::refuse(&event, self.ports.now()),
            None => bounds::refuse(event, self.ports.now()),
        }
    }

    async fn plan(
        &self,
        account: &Account,
        event: &Inbound,
        thread: Option<Thread>,
        late: bool,
    ) -> Result<Plan> {
        let ports = &*self.ports;
        match &event.event {
            InboundEvent::Message(message) => message::added(ports, account, event, message, thread).await,
            InboundEvent::Edited { message, at } => {
                message::edited(ports, account, event, message, *at, thread).await
            }
            InboundEvent::ButtonPressed {
                external_id,
                message_external_id,
                data,
                title,
                at,
            } => {
                let (under, label) = (message_external_id.as_deref(), title.as_deref());
                message::pressed(
                    ports,
                    account,
                    event,
                    external_id,
                    under,
                    data,
                    label,
                    *at,
                    thread,
                )
                .await
            }
            InboundEvent::Deleted { external_ids, at } => {
                events::deleted(ports, account, event, external_ids, *at, thread, late).await
            }
            InboundEvent::Receipt {
                external_id,
                state,
                reason,
            } => {
                events::receipt(
                    ports,
                    account,
                    event,
                    external_id,
                    *state,
                    reason.as_deref(),
                    thread,
                    late,
                )
                .await
            }
            InboundEvent::ReadUpTo { at } => events::read_up_to(ports, account, *at, thread).await,
            InboundEvent::Reactions { external_id, emoji } => {
                let now = events::Reacted::One(emoji);
                events::reactions(ports, account, event, external_id, now, thread, late).await
            }
            InboundEvent::ReactionCounts { external_id, counts } => {
                let now = events::Reacted::Unnamed(counts);
                events::reactions(ports, account, event, external_id, now, thread, late).await
            }
            InboundEvent::Typing { on } => events::typing(ports, account, event, *on, thread).await,
            InboundEvent::Reachable { reachable, at } => {
                events::reachable(ports, account, event, *reachable, *at, thread).await
            }
            InboundEvent::Migrated { new_chat } => events::migrated(ports, account, new_chat, thread).await,
        }
    }
}

/// Whether trying the same again may help. All else goes into quarantine rather than back to the platform.
fn may_pass(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Unavailable | ErrorKind::Timeout | ErrorKind::Conflict | ErrorKind::RateLimited
    )
}

/// The event without U+0000; none if there is no such character in it, as there hardly ever is.
fn without_nul(event: &Inbound) -> Result<Option<Inbound>> {
    if !text::has_nul(event)? {
        return Ok(None);
    }
    let unreadable = |error| Error::internal("an event cannot be written as JSON").caused_by(error);
    let mut value = serde_json::to_value(event).map_err(unreadable)?;
    text::strip_nul(&mut value);
    serde_json::from_value(value).map(Some).map_err(unreadable)
}
