//! Standing work: what is always queued for an inbox as long as it is switched on. A job that goes round and round is queued once,
//! when the inbox is; should it ever be lost or given up, it is put back here.

use std::sync::Arc;

use super::{polling, watching};
use crate::change::Changes;
use crate::error::Result;
use crate::inboxes::accounts::is_switched_off;
use crate::job::kinds;
use crate::ports::Ports;

/// Puts back what is missing, in every tenant. What is there already, waiting or leased, stays one: the queue keeps one job of a
/// unique key.
pub(crate) async fn reconcile(ports: &Arc<Ports>) -> Result<()> {
    for tenant in ports.store.tenants().await? {
        let mut changes = Changes::new(tenant.id);
        for inbox in ports.tenant(tenant.id).list_inboxes().await? {
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
                changes.job(kinds::poll(&*ports.clock, tenant.id, inbox.id));
            }
            if watching::watched(&account).is_some() {
                changes.job(kinds::watch(&*ports.clock, tenant.id, inbox.id));
            }
        }
        changes.job(kinds::route(&*ports.clock, tenant.id));
        ports.commit(changes).await?;
    }
    Ok(())
}
