//! A loaded plugin.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use omnichat_core::automations::{AutomationKind, AutomationRole};
use omnichat_core::channel::{Descriptor, WebhookRequest};
use omnichat_core::error::{Error, Result};
use omnichat_core::settings::secret_names;
use omnichat_net::Http;
use serde_json::Value;
use wasmtime::Engine;

use crate::account::{Account, PluginAccount};
use crate::artefact::cache::Source;
use crate::automation::PluginKindOfAutomation;
use crate::call::Input;
use crate::channel::PluginKindOfChannel;
use crate::descriptor::Described;
use crate::export::Export;
use crate::factors::Services;
use crate::grants::{Grants, HostPattern};
use crate::limits::Limits;
use crate::manifest::{Manifest, PluginKind};
use crate::outcome::Failure;
use crate::permits::Permits;
use crate::secrets::{self, Secrets};
use crate::status::{Health, PluginStatus};
use crate::warm::WarmPool;
use crate::worlds::Template;

/// A loaded plugin: checked, compiled, described. It lives as long as anybody holds it; replacing it by another version
/// does not touch the calls that are under way.
pub struct Plugin {
    pub(crate) manifest: Manifest,
    pub(crate) digest: String,
    pub(crate) grants: Grants,
    pub(crate) descriptor: Descriptor,
    pub(crate) origin: Source,
    pub(crate) hosts: Vec<HostPattern>,
    pub(crate) http: Http,
    pub(crate) engine: Engine,
    pub(crate) template: Arc<dyn Template>,
    pub(crate) services: Services,
    pub(crate) permits: Permits,
    pub(crate) warm: WarmPool,
    pub(crate) health: Health,
    /// Its last call computed for longer than a tick: the next one begins in the slow lane.
    pub(crate) takes_long: AtomicBool,
    /// Accounts that are open, for the status.
    pub(crate) accounts: Mutex<BTreeMap<String, Weak<Account>>>,
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugin")
            .field("id", &self.manifest.id)
            .field("version", &self.manifest.version)
            .field("digest", &self.digest)
            .finish_non_exhaustive()
    }
}

impl Plugin {
    /// What it says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// What it is and can do, in the words of the core; also for scenarios and tools, whose capabilities are empty.
    pub fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    /// SHA-256 of its file, in hex.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// What it was granted.
    pub fn grants(&self) -> &Grants {
        &self.grants
    }

    /// Its limits, after the grants.
    pub fn limits(&self) -> &Limits {
        &self.services.limits
    }

    /// Whether its code was compiled when it was loaded, or came from the host's cache.
    pub fn was_cached(&self) -> bool {
        self.origin == Source::Cached
    }

    /// The kind of channel that it is.
    ///
    /// # Errors
    /// `Invalid` if it is no channel.
    pub fn channel_kind(self: &Arc<Self>) -> Result<Arc<dyn omnichat_core::channel::ChannelKind>> {
        self.expect(PluginKind::Channel)?;
        Ok(Arc::new(PluginKindOfChannel::new(self.clone())))
    }

    /// The kind of automation that it is: a scenario or tools.
    ///
    /// # Errors
    /// `Invalid` if it is a channel.
    pub fn automation_kind(self: &Arc<Self>) -> Result<Arc<dyn AutomationKind>> {
        let role = match self.manifest.kind {
            PluginKind::Scenario => AutomationRole::Scenario,
            PluginKind::Tool => AutomationRole::Tools,
            PluginKind::Channel => {
                let message = "this plugin is a channel, not an automation";
                return Err(Error::invalid_field("plugin", "other_kind", message));
            }
        };
        let plugin = self.clone();
        Ok(Arc::new(PluginKindOfAutomation { plugin, role }))
    }

    /// Its health.
    pub fn status(&self) -> PluginStatus {
        let mut status = self.health.status();
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.retain(|_, account| account.strong_count() > 0);
        for (name, account) in accounts.iter() {
            if let Some(account) = account.upgrade() {
                status
                    .breakers
                    .insert(name.clone(), account.breakers.state().name());
                if let Some(until) = account.breakers.paused_until() {
                    status.paused.insert(name.clone(), until);
                }
            }
        }
        status
    }

    /// Goes on with the last faults, errors and lines of the log of the version that ran before: what went wrong there is why
    /// somebody looks at this one.
    pub fn go_on_from(&self, earlier: PluginStatus) {
        self.health.go_on_from(earlier);
    }

    /// Checks settings beyond what the schema can express. Secrets are shown to the plugin as placeholders.
    ///
    /// # Errors
    /// `Invalid` with the fields under `config.`; a fault as [`Failure::into_core`] says.
    pub async fn validate_config(&self, config: &Value) -> Result<()> {
        let mut shown = config.clone();
        let secrets = self.take_secrets(&mut shown);
        let nobody = Account::nobody(shown.to_string(), secrets);
        let issues = self
            .call(
                Export::ValidateConfig,
                &nobody,
                Input::of(nobody.shown.as_str()),
                |guest, store, config| {
                    Box::pin(async move { guest.common().validate_config(store, config).await })
                },
            )
            .await
            .map_err(Failure::into_core)?;
        if issues.is_empty() {
            return Ok(());
        }
        Err(issues
            .into_iter()
            .fold(Error::invalid("some settings are wrong"), |error, issue| {
                let field = match issue.field.as_str() {
                    "" => "config".to_owned(),
                    field => format!("config.{field}"),
                };
                error.with_field(&field, &issue.code, nobody.secrets.hide_text(issue.message))
            }))
    }

    /// Settings that an earlier version has checked, for this version.
    ///
    /// The names of the earlier version's secrets are not known here: what this version's schema calls a secret, and every
    /// text that it does not know, is shown as a placeholder. A placeholder may be moved to another name, but only to one
    /// that this version's schema calls a secret, so that no secret turns into a plain setting.
    ///
    /// # Errors
    /// `Invalid` if this version cannot use them; a fault as [`Failure::into_core`] says.
    pub async fn migrate_config(&self, from: &str, config: Value) -> Result<Value> {
        let schema = &self.descriptor.config_schema;
        let known = schema.get("properties").and_then(Value::as_object);
        let is_secret = |name: &str| secret_names(schema).contains(&name);
        let mut shown = config;
        let secrets = Secrets::take(&mut shown, |name| {
            is_secret(name) || known.is_none_or(|known| !known.contains_key(name))
        });
        let nobody = Account::nobody(shown.to_string(), secrets);
        let input = (from, nobody.shown.as_str());
        let migrated: String = self
            .call(
                Export::MigrateConfig,
                &nobody,
                Input::of(&input),
                |guest, store, (from, config)| {
                    Box::pin(async move { guest.common().migrate_config(store, from, config).await })
                },
            )
            .await
            .map_err(Failure::into_core)?;
        let mut migrated: Value = serde_json::from_str(&migrated).map_err(|error| {
            Error::invalid(format!(
                "the plugin migrated its settings to what is no JSON: {error}"
            ))
        })?;
        let plain = migrated
            .as_object()
            .into_iter()
            .flatten()
            .find(|(name, value)| value.as_str().and_then(secrets::named).is_some() && !is_secret(name));
        if let Some((name, _)) = plain {
            let message = format!("the plugin wants to turn a secret into the plain setting «{name}»");
            return Err(Error::invalid_field(&format!("config.{name}"), "secret", message));
        }
        match nobody.secrets.restore(&mut migrated).first() {
            None => Ok(migrated),
            Some(name) => Err(Error::invalid_field(
                &format!("config.{name}"),
                "secret",
                format!("the plugin filled the setting «{name}» with a secret that is not set"),
            )),
        }
    }

    /// The accounts of which a webhook at an app's address speaks. Nobody has proved anything yet.
    ///
    /// # Errors
    /// The plugin's own; a fault as [`Failure::into_core`] says.
    pub(crate) async fn addressed(&self, request: &WebhookRequest) -> Result<Vec<String>> {
        let nobody = Account::nobody("{}".to_owned(), Secrets::default());
        self.call(
            Export::Addressed,
            &nobody,
            Input::of(request),
            |guest, store, request| Box::pin(async move { guest.channel()?.addressed(store, request).await }),
        )
        .await
        .map_err(Failure::into_core)
    }

    /// Asks the plugin what it is. It says the same each time, or is broken.
    pub(crate) async fn describe(&self) -> std::result::Result<Described, Failure> {
        let nobody = Account::nobody("{}".to_owned(), Secrets::default());
        self.call(Export::Describe, &nobody, Input::of(&()), |guest, store, ()| {
            Box::pin(async move { guest.common().describe(store).await })
        })
        .await
    }

    /// `Invalid` if it is of another kind.
    pub(crate) fn expect(&self, kind: PluginKind) -> Result<()> {
        if self.manifest.kind == kind {
            return Ok(());
        }
        let message = format!("this plugin is a {}, not a {kind}", self.manifest.kind);
        Err(Error::invalid_field("plugin", "other_kind", message))
    }

    /// Opens an account. Its breaker is new: other settings deserve a new try.
    pub(crate) fn open(&self, account: PluginAccount) -> Result<Arc<Account>> {
        let schema = &self.descriptor.config_schema;
        let opened = Account::open(&self.manifest.id, account, schema, &self.hosts, &self.http)?;
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.retain(|_, account| account.strong_count() > 0);
        accounts.insert(opened.name.clone(), Arc::downgrade(&opened));
        Ok(opened)
    }

    fn take_secrets(&self, config: &mut Value) -> Secrets {
        let schema = &self.descriptor.config_schema;
        Secrets::take(config, |name| secret_names(schema).contains(&name))
    }
}
