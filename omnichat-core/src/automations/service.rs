//! Setting up, changing and removing automations.

use std::sync::Arc;

use serde_json::json;

use super::kind::{AutomationConfig, AutomationKind, Opened};
use super::model::{Automation, AutomationPatch, AutomationRole, NewAutomation, ToolName};
use super::opened::{find, read};
use super::tool::ToolSpec;
use crate::actor::{Actor, Permission};
use crate::anew::Anew;
use crate::audit;
use crate::change::{Changes, Removal, Row};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Event;
use crate::id::AutomationId;
use crate::ports::Ports;
use crate::records::{Record, RecordType};
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
    pub async fn get(&self, actor: &Actor, id: AutomationId) -> Result<Automation> {
        actor.require(Permission::AUTOMATIONS_MANAGE)?;
        let automation = read(&*self.ports.tenant(actor.tenant), id).await?;
        Ok(self.as_of_today(automation).await)
    }

    /// Every automation, oldest first.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<Automation>> {
        actor.require(Permission::AUTOMATIONS_MANAGE)?;
        let store = self.ports.tenant(actor.tenant);
        let mut automations = Vec::new();
        for record in store.list_records(Automation::KIND, "", MOST).await? {
            automations.push(self.as_of_today(record.read()?).await);
        }
        automations.sort_by_key(|automation| (automation.created_at, automation.id));
        Ok(automations)
    }

    async fn as_of_today(&self, mut automation: Automation) -> Automation {
        if let Some(kind) = self.ports.automations.find(&automation.kind) {
            let settings = std::mem::take(&mut automation.settings);
            automation.settings = settings
                .as_of_today(&*kind, &self.ports.vault, automation.tenant)
                .await;
        }
        automation
    }

    /// The tools of an automation; none if it is a scenario, or cannot say at the moment.
    pub async fn tools(&self, automation: &Automation) -> Vec<ToolSpec> {
        let Ok(ready) = self.ports.automation(automation.tenant, automation.id).await else {
            return Vec::new();
        };
        ready.tools().await.map(<[ToolSpec]>::to_vec).unwrap_or_default()
    }

    /// Sets an automation up. It is opened for a trial, so that settings which cannot work are refused at once.
    ///
    /// # Errors
    /// `Invalid` with the fields; `Rejected` for a second toolbox of a kind, since tools are called by its name.
    pub async fn create(&self, actor: &Actor, new: NewAutomation) -> Result<Automation> {
        actor.require(Permission::AUTOMATIONS_MANAGE)?;
        let kind = self.ports.automations.get(&new.kind)?;
        let (clock, now) = (&*self.ports.clock, self.ports.now());
        let mut automation = Automation {
            id: AutomationId::generate(clock),
            tenant: actor.tenant,
            kind: new.kind,
            role: kind.role(),
            title: text::title(&new.title)?,
            enabled: true,
            settings: Settings::default(),
            created_at: now,
            version: 1,
        };
        let vault = &self.ports.vault;
        let settings = &mut automation.settings;
        settings.replace(&*kind, vault, actor.tenant, new.config).await?;
        self.open(&*kind, &automation).await?;
        let store = self.ports.tenant(actor.tenant);
        if store.list_records(Automation::KIND, "", MOST).await?.len() >= MOST as usize {
            let message = format!("at most {MOST} automations can be set up");
            return Err(Error::new(ErrorKind::Rejected, message));
        }
        let mut changes = self.audited(actor, &automation, "automation.created");
        if automation.role == AutomationRole::Tools {
            let name = ToolName {
                automation: automation.id,
            };
            let record = Record::new(actor.tenant, &automation.kind, &name, now)?;
            changes.put(Row::Record(record));
        }
        let record = Record::new(actor.tenant, automation.id.to_string(), &automation, now)?;
        changes.put(Row::Record(record)).event(Event::AutomationUpdated {
            automation: automation.clone(),
        });
        match self.ports.commit(changes).await {
            // Ids are new: only the name of the toolbox can be there already.
            Err(error) if error.kind() == ErrorKind::Conflict => {
                let message = "these tools are set up already: change what is there";
                Err(Error::new(ErrorKind::Rejected, message))
            }
            outcome => outcome.map(|_| automation),
        }
    }

    /// Changes an automation. Conversations that a scenario is in the middle of go on with the new settings, or to people
    /// if it was switched off.
    pub async fn update(
        &self,
        actor: &Actor,
        id: AutomationId,
        patch: AutomationPatch,
    ) -> Result<Automation> {
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
    ) -> Result<Automation> {
        let record = find(&*self.ports.tenant(actor.tenant), id).await?;
        let before: Automation = record.read()?;
        if patch.version.is_some_and(|version| version != before.version) {
            return Err(Error::conflict("the automation").with("version", before.version));
        }
        let mut automation = before.clone();
        if let Some(title) = &patch.title {
            automation.title = text::title(title)?;
        }
        if let Some(enabled) = patch.enabled {
            automation.enabled = enabled;
        }
        if let Some(config) = patch.config {
            let kind = self.ports.automations.get(&automation.kind)?;
            let vault = &self.ports.vault;
            let settings = &mut automation.settings;
            settings.replace(&*kind, vault, actor.tenant, config).await?;
            self.open(&*kind, &automation).await?;
        }
        if automation == before {
            return Ok(before);
        }
        automation.version += 1;
        let mut changes = self.audited(actor, &automation, "automation.updated");
        changes
            .put(Row::Record(record.next(&automation, self.ports.now())?))
            .event(Event::AutomationUpdated {
                automation: automation.clone(),
            });
        self.ports.commit(changes).await?;
        self.ports.open_automations.forget(id);
        Ok(automation)
    }

    /// Removes an automation. Conversations that a scenario is in the middle of go to people.
    ///
    /// # Errors
    /// `Rejected` as long as an inbox has the scenario answer.
    pub async fn delete(&self, actor: &Actor, id: AutomationId) -> Result<()> {
        actor.require(Permission::AUTOMATIONS_MANAGE)?;
        let store = self.ports.tenant(actor.tenant);
        let automation = read(&*store, id).await?;
        let inboxes = store.list_inboxes().await?;
        if let Some(inbox) = inboxes.iter().find(|inbox| inbox.scenario == Some(id)) {
            let message = format!(
                "it answers in the inbox «{}»: choose another there first",
                inbox.title
            );
            return Err(Error::new(ErrorKind::Rejected, message).with("inbox", inbox.id));
        }
        let mut changes = self.audited(actor, &automation, "automation.deleted");
        let removal = |kind: &str, key: String| Removal::Record {
            kind: kind.to_owned(),
            key,
        };
        changes.remove(removal(Automation::KIND, id.to_string()));
        if automation.role == AutomationRole::Tools {
            changes.remove(removal(ToolName::KIND, automation.kind));
        }
        changes.event(Event::AutomationDeleted { automation: id });
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
            let store = self.ports.tenant(tenant.id);
            for record in store.list_records(Automation::KIND, "", MOST).await? {
                let automation: Automation = record.read()?;
                if automation.kind != kind.descriptor().kind {
                    continue;
                }
                let settings = &automation.settings;
                let tried = settings.rehearse(kind, &self.ports.vault, tenant.id).await;
                tried.map_err(|error| {
                    let text = format!(
                        "the settings of «{}» do not fit: {}",
                        automation.title,
                        error.message()
                    );
                    error.with("automation", automation.id).retold(text)
                })?;
            }
        }
        Ok(())
    }

    async fn open(&self, kind: &dyn AutomationKind, automation: &Automation) -> Result<Opened> {
        let vault = &self.ports.vault;
        let settings = &automation.settings;
        kind.open(AutomationConfig {
            id: automation.id,
            tenant: automation.tenant,
            config: settings.current(kind, vault, automation.tenant).await?,
        })
    }

    fn audited(&self, actor: &Actor, automation: &Automation, action: &str) -> Changes {
        let mut changes = Changes::by(actor);
        let details = json!({
            "kind": automation.kind, "title": automation.title, "enabled": automation.enabled,
        });
        let clock = &*self.ports.clock;
        let entry = audit::entry(clock, actor, action, automation.id, details);
        changes.put(Row::Audit(entry));
        changes
    }
}
