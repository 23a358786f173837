//! A webhook that a platform has dropped is silence, which nobody notices. So platforms with which one was registered are asked
//! about the account now and then; where the webhook is gone, it is registered again. One that another system has put in its place
//! is only reported: two that take it from each other would share the customers' messages between them.

use std::sync::Arc;
use std::time::Duration;

use super::health;
use crate::actor::Actor;
use crate::audit;
use crate::change::{Changes, Row};
use crate::channel::Action;
use crate::error::{Error, ErrorKind, Result, Retry};
use crate::inboxes::HealthState;
use crate::inboxes::accounts::{Account, is_switched_off};
use crate::job::{JobChange, Lease, kinds};
use crate::ports::Ports;

/// How soon again, if the platform could not be asked.
const SOON: Duration = Duration::from_secs(300);

/// Works off a [`kinds::WATCH`] job.
pub(crate) async fn run_watch(ports: &Arc<Ports>, lease: &Lease) -> Result<()> {
    let about: kinds::AboutInbox = kinds::payload(&lease.job)?;
    let account = match ports.account(about.inbox).await {
        Ok(account) => account,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return super::outbound::finish(ports, lease).await;
        }
        // There is nobody to ask until the kind is back.
        Err(error) if is_switched_off(&error) => {
            let wait = JobChange::Wait {
                lease: lease.key(),
                after: SOON,
                reason: error.message().to_owned(),
            };
            return super::outbound::end(ports, lease, wait).await;
        }
        Err(error) => return Err(error),
    };
    let Some(url) = watched(&account) else {
        return super::outbound::finish(ports, lease).await;
    };
    let mut changes = Changes::in_job(&lease.job);
    let found = match account.channel.check().await {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            restore(ports, &account, &url, error, &mut changes).await
        }
        other => other.map(|_| ()),
    };
    let again = match &found {
        Err(error) if error.retry() != Retry::Never => SOON,
        _ => kinds::WATCH_EVERY,
    };
    changes.job(JobChange::Repeat {
        lease: lease.key(),
        after: again,
        payload: lease.job.payload.clone(),
    });
    ports.commit(changes).await?;
    match found {
        Ok(()) => health::note(ports, &account, HealthState::Ok, None).await,
        Err(error) if error.retry() == Retry::Never => {
            health::note(ports, &account, HealthState::Failed, Some(error.message())).await;
        }
        // That it could not be asked now says nothing of the account.
        Err(_) => {}
    }
    Ok(())
}

/// The address under which the platform is to call this host, if the host has registered it.
pub(crate) fn watched(account: &Account) -> Option<String> {
    let can = account.inbox.enabled && account.channel.capabilities().webhook_registration;
    account.inbox.webhook_url.clone().filter(|_| can)
}

/// Registers the webhook again and asks once more. The first answer says what is wrong if it is still gone then.
async fn restore(
    ports: &Ports,
    account: &Account,
    url: &str,
    broken: Error,
    changes: &mut Changes,
) -> Result<()> {
    let register = Action::RegisterWebhook { url: url.to_owned() };
    if account.channel.perform(&register).await.is_err() || account.channel.check().await.is_err() {
        return Err(broken);
    }
    tracing::warn!(inbox = %account.inbox.id, reason = broken.message(), "a webhook was lost and has been registered again");
    changes.put(Row::Audit(audit::entry(
        &*ports.clock,
        &Actor::system(account.inbox.tenant, "watch"),
        "inbox.webhook_restored",
        account.inbox.id,
        serde_json::json!({ "url": url, "reason": broken.message() }),
    )));
    Ok(())
}
