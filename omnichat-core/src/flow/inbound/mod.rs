//! What a channel tells becomes changes of customers, conversations and messages.
//!
//! Each event is one commit, planned from the *thread* it belongs to (the account, its customer and their current
//! conversation) and repeated from fresh reads when another was quicker. A second delivery of the same event plans nothing
//! or is refused as a duplicate by the store, and counts as done. Start with [`InboundFlow::apply`].

pub(crate) mod bounds;
mod content;
mod events;
mod message;
mod thread;

use std::sync::Arc;
use std::time::Duration;

use crate::change::{Changes, Row, unique};
use crate::channel::{Inbound, InboundEvent, Webhook, WebhookReply, WebhookRequest};
use crate::conversations::Turn;
use crate::error::{Error, ErrorKind, FieldError, Result, Retry};
use crate::event::Event;
use crate::id::{ConversationId, InboxId, MessageId, QuarantineId};
use crate::inboxes::accounts::Account;
use crate::job::{JobChange, LeaseKey, kinds};
use crate::page::PageRequest;
use crate::ports::Ports;
use crate::quarantine::{QuarantineState, Quarantined};
use crate::text;
use thread::Thread;

/// What became of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The conversation that it concerns, if there is one.
    pub conversation: Option<ConversationId>,
    /// The message that it added or changed.
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

impl Plan {
    fn nothing(account: &Account, thread: Option<Thread>) -> Self {
        let conversation = thread
            .as_ref()
            .and_then(|t| t.conversation.as_ref())
            .map(|c| c.id);
        Self {
            changes: Changes::new(account.inbox.tenant),
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
        let (reply, events) = match account.channel.webhook(&request).await? {
            Webhook::Reply(reply) => return Ok(reply),
            Webhook::Events(reply, events) => (reply, events),
        };
        match events {
            Ok(events) => {
                // A program hears what is wrong with its request before any of it is taken.
                if account.channel.capabilities().strict {
                    events.iter().try_for_each(|event| self.check(event))?;
                }
                for event in &events {
                    match self.apply(account, event).await {
                        Err(error) if is_about_the_event(&error) => {
                            return self.quarantine(account, request, &error).await.map(|()| reply);
                        }
                        outcome => outcome.map(|_| ())?,
                    }
                }
            }
            Err(error) => self.quarantine(account, request, &error).await?,
        }
        Ok(reply)
    }

    /// Applies one event and returns when its effect is durable.
    pub async fn apply(&self, account: &Account, event: &Inbound) -> Result<Applied> {
        self.apply_with(account, event, None).await
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
        let mut attempts = writers.attempts(account.inbox.tenant, inbox, &event.peer);
        loop {
            let turn = attempts.turn(&self.ports).await;
            let thread = match turn.thread(self.ports.now()) {
                Some(thread) => Some(thread),
                None => self.read(&turn, account, &event.peer).await?,
            };
            let mut plan = self.plan(account, event, thread, lease.is_some()).await?;
            if let Some(lease) = lease {
                plan.changes.job(JobChange::Finish(lease));
            }
            // Somebody who goes on under another name is another chat from now on.
            let stays = plan.thread.filter(|thread| thread.identity.peer == event.peer);
            turn.remember(stays, self.ports.now());
            if plan.changes.is_empty() {
                return Ok(plan.applied);
            }
            let Err(error) = self.ports.commit_in(turn, plan.changes).await else {
                return Ok(plan.applied);
            };
            let rule = error.context_value("unique");
            let known = matches!(rule, Some(unique::MESSAGE_EXTERNAL | unique::MESSAGE_CLIENT_KEY));
            match error.kind() {
                ErrorKind::Duplicate if known && lease.is_none() => {
                    return Ok(Applied {
                        duplicate: true,
                        ..plan.applied
                    });
                }
                // Another process has begun the same conversation, or written the same message.
                ErrorKind::Duplicate => attempts.again(Error::conflict("the conversation").caused_by(error)),
                _ => attempts.again(error),
            }
            .map_err(|error| error.with("inbox", inbox))?;
        }
    }

    async fn read(&self, turn: &Turn, account: &Account, peer: &str) -> Result<Option<Thread>> {
        let found = thread::load(&self.ports, account, peer).await?;
        Ok(found.map(|thread| turn.has_read(thread, self.ports.now())))
    }

    /// The event as it can be kept, see [`bounds`].
    fn taken(&self, inbox: InboxId, event: &Inbound) -> Result<Inbound> {
        let mut taken = event.clone();
        let changed = bounds::fit(&mut taken, self.ports.now())?;
        for FieldError {
            field,
            code,
            message: bound,
        } in changed
        {
            tracing::warn!(%inbox, field, code, bound, "what a channel brought was changed to what can be kept");
        }
        Ok(without_nul(&taken)?.unwrap_or(taken))
    }

    /// Refuses an event of which something would have to be cut off or changed before it is kept, for those who can mend it.
    ///
    /// # Errors
    /// `Invalid` with every field that is wrong.
    pub fn check(&self, event: &Inbound) -> Result<()> {
        bounds::refuse(event, self.ports.now())
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
            InboundEvent::Reactions {
                external_id,
                emoji,
                by,
            } => {
                let now = events::Reacted::One(emoji, by.as_ref());
                events::reactions(ports, account, event, external_id, now, thread, late).await
            }
            InboundEvent::ReactionCounts { external_id, counts } => {
                let now = events::Reacted::Unnamed(counts);
                events::reactions(ports, account, event, external_id, now, thread, late).await
            }
            InboundEvent::Typing { on } => events::typing(ports, account, *on, thread).await,
            InboundEvent::Reachable { reachable, at } => {
                events::reachable(ports, account, event, *reachable, *at, thread).await
            }
            InboundEvent::Migrated { new_peer } => events::migrated(ports, account, new_peer, thread).await,
        }
    }

    async fn quarantine(&self, account: &Account, request: WebhookRequest, why: &Error) -> Result<()> {
        let mut changes = Changes::new(account.inbox.tenant);
        self.hold(account, request, why.message(), &mut changes);
        // It was not even tried: that is made good when the channel can again.
        let wait = match why.retry() {
            Retry::After(wait) => Some(wait),
            Retry::Later => Some(Duration::ZERO),
            Retry::Never => None,
        };
        if let Some(wait) = wait {
            let (tenant, inbox) = (account.inbox.tenant, account.inbox.id);
            let at = self.ports.now().after(wait);
            changes.job(kinds::replay(&*self.ports.clock, tenant, inbox, at));
        }
        self.ports.commit(changes).await.map(|_| ())
    }

    /// Has changes put a request into quarantine.
    pub(crate) fn hold(
        &self,
        account: &Account,
        request: WebhookRequest,
        reason: &str,
        changes: &mut Changes,
    ) {
        let held = Quarantined {
            id: QuarantineId::generate(&*self.ports.clock),
            tenant: account.inbox.tenant,
            inbox: account.inbox.id,
            reason: reason.to_owned(),
            request: without_secrets(request),
            received_at: self.ports.now(),
            attempts: 1,
            state: QuarantineState::Held,
            version: 1,
        };
        tracing::warn!(inbox = %held.inbox, id = %held.id, reason, "what came could not be understood; it is in quarantine");
        changes.event(Event::QuarantineAdded {
            inbox: held.inbox,
            id: held.id,
            reason: held.reason.clone(),
        });
        changes.put(Row::Quarantined(held));
    }

    /// Tries again to understand a webhook in quarantine. Its signature was checked when it came. The row as it is
    /// afterwards: still held, with the new reason, if it is still not understood.
    pub async fn replay(&self, account: &Account, held: Quarantined) -> Result<Quarantined> {
        let outcome = match account.channel.parse(&held.request).await {
            Ok(events) => {
                let mut outcome = Ok(());
                for event in &events {
                    if let Err(error) = self.apply(account, event).await {
                        outcome = Err(error);
                        break;
                    }
                }
                outcome
            }
            Err(error) => Err(error),
        };
        let mut next = Quarantined {
            attempts: held.attempts + 1,
            version: held.version + 1,
            ..held
        };
        match outcome {
            Ok(()) => next.state = QuarantineState::Replayed,
            Err(error) if is_about_the_event(&error) => next.reason = error.message().to_owned(),
            Err(error) => return Err(error),
        }
        let mut changes = Changes::new(next.tenant);
        changes.put(Row::Quarantined(next.clone()));
        self.ports.commit(changes).await?;
        Ok(next)
    }

    /// Tries again to understand everything that an inbox has in quarantine, in the order in which it came.
    ///
    /// # Errors
    /// The first that is not about what came: the rest is worth another try later.
    pub(crate) async fn replay_all(&self, account: &Account) -> Result<()> {
        let store = self.ports.tenant(account.inbox.tenant);
        let mut page = PageRequest::first(PageRequest::MAX);
        let mut held = Vec::new();
        loop {
            let found = store.list_quarantined(&page).await?;
            let of_inbox =
                |one: &Quarantined| one.inbox == account.inbox.id && one.state == QuarantineState::Held;
            held.extend(found.items.iter().filter(|one| of_inbox(one)).map(|one| one.id));
            let Some(next) = found.next else { break };
            page = PageRequest::after(PageRequest::MAX, next);
        }
        for id in held.into_iter().rev() {
            // Read anew: somebody may have replayed or deleted it meanwhile.
            let now = store.find_quarantined(id).await?;
            if let Some(one) = now.filter(|one| one.state == QuarantineState::Held) {
                self.replay(account, one).await?;
            }
        }
        Ok(())
    }

    /// Works off an event that came before the message it speaks of.
    pub(crate) async fn run_deferred(&self, account: &Account, lease: &crate::job::Lease) -> Result<()> {
        let deferred: kinds::Deferred = kinds::payload(&lease.job)?;
        self.apply_job(account, &deferred.event, lease.key())
            .await
            .map(|_| ())
    }
}

/// Whether trying the same event again is pointless: it goes into quarantine rather than back to the platform.
fn is_about_the_event(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Invalid | ErrorKind::Malformed | ErrorKind::TooLarge | ErrorKind::Damaged
    )
}

/// Secrets that platforms send in headers are not kept.
fn without_secrets(mut request: WebhookRequest) -> WebhookRequest {
    for (name, value) in &mut request.headers {
        if name == "authorization" || name == "cookie" || name.contains("secret") || name.contains("token") {
            "…".clone_into(value);
        }
    }
    request
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
