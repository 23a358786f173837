//! Platforms that bring nothing are asked. One job per inbox goes round and round: ask, apply what came, keep the cursor.
//!
//! The cursor is stored after the events, so a crash asks for the same ones again; they are then recognised and change
//! nothing.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::health;
use super::inbound::InboundFlow;
use crate::change::{Changes, Row};
use crate::error::{ErrorKind, Result, Retry};
use crate::inboxes::HealthState;
use crate::inboxes::accounts::Account;
use crate::job::{JobChange, Lease, kinds};
use crate::ports::Ports;
use crate::records::{Record, RecordType};

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
        Ok(_) => return super::outbound::finish(ports, lease).await,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return super::outbound::finish(ports, lease).await;
        }
        Err(error) => return Err(error),
    };
    let tenant = lease.job.tenant;
    let key = about.inbox.to_string();
    let record = ports.tenant(tenant).find_record(PollCursor::KIND, &key).await?;
    let known: PollCursor = record.as_ref().map(Record::read).transpose()?.unwrap_or_default();
    let mut changes = Changes::new(tenant);
    match account.channel.poll(known.cursor.as_deref()).await {
        Ok(batch) => {
            for event in &batch.events {
                if let Err(error) = inbound.apply(&account, event).await {
                    if matches!(error.kind(), ErrorKind::Invalid | ErrorKind::Malformed) {
                        tracing::error!(inbox = %about.inbox, %error, "a polled event could not be applied");
                        continue;
                    }
                    return Err(error);
                }
            }
            let brought = !batch.events.is_empty() || !batch.unreadable.is_empty();
            for unreadable in batch.unreadable {
                inbound.hold(&account, unreadable.request, &unreadable.reason, &mut changes);
            }
            if batch.cursor.is_some() && batch.cursor != known.cursor {
                let cursor = PollCursor { cursor: batch.cursor };
                changes.put(Row::Record(match record {
                    Some(record) => record.next(&cursor, ports.now())?,
                    None => Record::new(tenant, key, &cursor, ports.now())?,
                }));
            }
            if account.inbox.health.state != HealthState::Ok {
                health::put(ports, account.inbox.clone(), HealthState::Ok, None, &mut changes);
            }
            let again = if batch.more || brought {
                Duration::ZERO
            } else {
                Duration::from_millis(200)
            };
            let due_at = ports.now().after(again);
            changes.job(JobChange::Repeat {
                lease: lease.key(),
                due_at,
                payload: lease.job.payload.clone(),
            });
        }
        Err(error) => {
            tracing::warn!(inbox = %about.inbox, %error, "an inbox could not be polled");
            let wait = match error.retry() {
                Retry::After(wait) => wait,
                Retry::Later => super::outbound::back_off(lease.attempts, lease.job.id.uuid().as_u128()),
                Retry::Never => Duration::from_secs(300),
            };
            if account.inbox.health.state != HealthState::Failed
                && (lease.attempts >= 2 || error.retry() == Retry::Never)
            {
                let (inbox, why) = (account.inbox.clone(), Some(error.message()));
                health::put(ports, inbox, HealthState::Failed, why, &mut changes);
            }
            let due_at = ports.now().after(wait);
            changes.job(JobChange::Retry {
                lease: lease.key(),
                due_at,
                error: error.message().to_owned(),
            });
        }
    }
    let health_changed = changes.rows.iter().any(|row| matches!(row, Row::Inbox(_)));
    let committed = ports.commit(changes).await;
    if health_changed {
        ports.accounts.refresh(about.inbox);
    }
    match committed {
        // The settings were changed meanwhile: go on with the new ones.
        Err(error) if error.kind() == ErrorKind::Conflict => Ok(()),
        other => other.map(|_| ()),
    }
}

/// Whether an account is to be asked: its channel can be, and no webhook brings the news.
pub(crate) fn polls(account: &Account) -> bool {
    account.inbox.enabled && account.channel.capabilities().polling && account.inbox.webhook_url.is_none()
}
