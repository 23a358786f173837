//! Opened automations, kept so that a turn need not read and decrypt its settings each time.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use super::kind::{AutomationConfig, AutomationKind, AutomationRegistry, Opened};
use super::model::Automation;
use super::tool::ToolSpec;
use tokio::sync::OnceCell;

use crate::clock::{Clock, Timestamp};
use crate::entities::{Documents, Stored};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{AutomationId, TenantId};
use crate::store::{Store, TenantStore};
use crate::vault::Vault;

/// An automation that can be used.
#[derive(Debug)]
pub struct Ready {
    /// Whose it is.
    pub tenant: TenantId,
    /// As it was when it was opened.
    pub automation: Stored<Automation>,
    /// What it is.
    pub opened: Opened,
    /// Its tools, once they were asked for: they are the same as long as it is open.
    tools: OnceCell<Vec<ToolSpec>>,
}

impl Ready {
    /// Its tools; none if it is a scenario.
    ///
    /// # Errors
    /// If it cannot say.
    pub async fn tools(&self) -> Result<&[ToolSpec]> {
        let Opened::Tools(toolbox) = &self.opened else {
            return Ok(&[]);
        };
        let tools = self.tools.get_or_try_init(|| toolbox.tools()).await?;
        Ok(tools)
    }
}

/// Opened automations. An entry is looked at again after five seconds, so that a change made on another node is seen; a
/// change made here drops its entry at once. One whose kind was replaced is opened anew.
#[derive(Default)]
pub struct OpenAutomations {
    open: RwLock<HashMap<AutomationId, Entry>>,
}

struct Entry {
    ready: Arc<Ready>,
    kind: Arc<dyn AutomationKind>,
    seen: Timestamp,
}

impl OpenAutomations {
    /// For how long an entry is used without a look at the store.
    const FRESH: Duration = Duration::from_secs(5);

    /// An automation of a tenant. `NotFound` if there is none or it is off, `Unavailable` if its kind is switched off.
    pub async fn get(
        &self,
        store: &dyn Store,
        registry: &AutomationRegistry,
        vault: &Vault,
        clock: &dyn Clock,
        tenant: TenantId,
        id: AutomationId,
    ) -> Result<Arc<Ready>> {
        let now = clock.now();
        if let Some(known) = self.fresh(registry, tenant, id, now) {
            return Ok(known);
        }
        let automation = read(&*store.tenant(tenant), id).await?;
        if !automation.value.enabled {
            self.forget(id);
            return Err(Error::not_found("automation that is switched on"));
        }
        let kind = registry.find(&automation.value.kind).ok_or_else(|| {
            let message = format!("automations of kind «{}» are switched off", automation.value.kind);
            Error::new(ErrorKind::Unavailable, message).with("automation", id)
        })?;
        let kept = self.same(&kind, &automation);
        let opened = match kept {
            Some(opened) => opened,
            None => kind.open(AutomationConfig {
                id,
                tenant,
                config: automation.value.settings.current(&*kind, vault, tenant).await?,
            })?,
        };
        let ready = Arc::new(Ready {
            tenant,
            automation,
            opened,
            tools: OnceCell::new(),
        });
        let entry = Entry {
            ready: ready.clone(),
            kind,
            seen: now,
        };
        self.open
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id, entry);
        Ok(ready)
    }

    /// Drops an entry.
    pub fn forget(&self, id: AutomationId) {
        self.open
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&id);
    }

    fn fresh(
        &self,
        registry: &AutomationRegistry,
        tenant: TenantId,
        id: AutomationId,
        now: Timestamp,
    ) -> Option<Arc<Ready>> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let entry = open.get(&id)?;
        let kind = registry.find(&entry.ready.automation.value.kind)?;
        let is_fresh = Arc::ptr_eq(&kind, &entry.kind)
            && entry.ready.tenant == tenant
            && now.since(entry.seen) < Self::FRESH;
        is_fresh.then(|| entry.ready.clone())
    }

    /// What is open of the same settings already: a change of its title does not throw away what it remembers.
    fn same(&self, kind: &Arc<dyn AutomationKind>, automation: &Stored<Automation>) -> Option<Opened> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let entry = open.get(&automation.id)?;
        let (known, now) = (&entry.ready.automation.value, &automation.value);
        let is_same = Arc::ptr_eq(kind, &entry.kind) && known.settings == now.settings;
        is_same.then(|| entry.ready.opened.clone())
    }
}

/// An automation as it is stored. `NotFound` if there is none.
pub(super) async fn read(store: &dyn TenantStore, id: AutomationId) -> Result<Stored<Automation>> {
    let found = Documents::<Automation>::of(store).find(id).await?;
    found.ok_or_else(|| Error::not_found("automation"))
}

/// The toolbox that answers to the name of a kind. `NotFound` if none is set up.
pub(crate) async fn named(store: &dyn TenantStore, kind: &str) -> Result<AutomationId> {
    let toolboxes = Documents::<Automation>::of(store);
    let found = toolboxes.find_unique(Automation::TOOLS, &[kind.into()]).await?;
    found
        .map(|toolbox| toolbox.id)
        .ok_or_else(|| Error::not_found("toolbox of that name"))
}
