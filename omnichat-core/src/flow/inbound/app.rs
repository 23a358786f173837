//! Webhooks of an app that serves many accounts: one delivery, with parts for several inboxes.
//!
//! Nothing that a request says of itself is believed. The kind tells of which accounts it speaks; the inboxes of these accounts each
//! check its signature with their own secret, and take what is theirs as if it had come to them alone. What one of them refuses, or
//! cannot take, keeps it from no other.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::{FutureExt, StreamExt, stream};

use super::{InboundFlow, may_pass};
use crate::channel::{ChannelKind, Verdict, WebhookReply, WebhookRequest};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{InboxId, TenantId};
use crate::inboxes::AppAccount;
use crate::inboxes::accounts::Account;
use crate::limits;

/// How many inboxes are at work on one delivery at a time.
const AT_ONCE: usize = 16;
/// How many inboxes of accounts are asked for in one read.
const PAGE: u32 = 256;
/// So many inboxes of a tenant may refuse a delivery before one of them accepts it; the tenant's others are not tried then. It
/// bounds what a stranger's request costs, by a number that no tenant reaches whose secrets are right.
const REFUSALS: u32 = 16;
/// So many inboxes may fail to accept a delivery, whosoever they are, before one accepts it. The rest is tried once somebody has: then
/// it is the platform's.
const STRANGER: usize = 64;
/// How many inboxes of an app are looked at where a request speaks of none that is here, the oldest first; of each tenant the oldest
/// and the newest are tried, of at most half of [`STRANGER`] tenants.
const LOOKED_AT: u32 = 256;
/// How long a channel may think about a webhook.
const PATIENCE: Duration = Duration::from_secs(10);

/// What an inbox made of a delivery.
enum Part {
    /// It is not there any more, or switched off.
    Skipped,
    /// Its part is durable: what the platform wants to hear, and whose part it was.
    Taken(WebhookReply, Option<AppAccount>),
    /// The signature is not that of its secret.
    Refused(Error),
    /// It cannot say, and trying again will not help.
    Broken(Error),
    /// It cannot say at the moment. It may be that nobody has proved this account to be its own.
    Unproved(Error, Option<AppAccount>),
    /// It is to be delivered again.
    Failed(Error),
}

/// What the inboxes made of a delivery so far.
#[derive(Default)]
struct Tally(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    reply: Option<WebhookReply>,
    broken: Option<Error>,
    failed: Option<Error>,
    /// Accounts of which an inbox could not say, and why.
    unproved: Vec<(Option<AppAccount>, Error)>,
    /// Accounts of which an inbox has taken its part.
    taken: Vec<AppAccount>,
    /// Tenants of which an inbox has accepted it.
    accepted: BTreeSet<TenantId>,
    refusals: BTreeMap<TenantId, u32>,
    /// Who was not tried, since too many before had not accepted it.
    untried: Vec<(TenantId, InboxId)>,
}

impl Counts {
    /// How many have not accepted it.
    fn strangers(&self) -> usize {
        self.refusals.values().sum::<u32>() as usize + self.unproved.len()
    }

    /// What has to be delivered again, if anything.
    fn owed(&mut self) -> Option<Error> {
        if self.failed.is_some() {
            return self.failed.take();
        }
        // Whoever only says that an account is theirs holds nobody up who has proved that it is.
        let taken = &self.taken;
        let is_taken = |account: &Option<AppAccount>| account.as_ref().is_some_and(|one| taken.contains(one));
        if let Some(place) = self.unproved.iter().position(|(account, _)| !is_taken(account)) {
            return Some(self.unproved.swap_remove(place).1);
        }
        // A tenant that knows the secret has an inbox which does not: that one's part is not to be lost.
        let forgetful = self.refusals.keys().any(|tenant| self.accepted.contains(tenant));
        forgetful.then(|| {
            let message = "an inbox of this app has another secret than others of its organisation";
            Error::new(ErrorKind::Unavailable, message)
        })
    }
}

impl InboundFlow {
    /// Whether an app has an enabled inbox.
    pub async fn has_app(&self, kind: &str, app: &str) -> Result<bool> {
        if !AppAccount::is_app(kind) || !AppAccount::is_app(app) {
            return Ok(false);
        }
        let found = self.ports.store.inboxes_of_app(kind, app, 1).await?;
        Ok(!found.is_empty())
    }

    /// Takes a webhook of an app: each inbox of which it speaks takes its part, as [`InboundFlow::webhook`] does. A request that
    /// speaks of no inbox here is answered by the first of the app's inboxes that accepts it, and dropped: a page that was
    /// disconnected here must not make the platform switch off the webhook of all others.
    ///
    /// # Errors
    /// `NotFound` for an app without an enabled inbox, `Unauthenticated` if no inbox accepts it, `TooLarge` if it speaks of more than
    /// [`limits::WEBHOOK_ACCOUNTS`] accounts. `Unavailable`, or whatever kept a part from being durable: the platform will try again,
    /// which changes nothing for the parts that were taken.
    pub async fn app_webhook(&self, kind: &str, app: &str, request: WebhookRequest) -> Result<WebhookReply> {
        if !self.has_app(kind, app).await? {
            return Err(Error::not_found("app"));
        }
        let known = self.ports.channels.find(kind).ok_or_else(|| {
            let message = format!("channels of kind «{kind}» are switched off");
            Error::new(ErrorKind::Unavailable, message)
        })?;
        let accounts = match addressed(&*known, &request).await {
            Ok(accounts) => accounts,
            Err(error) if error.kind() == ErrorKind::TooLarge || may_pass(&error) => return Err(error),
            Err(error) => return self.answer_for_all(kind, app, &request, Some(error)).await,
        };
        let mut counts = self.take_parts(kind, app, &accounts, &request).await?;
        match (counts.owed(), counts.reply, counts.broken) {
            (Some(error), ..) | (None, None, Some(error)) => Err(error),
            (None, Some(reply), _) => Ok(reply),
            // Nobody of whom it speaks is here, or only such as have no right to it.
            (None, None, None) => self.answer_for_all(kind, app, &request, None).await,
        }
    }

    /// Has every inbox of these accounts take its part.
    async fn take_parts(
        &self,
        kind: &str,
        app: &str,
        accounts: &[String],
        request: &WebhookRequest,
    ) -> Result<Counts> {
        let tally = Tally::default();
        let mut after = None;
        while !accounts.is_empty() {
            let store = &self.ports.store;
            let page = store
                .inboxes_of_accounts(kind, app, accounts, after, PAGE)
                .await?;
            after = page.last().map(|(_, inbox)| *inbox);
            let is_last = page.len() < PAGE as usize;
            let parts = page
                .into_iter()
                .map(|(tenant, inbox)| self.take_part(&tally, tenant, inbox, request));
            let mut parts = stream::iter(parts).buffer_unordered(AT_ONCE);
            while parts.next().await.is_some() {}
            if is_last {
                break;
            }
        }
        // Somebody knows its signature: nothing more has to be bounded.
        let untried = tally.untried();
        let parts = untried
            .into_iter()
            .map(|(tenant, inbox)| self.take_part(&tally, tenant, inbox, request));
        let mut parts = stream::iter(parts).buffer_unordered(AT_ONCE);
        while parts.next().await.is_some() {}
        drop(parts);
        Ok(tally.0.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    async fn take_part(&self, tally: &Tally, tenant: TenantId, inbox: InboxId, request: &WebhookRequest) {
        if tally.may_try(tenant, inbox) {
            let part = self.part(tenant, inbox, request).await;
            tally.note(tenant, inbox, part);
        }
    }

    async fn part(&self, tenant: TenantId, inbox: InboxId, request: &WebhookRequest) -> Part {
        let account = match self.ports.account(inbox).await {
            Ok(account) if account.inbox.enabled => account,
            Ok(_) => return Part::Skipped,
            Err(error) => {
                // Whose it would be is in the row, which may be there all the same.
                let row = self.ports.tenant(tenant).find_inbox(inbox).await;
                let app = row.ok().flatten().and_then(|inbox| inbox.app);
                return Part::without_proof(error, app);
            }
        };
        let app = account.inbox.app.clone();
        let looked = AssertUnwindSafe(in_time(account.channel.webhook(request)));
        let webhook = match looked.catch_unwind().await.unwrap_or_else(|_| Err(broke())) {
            Ok(webhook) => webhook,
            Err(error) => return Part::without_proof(error, app),
        };
        let kept = AssertUnwindSafe(self.keep(&account, request.clone(), webhook));
        match kept.catch_unwind().await.unwrap_or_else(|_| Err(broke())) {
            Ok(reply) => Part::Taken(reply, app),
            Err(error) => Part::Failed(error.with("inbox", inbox)),
        }
    }

    /// Answers a request that is for no inbox in particular: a handshake, or one that speaks of accounts which are not here. One that
    /// could not be understood is kept in quarantine of the inbox that accepts it.
    async fn answer_for_all(
        &self,
        kind: &str,
        app: &str,
        request: &WebhookRequest,
        why: Option<Error>,
    ) -> Result<WebhookReply> {
        let some = self.ports.store.inboxes_of_app(kind, app, LOOKED_AT).await?;
        let asked = two_of_each(&some).into_iter().map(|inbox| async move {
            let accepted = AssertUnwindSafe(self.accepted(inbox, request))
                .catch_unwind()
                .await;
            accepted.unwrap_or_else(|_| Err(broke()))
        });
        let mut asked = stream::iter(asked).buffer_unordered(AT_ONCE);
        let mut refused = None;
        while let Some(accepted) = asked.next().await {
            let (account, verdict) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // What may pass says the most: the platform is to come back.
                    if refused.is_none() || may_pass(&error) {
                        refused = Some(error);
                    }
                    continue;
                }
            };
            return match (verdict, why) {
                (Verdict::Reply(reply), _) => Ok(reply),
                (Verdict::Process(reply), None) => {
                    tracing::info!(kind, app, "a webhook of an app speaks of no account that is here");
                    Ok(reply)
                }
                (Verdict::Process(_), Some(why)) if account.channel.capabilities().strict => Err(why),
                (Verdict::Process(reply), Some(why)) => {
                    self.quarantine(&account, request.clone(), &why).await?;
                    Ok(reply)
                }
            };
        }
        let nobody = || Error::new(ErrorKind::Unauthenticated, "no inbox of this app accepts it");
        Err(refused.filter(may_pass).unwrap_or_else(nobody))
    }

    async fn accepted(&self, inbox: InboxId, request: &WebhookRequest) -> Result<(Arc<Account>, Verdict)> {
        let account = self.ports.account(inbox).await?;
        if !account.inbox.enabled {
            return Err(Error::not_found("inbox"));
        }
        let verdict = in_time(account.channel.accept(request)).await?;
        Ok((account, verdict))
    }
}

impl Part {
    /// What an inbox is that cannot say whether the request is the platform's.
    fn without_proof(error: Error, app: Option<AppAccount>) -> Self {
        match error.kind() {
            ErrorKind::NotFound => Self::Skipped,
            ErrorKind::Unauthenticated => Self::Refused(error),
            _ if may_pass(&error) => Self::Unproved(error, app),
            _ => Self::Broken(error),
        }
    }
}

impl Tally {
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether an inbox may be shown the delivery now. One that may not is remembered.
    fn may_try(&self, tenant: TenantId, inbox: InboxId) -> bool {
        let mut counts = self.counts();
        if counts.reply.is_some() {
            return true;
        }
        let of_tenant = counts.refusals.get(&tenant).copied().unwrap_or_default();
        let may = of_tenant < REFUSALS && counts.strangers() < STRANGER;
        if !may {
            counts.untried.push((tenant, inbox));
        }
        may
    }

    /// Who was not tried and may be, now that somebody has accepted the delivery; nobody if nobody has.
    fn untried(&self) -> Vec<(TenantId, InboxId)> {
        let mut counts = self.counts();
        match counts.reply {
            Some(_) => std::mem::take(&mut counts.untried),
            None => Vec::new(),
        }
    }

    fn note(&self, tenant: TenantId, inbox: InboxId, part: Part) {
        let mut counts = self.counts();
        match part {
            Part::Skipped => {}
            Part::Taken(reply, app) => {
                counts.accepted.insert(tenant);
                counts.taken.extend(app);
                counts.reply.get_or_insert(reply);
            }
            Part::Refused(error) => {
                tracing::info!(%inbox, %error, "an inbox refused a webhook of its app: is its secret right?");
                *counts.refusals.entry(tenant).or_default() += 1;
            }
            Part::Broken(error) => {
                tracing::error!(%inbox, %error, "an inbox cannot take webhooks of its app: this one was not kept for it");
                counts.broken.get_or_insert(error);
            }
            Part::Unproved(error, app) => {
                tracing::warn!(%inbox, %error, "an inbox cannot say at the moment whether a webhook of its app is the platform's");
                counts.unproved.push((app, error));
            }
            Part::Failed(error) => {
                tracing::warn!(%inbox, %error, "a part of an app's webhook could not be made durable");
                counts.failed.get_or_insert(error);
            }
        }
    }
}

/// Of each tenant the oldest inbox and the newest, which is being set up.
fn two_of_each(inboxes: &[(TenantId, InboxId)]) -> BTreeSet<InboxId> {
    let mut ends: BTreeMap<TenantId, (InboxId, InboxId)> = BTreeMap::new();
    for (tenant, inbox) in inboxes {
        let known = ends.len() < STRANGER / 2 || ends.contains_key(tenant);
        if known {
            ends.entry(*tenant).or_insert((*inbox, *inbox)).1 = *inbox;
        }
    }
    ends.into_values()
        .flat_map(|(first, last)| [first, last])
        .collect()
}

/// The accounts of which a request speaks, each once.
async fn addressed(kind: &dyn ChannelKind, request: &WebhookRequest) -> Result<Vec<String>> {
    // Nobody has delivered this before: what takes so long will the next time, too.
    let told = in_time(kind.addressed(request))
        .await
        .map_err(|error| match error.kind() {
            ErrorKind::Timeout => Error::new(ErrorKind::Malformed, error.message()).caused_by(error),
            _ => error,
        })?;
    // No inbox can have another id than such a one.
    let accounts: BTreeSet<String> = told.into_iter().filter(|id| AppAccount::is_account(id)).collect();
    if accounts.len() > limits::WEBHOOK_ACCOUNTS {
        let message = format!(
            "the webhook speaks of more than {} accounts",
            limits::WEBHOOK_ACCOUNTS
        );
        return Err(Error::new(ErrorKind::TooLarge, message));
    }
    Ok(accounts.into_iter().collect())
}

fn broke() -> Error {
    Error::internal("the webhook broke the program")
}

/// What a channel answers within its time.
async fn in_time<T>(answer: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::time::timeout(PATIENCE, answer).await.unwrap_or_else(|_| {
        Err(Error::new(
            ErrorKind::Timeout,
            "the channel took too long to look at a webhook",
        ))
    })
}
