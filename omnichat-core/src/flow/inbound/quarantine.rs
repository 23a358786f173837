//! What could not be taken is kept, and tried again.

use std::time::Duration;

use super::{InboundFlow, may_pass, place};
use crate::change::{Changes, Row};
use crate::channel::{Inbound, WebhookRequest};
use crate::error::{Error, ErrorKind, Result, Retry};
use crate::event::{Event, Origin};
use crate::id::{InboxId, QuarantineId, TenantId};
use crate::inboxes::accounts::Account;
use crate::job::{JobChange, Lease, kinds};
use crate::page::PageRequest;
use crate::quarantine::{Held, QuarantineState, Quarantined};

impl InboundFlow {
    pub(super) async fn quarantine(
        &self,
        account: &Account,
        request: WebhookRequest,
        why: &Error,
    ) -> Result<()> {
        let mut changes = super::changes(account);
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
        let mut changes = Changes::new(next.tenant, Origin::inbound(next.inbox, None));
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
                let mut changes = super::changes(account);
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
        let mut changes = Changes::new(job.tenant, Origin::job(job));
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

/// Secrets that platforms send in headers are not kept.
fn without_secrets(mut request: WebhookRequest) -> WebhookRequest {
    for (name, value) in &mut request.headers {
        if name == "authorization" || name == "cookie" || name.contains("secret") || name.contains("token") {
            "…".clone_into(value);
        }
    }
    request
}
