//! Platforms that bring nothing are asked. One job per inbox goes round and round: ask, apply what came, keep the cursor.
//!
//! The cursor is stored after the events, so a crash asks for the same ones again; they are then recognised and change
//! nothing.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::health;
use super::inbound::InboundFlow;
use super::outbound::{back_off, end, finish, retry};
use crate::change::{Changes, Row};
use crate::channel::PollBatch;
use crate::error::{Error, ErrorKind, Result, Retry};
use crate::inboxes::HealthState;
use crate::inboxes::accounts::{Account, is_switched_off};
use crate::job::{JobChange, Lease, kinds};
use crate::ports::Ports;
use crate::records::{Record, RecordType};

/// The pause after a poll that brought nothing.
const PAUSE: Duration = Duration::from_millis(200);
/// How soon it is looked again whether a kind is back that is switched off.
const LOOK_AGAIN: Duration = Duration::from_secs(60);
/// How soon again, where the platform says that it will not answer without a change.
const AFTER_REFUSAL: Duration = Duration::from_secs(300);

/// Where the next poll of an inbox goes on.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct PollCursor {
    cursor: Option<String>,
}

impl RecordType for PollCursor {
    const KIND: &'static str = "poll_cursor";
}

/// Works off a [`kinds::POLL`] job.
pub(crate) async fn run_poll(ports: &Arc<Ports>, inbound: &InboundFlow, lease: &Lease) -> Result<()> {
    let about: kinds::AboutInbox = kinds::payload(&lease.job)?;
    let account = match ports.account(about.inbox).await {
        Ok(account) if polls(&account) => account,
        Ok(_) => return finish(ports, lease).await,
        Err(error) if error.kind() == ErrorKind::NotFound => return finish(ports, lease).await,
        // It goes on when the kind is back: by the reconciler, or by this.
        Err(error) if is_switched_off(&error) => {
            let wait = JobChange::Wait {
                lease: lease.key(),
                after: LOOK_AGAIN,
                reason: error.message().to_owned(),
            };
            return end(ports, lease, wait).await;
        }
        Err(error) => return Err(error),
    };
    let tenant = lease.job.tenant;
    let key = about.inbox.to_string();
    let record = ports.tenant(tenant).find_record(PollCursor::KIND, &key).await?;
    let known: PollCursor = record.as_ref().map(Record::read).transpose()?.unwrap_or_default();
    let mut changes = Changes::in_job(&lease.job);
    let change = match account.channel.poll(known.cursor.as_deref()).await {
        Ok(batch) => {
            let cursor = batch
                .cursor
                .clone()
                .filter(|cursor| Some(cursor) != known.cursor.as_ref());
            let is_more = take(inbound, &account, batch, &mut changes).await?;
            if cursor.is_some() {
                let cursor = PollCursor { cursor };
                changes.put(Row::Record(match record {
                    Some(record) => record.next(&cursor, ports.now())?,
                    None => Record::new(tenant, key, &cursor, ports.now())?,
                }));
            }
            if account.inbox.health.state != HealthState::Ok {
                health::put(ports, &account.inbox, HealthState::Ok, None, &mut changes);
            }
            again(lease, if is_more { Duration::ZERO } else { PAUSE })
        }
        Err(error) => {
            tracing::warn!(inbox = %about.inbox, %error, "an inbox could not be polled");
            let after = match error.retry() {
                Retry::After(wait) => wait,
                Retry::Later => back_off(lease.attempts, lease.job.id.uuid().as_u128()),
                Retry::Never => AFTER_REFUSAL,
            };
            if account.inbox.health.state != HealthState::Failed
                && (lease.attempts >= 2 || error.retry() == Retry::Never)
            {
                let why = Some(error.message());
                health::put(ports, &account.inbox, HealthState::Failed, why, &mut changes);
            }
            retry(lease, after, &error)
        }
    };
    changes.job(change);
    let health_changed = changes.rows.iter().any(|row| matches!(row, Row::Inbox(_)));
    let committed = ports.commit(changes).await;
    if health_changed {
        ports.accounts.refresh(about.inbox);
    }
    match committed {
        // The settings were changed meanwhile: go on with the new ones. What came is recognised when it comes again.
        Err(error) if error.kind() == ErrorKind::Conflict && !error.is_lost_lease() => {
            end(ports, lease, again(lease, PAUSE)).await
        }
        other => other.map(|_| ()),
    }
}

/// Applies what came; what cannot be taken goes into quarantine with the changes, and holds up nothing. Says whether the platform
/// may have more at once.
async fn take(
    inbound: &InboundFlow,
    account: &Account,
    batch: PollBatch,
    changes: &mut Changes,
) -> Result<bool> {
    let is_more = batch.more || !batch.events.is_empty() || !batch.unreadable.is_empty();
    for (event, error) in inbound.take(account, &batch.events).await? {
        inbound.hold_event(account.inbox.id, event, error.message(), changes)?;
    }
    for unreadable in batch.unreadable {
        inbound.hold(account, unreadable.request, &unreadable.reason, changes)?;
    }
    Ok(is_more)
}

fn again(lease: &Lease, after: Duration) -> JobChange {
    JobChange::Repeat {
        lease: lease.key(),
        after,
        payload: lease.job.payload.clone(),
    }
}

/// An inbox that is no longer asked, or no longer looked after, shows it. The reconciler begins anew within the hour.
pub(crate) async fn give_up_standing(ports: &Arc<Ports>, lease: &Lease, why: &Error) -> Result<Changes> {
    let about: kinds::AboutInbox = kinds::payload(&lease.job)?;
    let mut changes = Changes::in_job(&lease.job);
    let found = ports.tenant(lease.job.tenant).find_inbox(about.inbox).await?;
    if let Some(inbox) = found {
        health::put(
            ports,
            &inbox,
            HealthState::Failed,
            Some(why.message()),
            &mut changes,
        );
        ports.accounts.refresh(about.inbox);
    }
    Ok(changes)
}

/// Whether an account is to be asked: its channel can be, and no webhook brings the news.
pub(crate) fn polls(account: &Account) -> bool {
    account.inbox.enabled && account.channel.capabilities().polling && account.inbox.webhook_url.is_none()
}
