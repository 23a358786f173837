//! What could not be taken is kept, and tried again.

use std::time::Duration;

use super::{InboundFlow, may_pass};
use crate::change::Changes;
use crate::channel::{Inbound, WebhookRequest};
use crate::entities::{Document as _, Documents, EntityQuery, IndexKey, KeyRange, Stored};
use crate::error::{Error, ErrorKind, Result, Retry};
use crate::event::{Event, Origin};
use crate::id::InboxId;
use crate::inboxes::accounts::Account;
use crate::job::{JobChange, Lease, kinds};
use crate::quarantine::{Held, QuarantineState, Quarantined};

impl InboundFlow {
    pub(super) async fn quarantine(
        &self,
        account: &Account,
        request: WebhookRequest,
        why: &Error,
    ) -> Result<()> {
        let mut changes = super::changes(account);
        self.hold(account, request, why.message(), &mut changes)?;
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
    ) -> Result<()> {
        self.hold_as(
            Held::Request,
            account.inbox.id,
            request.without_secrets(),
            reason,
            changes,
        )
    }

    /// Has changes put an event into quarantine that was understood and could not be applied, however it came.
    pub(crate) fn hold_event(
        &self,
        inbox: InboxId,
        event: &Inbound,
        reason: &str,
        changes: &mut Changes,
    ) -> Result<()> {
        // Plain data with string keys: it can always be written.
        let body = serde_json::to_vec(event).unwrap_or_default();
        self.hold_as(Held::Event, inbox, WebhookRequest::post(body), reason, changes)
    }

    fn hold_as(
        &self,
        what: Held,
        inbox: InboxId,
        request: WebhookRequest,
        reason: &str,
        changes: &mut Changes,
    ) -> Result<()> {
        let value = Quarantined {
            inbox,
            reason: reason.to_owned(),
            what,
            request,
            attempts: 1,
            state: QuarantineState::Held,
        };
        let held = Stored::new(&*self.ports.clock, value);
        tracing::warn!(%inbox, id = %held.id, reason, "what came could not be taken; it is in quarantine");
        changes.keep(&held)?.event(Event::QuarantineAdded {
            inbox,
            id: held.id,
            reason: held.value.reason,
        });
        Ok(())
    }

    /// Tries again to take what is in quarantine. Its signature was checked when it came. The row as it is afterwards: still held,
    /// with the new reason, if any of it still cannot be taken; the rest of it has been.
    pub async fn replay(&self, account: &Account, held: Stored<Quarantined>) -> Result<Stored<Quarantined>> {
        let events = match held.value.what {
            Held::Request => account.channel.parse(&held.value.request).await,
            Held::Event => serde_json::from_slice(&held.value.request.body)
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
        let mut value = held.value.clone();
        value.attempts += 1;
        match refused {
            None => value.state = QuarantineState::Replayed,
            Some(error) => value.reason = error.message().to_owned(),
        }
        let next = held.next(value, self.ports.now());
        let tenant = account.inbox.tenant;
        let mut changes = Changes::new(tenant, Origin::inbound(next.value.inbox, None));
        changes.keep(&next)?;
        self.ports.commit(changes).await?;
        Ok(next)
    }

    /// Tries again to understand everything that an inbox has in quarantine, in the order in which it came.
    ///
    /// # Errors
    /// The first that is not about what came: the rest is worth another try later.
    pub(crate) async fn replay_all(&self, account: &Account) -> Result<()> {
        let store = self.ports.tenant(account.inbox.tenant);
        let quarantine = Documents::<Quarantined>::of(&*store);
        let inbox = IndexKey::of(&[account.inbox.id.uuid().into()])?;
        // One by one: they may be large, and somebody may replay or delete the next meanwhile.
        let mut query = EntityQuery {
            range: KeyRange::of(inbox),
            ..EntityQuery::first(Quarantined::KIND, Quarantined::HELD, 1)
        };
        loop {
            let page = quarantine.page(&query).await?;
            for held in page.items {
                self.replay(account, held).await?;
            }
            query.after = page.next;
            if query.after.is_none() {
                return Ok(());
            }
        }
    }

    /// Works off an event that came before the message it speaks of.
    pub(crate) async fn run_deferred(&self, account: &Account, lease: &Lease) -> Result<()> {
        let deferred: kinds::Deferred = kinds::payload(&lease.job)?;
        match self.apply_job(account, &deferred.event, lease.key()).await {
            Err(error) if !may_pass(&error) => {
                let mut changes = super::changes(account);
                let inbox = account.inbox.id;
                self.hold_event(inbox, &deferred.event, error.message(), &mut changes)?;
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
                self.hold_event(deferred.inbox, &deferred.event, why.message(), &mut changes)?;
            }
            Err(error) => {
                let told = || {
                    kinds::payload(job)
                        .ok()
                        .map(|about: kinds::AboutInbox| about.inbox)
                };
                let inbox = job.inbox.or_else(told).ok_or(error)?;
                let event = job.payload.get("event").unwrap_or(&job.payload);
                let request = WebhookRequest::post(event.to_string());
                self.hold_as(Held::Event, inbox, request, why.message(), &mut changes)?;
            }
        }
        Ok(changes)
    }
}
