//! Adding, changing and testing inboxes.

use std::sync::Arc;

use serde_json::{Value, json};

use super::accounts::{Account, proxy_label, seal};
use super::model::{AppAccount, Health, HealthState, Inbox, InboxPatch, NewInbox};
use crate::actor::{Actor, Permission};
use crate::anew::Anew;
use crate::audit;
use crate::automations::{Automation, AutomationRole};
use crate::change::{Changes, Removal, Row};
use crate::channel::{AccountConfig, AccountInfo, Action, AppAccounts, Channel, ChannelKind, Descriptor};
use crate::entities::Documents;
use crate::error::{Error, ErrorKind, Result};
use crate::event::Event;
use crate::id::{AutomationId, InboxId, TenantId};
use crate::job::kinds;
use crate::ports::Ports;
use crate::settings::{self, Settings};
use crate::{limits, text};

/// Reads and changes inboxes for an actor.
#[derive(Clone, Debug)]
pub struct InboxService {
    ports: Arc<Ports>,
}

impl InboxService {
    /// A service over an engine's ports.
    pub fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// The kinds of channels there are.
    pub fn kinds(&self) -> Vec<Descriptor> {
        let kinds = self.ports.channels.all();
        kinds.iter().map(|kind| kind.descriptor().clone()).collect()
    }

    /// An inbox.
    pub async fn get(&self, actor: &Actor, id: InboxId) -> Result<Inbox> {
        actor.require(Permission::INBOXES_READ)?;
        let inbox = self.find(actor, id).await?;
        Ok(self.as_of_today(inbox).await)
    }

    /// Every inbox, oldest first.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<Inbox>> {
        actor.require(Permission::INBOXES_READ)?;
        let mut inboxes = self.ports.tenant(actor.tenant).list_inboxes().await?;
        inboxes.retain(|inbox| actor.reaches(inbox.id));
        for inbox in &mut inboxes {
            *inbox = self.as_of_today(inbox.clone()).await;
        }
        Ok(inboxes)
    }

    /// An inbox with its settings as its kind's version of today wants them; as stored where that version cannot use them.
    async fn as_of_today(&self, mut inbox: Inbox) -> Inbox {
        let Some(kind) = self.ports.channels.find(&inbox.kind) else {
            return inbox;
        };
        let settings = std::mem::take(&mut inbox.settings);
        inbox.settings = settings
            .as_of_today(&*kind, &self.ports.vault, inbox.tenant)
            .await;
        inbox
    }

    /// Every inbox of a tenant, oldest first, as it is stored. Asks for no right: it is for naming the channels of what somebody is shown
    /// who has been asked for it.
    pub async fn stored(&self, tenant: TenantId) -> Result<Vec<Inbox>> {
        self.ports.tenant(tenant).list_inboxes().await
    }

    /// All settings of an inbox as they are stored, its secrets included, for the part of the host that is its channel's other half.
    pub fn whole_settings(&self, inbox: &Inbox) -> Result<Value> {
        inbox.settings.whole(&self.ports.vault, inbox.tenant)
    }

    /// Has the account of an inbox compared with the store at its next use, for whoever knows that something has changed.
    pub fn refresh(&self, id: InboxId) {
        self.ports.accounts.refresh(id);
    }

    /// The opened account of an inbox. Asks for no right, and names the tenant: webhooks and widgets know the inbox alone.
    pub async fn account(&self, id: InboxId) -> Result<Arc<Account>> {
        self.ports.account(id).await
    }

    /// Adds an inbox. Its channel is opened for a trial, so that settings which cannot work are refused at once.
    pub async fn create(&self, actor: &Actor, new: NewInbox) -> Result<Inbox> {
        actor.require(Permission::INBOXES_MANAGE)?;
        let now = self.ports.now();
        let mut inbox = Inbox {
            id: InboxId::generate(&*self.ports.clock),
            tenant: actor.tenant,
            kind: new.kind.clone(),
            title: text::title(&new.title)?,
            enabled: true,
            settings: Settings::default(),
            app: None,
            scenario: self.scenario(actor, new.scenario).await?,
            routing: new.routing,
            proxy: None,
            proxy_label: None,
            health: Health::default(),
            webhook_url: None,
            generation: 0,
            created_at: now,
            version: 1,
        };
        self.set_config(&mut inbox, new.config).await?;
        self.set_proxy(&mut inbox, new.proxy_url.as_deref())?;
        let channel = self.open(&inbox).await?;
        let mut changes = Changes::by(actor);
        let details = json!({ "kind": inbox.kind, "title": inbox.title });
        let entry = audit::entry(&*self.ports.clock, actor, "inbox.created", inbox.id, details);
        changes.put(Row::Audit(entry));
        let inbox = changes.save(None, inbox);
        if channel.capabilities().polling {
            changes.job(kinds::poll(&*self.ports.clock, actor.tenant, inbox.id));
        }
        self.ports.commit(changes).await?;
        Ok(inbox)
    }

    /// Changes an inbox.
    pub async fn update(&self, actor: &Actor, id: InboxId, patch: InboxPatch) -> Result<Inbox> {
        actor.require(Permission::INBOXES_MANAGE)?;
        let mut anew = Anew::unless(patch.version);
        loop {
            match self.try_update(actor, id, patch.clone()).await {
                Err(error) => anew.after(error).await?,
                updated => return updated,
            }
        }
    }

    async fn try_update(&self, actor: &Actor, id: InboxId, patch: InboxPatch) -> Result<Inbox> {
        let before = self.find(actor, id).await?;
        if patch.version.is_some_and(|version| version != before.version) {
            return Err(Error::conflict("the inbox").with("version", before.version));
        }
        let mut inbox = before.clone();
        if let Some(title) = &patch.title {
            inbox.title = text::title(title)?;
        }
        if let Some(enabled) = patch.enabled {
            inbox.enabled = enabled;
        }
        if let Some(routing) = patch.routing {
            inbox.routing = routing;
        }
        if let Some(scenario) = patch.scenario {
            inbox.scenario = self.scenario(actor, scenario).await?;
        }
        if let Some(config) = patch.config {
            self.set_config(&mut inbox, config).await?;
        }
        if let Some(proxy) = &patch.proxy_url {
            self.set_proxy(&mut inbox, proxy.as_deref())?;
        }
        // What was registered brings another account's webhooks.
        if inbox.app != before.app {
            inbox.webhook_url = None;
        }
        if inbox == before {
            return Ok(before);
        }
        let settings_changed = inbox.settings != before.settings || inbox.proxy != before.proxy;
        if settings_changed {
            inbox.health = Health::default();
        }
        let channel = self.open(&inbox).await?;
        let mut changes = Changes::by(actor);
        let details = json!({
            "title": inbox.title, "enabled": inbox.enabled, "routing": inbox.routing, "scenario": inbox.scenario,
            "settings_changed": settings_changed,
        });
        changes.put(Row::Audit(audit::entry(
            &*self.ports.clock,
            actor,
            "inbox.updated",
            id,
            details,
        )));
        if inbox.enabled && channel.capabilities().polling && inbox.webhook_url.is_none() {
            changes.job(kinds::poll(&*self.ports.clock, actor.tenant, id));
        }
        if inbox.enabled && channel.capabilities().webhook_registration && inbox.webhook_url.is_some() {
            changes.job(kinds::watch(&*self.ports.clock, actor.tenant, id));
        }
        self.write(&before, inbox, changes).await
    }

    /// Ends what every visitor of an inbox holds: whoever comes from now on comes as a stranger, or proves anew who they are.
    pub async fn sign_out_visitors(&self, actor: &Actor, id: InboxId) -> Result<Inbox> {
        actor.require(Permission::INBOXES_MANAGE)?;
        let mut anew = Anew::unless(None);
        loop {
            let before = self.find(actor, id).await?;
            let mut inbox = before.clone();
            inbox.generation = inbox.generation.wrapping_add(1);
            let mut changes = Changes::by(actor);
            let details = json!({ "title": inbox.title });
            let entry = audit::entry(
                &*self.ports.clock,
                actor,
                "inbox.visitors_signed_out",
                id,
                details,
            );
            changes.put(Row::Audit(entry));
            match self.write(&before, inbox, changes).await {
                Err(error) => anew.after(error).await?,
                written => return written,
            }
        }
    }

    /// Removes an inbox. Its conversations stay; what it still had to send fails.
    pub async fn delete(&self, actor: &Actor, id: InboxId) -> Result<()> {
        actor.require(Permission::INBOXES_MANAGE)?;
        let inbox = self.find(actor, id).await?;
        if inbox.webhook_url.is_some()
            && let Ok(channel) = self.open(&inbox).await
            && let Err(error) = channel.perform(&Action::RemoveWebhook).await
        {
            tracing::warn!(inbox = %id, %error, "the webhook of a removed inbox is still registered with the platform");
        }
        let mut changes = Changes::by(actor);
        let details = json!({ "kind": inbox.kind, "title": inbox.title });
        changes.put(Row::Audit(audit::entry(
            &*self.ports.clock,
            actor,
            "inbox.deleted",
            id,
            details,
        )));
        changes
            .remove(Removal::Inbox(id))
            .event(Event::InboxDeleted { inbox: id });
        self.ports.commit(changes).await?;
        self.ports.accounts.forget(id);
        Ok(())
    }

    /// Asks the platform whether an inbox works, and writes down what it said.
    pub async fn test(&self, actor: &Actor, id: InboxId) -> Result<Result<AccountInfo>> {
        actor.require(Permission::INBOXES_MANAGE)?;
        let before = self.find(actor, id).await?;
        let mut inbox = before.clone();
        let verdict = match self.open(&inbox).await {
            Ok(channel) => channel.check().await,
            Err(error) => Err(error),
        };
        inbox.health = Health {
            state: if verdict.is_ok() {
                HealthState::Ok
            } else {
                HealthState::Failed
            },
            message: verdict.as_ref().err().map(|error| error.message().to_owned()),
            checked_at: Some(self.ports.now()),
        };
        match self.write(&before, inbox, Changes::by(actor)).await {
            Err(error) if error.kind() != ErrorKind::Conflict => Err(error),
            _ => Ok(verdict),
        }
    }

    /// Asks the platform whether settings work that are not stored.
    pub async fn test_settings(
        &self,
        actor: &Actor,
        kind: &str,
        config: &Value,
        proxy_url: Option<&str>,
    ) -> Result<Result<AccountInfo>> {
        actor.require(Permission::INBOXES_MANAGE)?;
        let kind = self.ports.channels.get(kind)?;
        settings::check(&kind.descriptor().config_schema, config)?;
        kind.validate(config).await?;
        check_proxy(proxy_url)?;
        let account = AccountConfig {
            inbox: InboxId::generate(&*self.ports.clock),
            config: config.clone(),
            proxy_url: proxy_url.map(str::to_owned),
        };
        Ok(kind.open(account)?.check().await)
    }

    /// Registers this host's webhook with the platform. `base_url` is the host's public address. From then on the platform is
    /// asked now and then whether it is still there, and it is registered again where it is not.
    pub async fn register_webhook(&self, actor: &Actor, id: InboxId, base_url: &str) -> Result<Inbox> {
        actor.require(Permission::INBOXES_MANAGE)?;
        let inbox = self.find(actor, id).await?;
        let url = format!("{}{}", base_url.trim_end_matches('/'), inbox.webhook_path());
        let channel = self.open(&inbox).await?;
        if !channel.capabilities().webhook_registration {
            return Err(Error::new(
                ErrorKind::Rejected,
                "this channel's webhook is set up at the platform itself",
            ));
        }
        channel
            .perform(&Action::RegisterWebhook { url: url.clone() })
            .await?;
        // The platform knows it from now on, whoever else changes the inbox.
        let mut anew = Anew::unless(None);
        loop {
            let before = self.find(actor, id).await?;
            let mut inbox = before.clone();
            inbox.webhook_url = Some(url.clone());
            let mut changes = Changes::by(actor);
            if inbox.enabled {
                changes.job(kinds::watch(&*self.ports.clock, actor.tenant, id));
            }
            changes.put(Row::Audit(audit::entry(
                &*self.ports.clock,
                actor,
                "inbox.webhook_registered",
                id,
                json!({ "url": url }),
            )));
            match self.write(&before, inbox, changes).await {
                Err(error) => anew.after(error).await?,
                written => return written,
            }
        }
    }

    /// Removes the webhook from the platform; where the channel can, news are polled from then on.
    pub async fn remove_webhook(&self, actor: &Actor, id: InboxId) -> Result<Inbox> {
        actor.require(Permission::INBOXES_MANAGE)?;
        let inbox = self.find(actor, id).await?;
        let channel = self.open(&inbox).await?;
        channel.perform(&Action::RemoveWebhook).await?;
        let mut anew = Anew::unless(None);
        loop {
            let before = self.find(actor, id).await?;
            let mut inbox = before.clone();
            inbox.webhook_url = None;
            let mut changes = Changes::by(actor);
            changes.put(Row::Audit(audit::entry(
                &*self.ports.clock,
                actor,
                "inbox.webhook_removed",
                id,
                json!({}),
            )));
            if inbox.enabled && channel.capabilities().polling {
                changes.job(kinds::poll(&*self.ports.clock, actor.tenant, id));
            }
            match self.write(&before, inbox, changes).await {
                Err(error) => anew.after(error).await?,
                written => return written,
            }
        }
    }

    /// Tries whether a kind that is about to be registered can use the settings of every inbox of its name. Crosses tenants:
    /// only the host's own work may do so.
    ///
    /// # Errors
    /// What is wrong with the first inbox whose settings it cannot use, in a sentence that names the inbox.
    pub async fn rehearse(&self, kind: &dyn ChannelKind) -> Result<()> {
        let descriptor = kind.descriptor();
        for tenant in self.ports.store.tenants().await? {
            for inbox in self.ports.tenant(tenant.id).list_inboxes().await? {
                if inbox.kind != descriptor.kind {
                    continue;
                }
                let named = |error: Error| {
                    let text = format!(
                        "the settings of the inbox «{}» do not fit: {}",
                        inbox.title,
                        error.message()
                    );
                    error.with("inbox", inbox.id).retold(text)
                };
                let settings = &inbox.settings;
                settings
                    .rehearse(kind, &self.ports.vault, inbox.tenant)
                    .await
                    .map_err(named)?;
            }
        }
        Ok(())
    }

    /// What an inbox can do, by its opened channel; the kind's own word where it cannot be opened.
    pub async fn capabilities(&self, inbox: &Inbox) -> crate::channel::Capabilities {
        match (self.open(inbox).await, self.ports.channels.find(&inbox.kind)) {
            (Ok(channel), _) => channel.capabilities().clone(),
            (Err(_), Some(kind)) => kind.descriptor().capabilities.clone(),
            (Err(_), None) => crate::channel::Capabilities::default(),
        }
    }

    async fn write(&self, before: &Inbox, inbox: Inbox, mut changes: Changes) -> Result<Inbox> {
        let inbox = changes.save(Some(before), inbox);
        self.ports.commit(changes).await?;
        self.ports.accounts.refresh(inbox.id);
        Ok(inbox)
    }

    async fn find(&self, actor: &Actor, id: InboxId) -> Result<Inbox> {
        self.ports
            .tenant(actor.tenant)
            .find_inbox(id)
            .await?
            .filter(|inbox| actor.reaches(inbox.id))
            .ok_or_else(|| Error::not_found("inbox"))
    }

    async fn open(&self, inbox: &Inbox) -> Result<Arc<dyn Channel>> {
        let kind = self.ports.channels.get(&inbox.kind)?;
        super::accounts::open(&*kind, &self.ports.vault, inbox).await
    }

    async fn set_config(&self, inbox: &mut Inbox, config: Value) -> Result<()> {
        let kind = self.ports.channels.get(&inbox.kind)?;
        let vault = &self.ports.vault;
        inbox
            .settings
            .replace(&*kind, vault, inbox.tenant, config)
            .await?;
        inbox.app = match &kind.descriptor().app {
            Some(names) => app_account(names, &inbox.settings.config)?,
            None => None,
        };
        Ok(())
    }

    /// A scenario that may answer on an inbox.
    async fn scenario(&self, actor: &Actor, id: Option<AutomationId>) -> Result<Option<AutomationId>> {
        let Some(id) = id else { return Ok(None) };
        let unknown = |text: &str| Error::invalid_field("scenario", "unknown", text);
        let store = self.ports.tenant(actor.tenant);
        let found = Documents::<Automation>::of(&*store).find(id).await?;
        let automation = found.ok_or_else(|| unknown("there is no such scenario"))?;
        match automation.value.role {
            AutomationRole::Scenario => Ok(Some(id)),
            AutomationRole::Tools => Err(unknown("tools do not answer customers")),
        }
    }

    fn set_proxy(&self, inbox: &mut Inbox, proxy_url: Option<&str>) -> Result<()> {
        let proxy_url = proxy_url.map(str::trim).filter(|url| !url.is_empty());
        // The label comes back from a form that was not touched.
        if proxy_url.is_some() && proxy_url == inbox.proxy_label.as_deref() {
            return Ok(());
        }
        check_proxy(proxy_url)?;
        inbox.proxy_label = proxy_url.map(proxy_label);
        inbox.proxy = match proxy_url {
            Some(url) => Some(seal(&self.ports.vault, inbox.tenant, url)?),
            None => None,
        };
        Ok(())
    }
}

/// Whose webhooks these settings are about; none while one of the two ids is not given.
fn app_account(names: &AppAccounts, config: &Value) -> Result<Option<AppAccount>> {
    let id = |name: &str| match config.get(name) {
        Some(Value::String(text)) => Some(text.trim().to_owned()).filter(|id| !id.is_empty()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let (Some(app), Some(account)) = (id(&names.app), id(&names.account)) else {
        return Ok(None);
    };
    let wrong =
        |name: &str, message: String| Err(Error::invalid_field(&format!("config.{name}"), "format", message));
    if !AppAccount::is_app(&app) {
        let message = format!(
            "an app's id has 1 to {} letters, digits, dots, dashes, tildes and underscores",
            limits::APP
        );
        return wrong(&names.app, message);
    }
    if !AppAccount::is_account(&account) {
        return wrong(
            &names.account,
            format!("an account's id has 1 to {} bytes", limits::ID),
        );
    }
    Ok(Some(AppAccount { app, account }))
}

fn check_proxy(proxy_url: Option<&str>) -> Result<()> {
    let Some(url) = proxy_url else { return Ok(()) };
    let right = ["http://", "https://", "socks5://", "socks5h://"]
        .iter()
        .find_map(|scheme| url.strip_prefix(scheme))
        .is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace) && !rest.contains('…'));
    match right {
        true => Ok(()),
        false => {
            let message = "an address of the form http://user:password@host:port or socks5://host:port";
            Err(Error::invalid_field("proxy_url", "format", message))
        }
    }
}
