//! Standing work: what is always queued for an inbox as long as it is switched on. A job that goes round and round is queued once,
//! when the inbox is; should it ever be lost or given up, it is put back here.

use std::sync::Arc;

use super::{polling, watching};
use crate::change::Changes;
use crate::error::{ErrorKind, Result};
use crate::event::Origin;
use crate::id::TenantId;
use crate::inboxes::accounts::is_switched_off;
use crate::job::kinds;
use crate::ports::Ports;

/// Puts back what is missing, in every tenant. What waits already stays one: the queue keeps one job of a unique key. Beside one that
/// is leased another is queued, and the two become one when the first is to go round again.
///
/// # Errors
/// The last one, once every other tenant has been looked after; at once if the store is away.
pub(crate) async fn reconcile(ports: &Arc<Ports>) -> Result<()> {
    let mut failed = Ok(());
    for tenant in ports.store.tenants().await? {
        match put_back(ports, tenant.id).await {
            Err(error) if error.kind() == ErrorKind::Unavailable => return Err(error),
            Err(error) => {
                tracing::warn!(tenant = %tenant.id, %error, "an organisation's standing work is left as it is");
                failed = Err(error);
            }
            Ok(()) => {}
        }
    }
    failed
}

async fn put_back(ports: &Arc<Ports>, tenant: TenantId) -> Result<()> {
    let mut changes = Changes::new(tenant, Origin::system("standing"));
    for inbox in ports.tenant(tenant).list_inboxes().await? {
        if !inbox.enabled {
            continue;
        }
        let account = match ports.account(inbox.id).await {
            Ok(account) => account,
            Err(error) => {
                if !is_switched_off(&error) {
                    tracing::warn!(inbox = %inbox.id, %error, "an inbox cannot be opened; its standing work is left as it is");
                }
                continue;
            }
        };
        if polling::polls(&account) {
            changes.job(kinds::poll(&*ports.clock, tenant, inbox.id));
        }
        if watching::watched(&account).is_some() {
            changes.job(kinds::watch(&*ports.clock, tenant, inbox.id));
        }
    }
    changes.job(kinds::route(&*ports.clock, tenant));
    ports.commit(changes).await.map(|_| ())
}
