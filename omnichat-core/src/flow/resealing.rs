//! Stored secrets move to the newest key of the host: those of inboxes, their proxies, those of automations.
//!
//! Each is one commit against a version, so that it can be broken off and begun again at any place, and a change by somebody
//! else is not overwritten.

use std::collections::BTreeMap;

use serde_json::json;

use crate::actor::Actor;
use crate::anew::Anew;
use crate::audit;
use crate::automations::Automation;
use crate::change::{Changes, Row};
use crate::entities::Documents;
use crate::error::Result;
use crate::event::Event;
use crate::id::{AutomationId, InboxId, TenantId};
use crate::ports::Ports;
use crate::vault::Vault;

/// What was found among the stored secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// How many were sealed anew.
    pub changed: u64,
    /// How many are sealed with which key, by its id, see [`Vault::key_id`].
    pub in_use: BTreeMap<String, u64>,
    /// What holds a secret that no key of the vault opens, and what is stored damaged and may hold one.
    pub unreadable: Vec<String>,
}

impl Resealed {
    fn count(&mut self, key: Result<&str>, whose: impl std::fmt::Display) {
        match key {
            Ok(key) => *self.in_use.entry(key.to_owned()).or_default() += 1,
            Err(_) => self.unreadable.push(whose.to_string()),
        }
    }
}

/// Seals every stored secret under the newest key of a vault. Crosses tenants: only the host's own work may do so.
pub async fn reseal(ports: &Ports, vault: &Vault) -> Result<Resealed> {
    let mut found = Resealed::default();
    for tenant in ports.store.tenants().await? {
        let store = ports.tenant(tenant.id);
        for inbox in store.list_inboxes().await? {
            let change = || reseal_inbox(ports, vault, tenant.id, inbox.id);
            found.changed += u64::from(again(change).await?);
        }
        for automation in Documents::<Automation>::of(&*store)
            .all(Automation::ALL)
            .await?
            .items
        {
            let change = || reseal_automation(ports, vault, tenant.id, automation.id);
            found.changed += u64::from(again(change).await?);
        }
    }
    let left = look(ports, vault).await?;
    Ok(Resealed {
        changed: found.changed,
        ..left
    })
}

/// Which keys stored secrets need. Crosses tenants, as [`reseal`].
pub async fn look(ports: &Ports, vault: &Vault) -> Result<Resealed> {
    let mut found = Resealed::default();
    for tenant in ports.store.tenants().await? {
        let store = ports.tenant(tenant.id);
        for inbox in store.list_inboxes().await? {
            for sealed in inbox.settings.secrets.iter().chain(&inbox.proxy) {
                found.count(vault.sealed_with(tenant.id, sealed), inbox.id);
            }
        }
        let automations = Documents::<Automation>::of(&*store).all(Automation::ALL).await?;
        for automation in automations.items {
            if let Some(sealed) = &automation.value.settings.secrets {
                found.count(vault.sealed_with(tenant.id, sealed), automation.id);
            }
        }
        found
            .unreadable
            .extend(automations.damaged.iter().map(ToString::to_string));
    }
    Ok(found)
}

/// Until nobody else was quicker. What no key opens stays as it is, and is told of by [`look`].
async fn again<F: Future<Output = Result<bool>>>(change: impl Fn() -> F) -> Result<bool> {
    let mut anew = Anew::unless(None);
    loop {
        match change().await {
            Err(error) => anew.after(error).await?,
            outcome => return outcome,
        }
    }
}

async fn reseal_inbox(ports: &Ports, vault: &Vault, tenant: TenantId, id: InboxId) -> Result<bool> {
    let Some(before) = ports.tenant(tenant).find_inbox(id).await? else {
        return Ok(false);
    };
    let mut inbox = before.clone();
    let settings = inbox.settings.reseal(vault, tenant).unwrap_or(false);
    let proxy = match &inbox.proxy {
        Some(sealed) => vault.reseal(tenant, sealed).unwrap_or(None),
        None => None,
    };
    if !settings && proxy.is_none() {
        return Ok(false);
    }
    inbox.proxy = proxy.or(inbox.proxy);
    let mut changes = audited(ports, tenant, "inbox.resealed", id);
    changes.save(Some(&before), inbox);
    ports.commit(changes).await?;
    ports.accounts.refresh(id);
    Ok(true)
}

async fn reseal_automation(ports: &Ports, vault: &Vault, tenant: TenantId, id: AutomationId) -> Result<bool> {
    let store = ports.tenant(tenant);
    let Some(before) = Documents::<Automation>::of(&*store).find(id).await? else {
        return Ok(false);
    };
    let mut value = before.value.clone();
    if !value.settings.reseal(vault, tenant).unwrap_or(false) {
        return Ok(false);
    }
    let automation = before.next(value, ports.now());
    let mut changes = audited(ports, tenant, "automation.resealed", id);
    changes
        .keep(&automation)?
        .event(Event::AutomationUpdated { automation });
    ports.commit(changes).await?;
    ports.open_automations.forget(id);
    Ok(true)
}

fn audited(ports: &Ports, tenant: TenantId, action: &str, target: impl std::fmt::Display) -> Changes {
    let actor = Actor::system(tenant, "host");
    let mut changes = Changes::by(&actor);
    let entry = audit::entry(&*ports.clock, &actor, action, target, json!({}));
    changes.put(Row::Audit(entry));
    changes
}
