//! What a channel tells becomes changes of customers, conversations and messages.
//!
//! Each event is one commit, planned from the *thread* it belongs to (the account, its customer and their current
//! conversation) and repeated from fresh reads when another was quicker. A second delivery of the same event plans nothing
//! or is refused as a duplicate by the store, and counts as done. Start with [`InboundFlow::apply`].

pub(crate) mod bounds;
mod content;
mod events;
mod message;
mod people;
mod thread;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;

use crate::change::{Changes, Row, unique};
use crate::channel::{Inbound, InboundEvent, Webhook, WebhookReply, WebhookRequest};
use crate::chats::Chat;
use crate::conversations::Turn;
use crate::error::{Error, ErrorKind, FieldError, Result, Retry};
use crate::event::Event;
use crate::id::{ConversationId, InboxId, MessageId, QuarantineId, TenantId};
use crate::inboxes::accounts::Account;
use crate::job::{JobChange, Lease, LeaseKey, kinds};
use crate::page::PageRequest;
use crate::ports::Ports;
use crate::quarantine::{Held, QuarantineState, Quarantined};
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
                let mut changes = Changes::new(account.inbox.tenant);
                for (event, error) in self.take(account, &events).await? {
                    self.hold_event(place(account), event, error.message(), &mut changes);
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
            // Somebody who goes on under another name is another chat from now on.
            turn.leaves(
                plan.thread
                    .filter(|thread| thread.chat.external_id == event.chat.id),
            );
            let others = self.other_chats(account, &plan.changes, &event.chat.id).await?;
            let beside = self
                .ports
                .writers
                .beside(&Changes::new(account.inbox.tenant), &others);
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

    /// Has changes put a request into quarantine that could not be understood.
    pub(crate) fn hold(
        &self,
        account: &Account,
        request: WebhookRequest,
        reason: &str,
        changes: &mut Changes,
    ) {
        self.hold_as(
            Held::Request,
            place(account),
            without_secrets(request),
            reason,
            changes,
        );
    }

    /// Has changes put an event into quarantine that was understood and could not be applied, however it came.
    pub(crate) fn hold_event(
        &self,
        place: (TenantId, InboxId),
        event: &Inbound,
        reason: &str,
        changes: &mut Changes,
    ) {
        // Plain data with string keys: it can always be written.
        let body = serde_json::to_vec(event).unwrap_or_default();
        self.hold_as(Held::Event, place, WebhookRequest::post(body), reason, changes);
    }

    fn hold_as(
        &self,
        what: Held,
        (tenant, inbox): (TenantId, InboxId),
        request: WebhookRequest,
        reason: &str,
        changes: &mut Changes,
    ) {
        let held = Quarantined {
            id: QuarantineId::generate(&*self.ports.clock),
            tenant,
            inbox,
            reason: reason.to_owned(),
            what,
            request,
            received_at: self.ports.now(),
            attempts: 1,
            state: QuarantineState::Held,
            version: 1,
        };
        tracing::warn!(inbox = %held.inbox, id = %held.id, reason, "what came could not be taken; it is in quarantine");
        changes.event(Event::QuarantineAdded {
            inbox: held.inbox,
            id: held.id,
            reason: held.reason.clone(),
        });
        changes.put(Row::Quarantined(held));
    }

    /// Tries again to take what is in quarantine. Its signature was checked when it came. The row as it is afterwards: still held,
    /// with the new reason, if any of it still cannot be taken; the rest of it has been.
    pub async fn replay(&self, account: &Account, held: Quarantined) -> Result<Quarantined> {
        let events = match held.what {
            Held::Request => account.channel.parse(&held.request).await,
            Held::Event => serde_json::from_slice(&held.request.body)
                .map(|event| vec![event])
                .map_err(|e| {
                    Error::new(ErrorKind::Malformed, "this version knows no such event").caused_by(e)
                }),
        };
        let refused = match events {
            Ok(events) => {
                let refused = self.take(account, &events).await?;
                refused.into_iter().next().map(|(_, error)| error)
            }
            Err(error) if may_pass(&error) => return Err(error),
            Err(error) => Some(error),
        };
        let mut next = Quarantined {
            attempts: held.attempts + 1,
            version: held.version + 1,
            ..held
        };
        match refused {
            None => next.state = QuarantineState::Replayed,
            Some(error) => next.reason = error.message().to_owned(),
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
    pub(crate) async fn run_deferred(&self, account: &Account, lease: &Lease) -> Result<()> {
        let deferred: kinds::Deferred = kinds::payload(&lease.job)?;
        match self.apply_job(account, &deferred.event, lease.key()).await {
            Err(error) if !may_pass(&error) => {
                let mut changes = Changes::new(account.inbox.tenant);
                self.hold_event(place(account), &deferred.event, error.message(), &mut changes);
                changes.job(JobChange::Finish(lease.key()));
                self.ports.commit(changes).await.map(|_| ())
            }
            outcome => outcome.map(|_| ()),
        }
    }

    /// A deferred event that is given up goes into quarantine: also one that this version cannot read, as it is.
    pub(crate) fn give_up_deferred(&self, lease: &Lease, why: &Error) -> Result<Changes> {
        let job = &lease.job;
        let mut changes = Changes::new(job.tenant);
        match kinds::payload::<kinds::Deferred>(job) {
            Ok(deferred) => {
                let place = (job.tenant, deferred.inbox);
                self.hold_event(place, &deferred.event, why.message(), &mut changes);
            }
            Err(error) => {
                let told = || {
                    kinds::payload(job)
                        .ok()
                        .map(|about: kinds::AboutInbox| about.inbox)
                };
                let place = (job.tenant, job.inbox.or_else(told).ok_or(error)?);
                let event = job.payload.get("event").unwrap_or(&job.payload);
                let request = WebhookRequest::post(event.to_string());
                self.hold_as(Held::Event, place, request, why.message(), &mut changes);
            }
        }
        Ok(changes)
    }
}

/// Where something came in.
pub(crate) fn place(account: &Account) -> (TenantId, InboxId) {
    (account.inbox.tenant, account.inbox.id)
}

/// Whether trying the same again may help. All else goes into quarantine rather than back to the platform.
fn may_pass(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Unavailable | ErrorKind::Timeout | ErrorKind::Conflict | ErrorKind::RateLimited
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
