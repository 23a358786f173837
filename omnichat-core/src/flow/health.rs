//! What the flow has learnt of an account's health, for its administrator.

use crate::change::Changes;
use crate::error::Result;
use crate::event::Origin;
use crate::inboxes::accounts::Account;
use crate::inboxes::{Health, HealthState, Inbox};
use crate::ports::Ports;

/// Writes it down, unless it is known already. A side effect of other work: that it cannot be written stops nothing.
pub(super) async fn note(ports: &Ports, account: &Account, state: HealthState, message: Option<&str>) {
    let known = &account.inbox.health;
    if known.state == state && known.message.as_deref() == message {
        return;
    }
    if let Err(error) = write(ports, account, state, message).await {
        tracing::warn!(inbox = %account.inbox.id, %error, "the health of an inbox could not be written down");
    }
}

async fn write(ports: &Ports, account: &Account, state: HealthState, message: Option<&str>) -> Result<()> {
    let (tenant, id) = (account.inbox.tenant, account.inbox.id);
    let Some(inbox) = ports.tenant(tenant).find_inbox(id).await? else {
        return Ok(());
    };
    let mut changes = Changes::new(tenant, Origin::system("health"));
    put(ports, &inbox, state, message, &mut changes);
    ports.commit(changes).await?;
    ports.accounts.refresh(id);
    Ok(())
}

/// Has changes write it down beside other work.
pub(super) fn put(
    ports: &Ports,
    before: &Inbox,
    state: HealthState,
    message: Option<&str>,
    changes: &mut Changes,
) {
    let health = Health {
        state,
        message: message.map(str::to_owned),
        checked_at: Some(ports.now()),
    };
    let inbox = Inbox {
        health,
        ..before.clone()
    };
    changes.save(Some(before), inbox);
}
