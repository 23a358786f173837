//! Setting up, changing and removing automations.

use std::sync::Arc;

use serde_json::json;

use super::kind::{AutomationConfig, AutomationKind, Opened};
use super::model::{Automation, AutomationPatch, NewAutomation};
use super::opened::read;
use super::tool::ToolSpec;
use crate::actor::{Actor, Permission};
use crate::anew::Anew;
use crate::audit;
use crate::change::{Changes, Row};
use crate::entities::{Document as _, DocumentPage, Documents, EntityRow, Stored};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Event;
use crate::id::{AutomationId, TenantId};
use crate::ports::Ports;
use crate::settings::Settings;
use crate::text;

/// Most automations of a tenant.
const MOST: u32 = 200;

/// Reads and changes automations for an actor.
#[derive(Clone, Debug)]
pub struct AutomationService {
    ports: Arc<Ports>,
}

impl AutomationService {
    /// A service over an engine's ports.
    pub fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// The kinds of automations there are, by name.
    pub fn kinds(&self) -> Vec<Arc<dyn AutomationKind>> {
        self.ports.automations.all()
    }

    /// An automation.
    pub async fn get(&self, actor: &Actor, id: AutomationId) -> Result<Stored<Automation>> {
        actor.require(Permission::AUTOMATIONS_MANAGE)?;
        let automation = read(&*self.ports.tenant(actor.tenant), id).await?;
        Ok(self.as_of_today(actor.tenant, automation).await)
    }

    /// Every automation, oldest first, on one page.
    pub async fn list(&self, actor: &Actor) -> Result<DocumentPage<Automation>> {
        actor.require(Permission::AUTOMATIONS_MANAGE)?;
        let mut listed = self.all(actor.tenant).await?;
        for automation in &mut listed.items {
            *automation = self.as_of_today(actor.tenant, automation.clone()).await;
        }
        Ok(listed)
    }

    async fn all(&self, tenant: TenantId) -> Result<DocumentPage<Automation>> {
        let store = self.ports.tenant(tenant);
        Documents::<Automation>::of(&*store).all(Automation::ALL).await
    }

    async fn as_of_today(&self, tenant: TenantId, mut automation: Stored<Automation>) -> Stored<Automation> {
        if let Some(kind) = self.ports.automations.find(&automation.value.kind) {
            let settings = std::mem::take(&mut automation.value.settings);
            automation.value.settings = settings.as_of_today(&*kind, &self.ports.vault, tenant).await;
        }
        automation
    }

    /// The tools of an automation; none if it is a scenario, or cannot say at the moment.
    pub async fn tools(&self, tenant: TenantId, id: AutomationId) -> Vec<ToolSpec> {
        let Ok(ready) = self.ports.automation(tenant, id).await else {
            return Vec::new();
        };
        ready.tools().await.map(<[ToolSpec]>::to_vec).unwrap_or_default()
    }

    /// Sets an automation up. It is opened for a trial, so that settings which cannot work are refused at once.
    ///
    /// # Errors
    /// `Invalid` with the fields; `Rejected` for a second toolbox of a kind, since tools are called by its name.
    pub async fn create(&self, actor: &Actor, new: NewAutomation) -> Result<Stored<Automation>> {
        actor.require(Permission::AUTOMATIONS_MANAGE)?;
        let kind = self.ports.automations.get(&new.kind)?;
        let vault = &self.ports.vault;
        let mut value = Automation {
            kind: new.kind,
            role: kind.role(),
            title: text::title(&new.title)?,
            enabled: true,
            settings: Settings::default(),
        };
        let settings = &mut value.settings;
        settings.replace(&*kind, vault, actor.tenant, new.config).await?;
        let automation = Stored::new(&*self.ports.clock, value);
        self.open(&*kind, actor.tenant, automation.id, &automation.value)
            .await?;
        let store = self.ports.tenant(actor.tenant);
        let automations = Documents::<Automation>::of(&*store);
        if automations.count(Automation::ALL, MOST).await? >= MOST {
            let message = format!("at most {MOST} automations can be set up");
            return Err(Error::new(ErrorKind::Rejected, message));
        }
        let mut changes = self.audited(
            actor,
            automation.id,
            Some(&automation.value),
            "automation.created",
        );
        changes.keep(&automation)?.event(Event::AutomationUpdated {
            automation: automation.clone(),
        });
        self.ports.commit(changes).await.map_err(|error| {
            let rule = EntityRow::rule(Automation::KIND, Automation::TOOLS);
            if error.context_value("unique") == Some(rule.as_str()) {
                let message = "these tools are set up already: change what is there";
                return Error::new(ErrorKind::Rejected, message);
            }
            error
        })?;
        Ok(automation)
    }

    /// Changes an automation. Conversations that a scenario is in the middle of go on with the new settings, or to people
    /// if it was switched off.
    pub async fn update(
        &self,
        actor: &Actor,
        id: AutomationId,
        patch: AutomationPatch,
    ) -> Result<Stored<Automation>> {
        actor.require(Permission::AUTOMATIONS_MANAGE)?;
        let mut anew = Anew::unless(patch.version);
        loop {
            match self.try_update(actor, id, patch.clone()).await {
                Err(error) => anew.after(error).await?,
                updated => return updated,
            }
        }
    }

    async fn try_update(
        &self,
        actor: &Actor,
        id: AutomationId,
        patch: AutomationPatch,
    ) -> Result<Stored<Automation>> {
        let before = read(&*self.ports.tenant(actor.tenant), id).await?;
        if patch.version.is_some_and(|version| version != before.version) {
            return Err(Error::conflict("the automation").with("version", before.version));
        }
        let mut value = before.value.clone();
        if let Some(title) = &patch.title {
            value.title = text::title(title)?;
        }
        if let Some(enabled) = patch.enabled {
            value.enabled = enabled;
        }
        if let Some(config) = patch.config {
            let kind = self.ports.automations.get(&value.kind)?;
            let vault = &self.ports.vault;
            let settings = &mut value.settings;
            settings.replace(&*kind, vault, actor.tenant, config).await?;
            self.open(&*kind, actor.tenant, id, &value).await?;
        }
        if value == before.value {
            return Ok(before);
        }
        let automation = before.next(value, self.ports.now());
        let mut changes = self.audited(actor, id, Some(&automation.value), "automation.updated");
        changes.keep(&automation)?.event(Event::AutomationUpdated {
            automation: automation.clone(),
        });
        self.ports.commit(changes).await?;
        self.ports.open_automations.forget(id);
        Ok(automation)
    }

    /// Removes an automation, also one that is stored damaged. Conversations that a scenario is in the middle of go to people.
    ///
    /// # Errors
    /// `Rejected` as long as an inbox has the scenario answer.
    pub async fn delete(&self, actor: &Actor, id: AutomationId) -> Result<()> {
        actor.require(Permission::AUTOMATIONS_MANAGE)?;
        let mut anew = Anew::unless(None);
        loop {
            match self.try_delete(actor, id).await {
                Err(error) => anew.after(error).await?,
                deleted => return deleted,
            }
        }
    }

    async fn try_delete(&self, actor: &Actor, id: AutomationId) -> Result<()> {
        let store = self.ports.tenant(actor.tenant);
        let row = Documents::<Automation>::of(&*store).row(id).await?;
        let row = row.ok_or_else(|| Error::not_found("automation"))?;
        let inboxes = store.list_inboxes().await?;
        if let Some(inbox) = inboxes.iter().find(|inbox| inbox.scenario == Some(id)) {
            let message = format!(
                "it answers in the inbox «{}»: choose another there first",
                inbox.title
            );
            return Err(Error::new(ErrorKind::Rejected, message).with("inbox", inbox.id));
        }
        let before: Option<Automation> = row.read().ok();
        let mut changes = self.audited(actor, id, before.as_ref(), "automation.deleted");
        changes
            .discard(row)
            .event(Event::AutomationDeleted { automation: id });
        self.ports.commit(changes).await?;
        self.ports.open_automations.forget(id);
        Ok(())
    }

    /// Tries whether a kind that is about to be registered can use the settings of every automation of its name. Crosses
    /// tenants: only the host's own work may do so.
    ///
    /// # Errors
    /// What is wrong with the first whose settings it cannot use, in a sentence that names it.
    pub async fn rehearse(&self, kind: &dyn AutomationKind) -> Result<()> {
        for tenant in self.ports.store.tenants().await? {
            for automation in self.all(tenant.id).await?.items {
                if automation.value.kind != kind.descriptor().kind {
                    continue;
                }
                let settings = &automation.value.settings;
                let tried = settings.rehearse(kind, &self.ports.vault, tenant.id).await;
                tried.map_err(|error| {
                    let text = format!(
                        "the settings of «{}» do not fit: {}",
                        automation.value.title,
                        error.message()
                    );
                    error.with("automation", automation.id).retold(text)
                })?;
            }
        }
        Ok(())
    }

    async fn open(
        &self,
        kind: &dyn AutomationKind,
        tenant: TenantId,
        id: AutomationId,
        automation: &Automation,
    ) -> Result<Opened> {
        let settings = &automation.settings;
        kind.open(AutomationConfig {
            id,
            tenant,
            config: settings.current(kind, &self.ports.vault, tenant).await?,
        })
    }

    /// Nothing is said of one that is damaged but its id.
    fn audited(
        &self,
        actor: &Actor,
        id: AutomationId,
        automation: Option<&Automation>,
        action: &str,
    ) -> Changes {
        let mut changes = Changes::by(actor);
        let details = automation.map_or(json!({}), |automation| {
            json!({
                "kind": automation.kind, "title": automation.title, "enabled": automation.enabled,
            })
        });
        let entry = audit::entry(&*self.ports.clock, actor, action, id, details);
        changes.put(Row::Audit(entry));
        changes
    }
}
