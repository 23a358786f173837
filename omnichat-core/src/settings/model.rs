//! Settings as they are kept.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::kind::Kind;
use super::schema;
use crate::error::{Error, Result};
use crate::id::TenantId;
use crate::limits;
use crate::text::is_deeper;
use crate::vault::{Sealed, Vault};

/// The settings of one thing that a tenant has set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The public part, by the kind's schema.
    pub config: Value,
    /// The version of the kind that checked them, see [`crate::channel::Descriptor::version`]; none if nobody has, or if
    /// that was before kinds had versions.
    #[serde(default)]
    pub config_version: Option<String>,
    /// The secret part, encrypted.
    pub secrets: Option<Sealed>,
    /// Names of the secrets that are set, so that a form can say so.
    pub secret_names: Vec<String>,
}

impl Default for Settings {
    /// Nothing is set.
    fn default() -> Self {
        Self {
            config: json!({}),
            config_version: None,
            secrets: None,
            secret_names: Vec::new(),
        }
    }
}

impl Settings {
    /// All of them, secrets included, as the kind of today wants them.
    ///
    /// # Errors
    /// `Invalid` if today's version cannot use them, `Internal` if the host's key is another.
    pub async fn current(&self, kind: &dyn Kind, vault: &Vault, tenant: TenantId) -> Result<Value> {
        let config = self.whole(vault, tenant)?;
        match &self.config_version {
            Some(from) if *from != kind.descriptor().version => kind.migrate(from, config).await,
            _ => Ok(config),
        }
    }

    /// All of them as they were stored, secrets included.
    ///
    /// # Errors
    /// `Internal` if the host's key is another.
    pub fn whole(&self, vault: &Vault, tenant: TenantId) -> Result<Value> {
        let mut config = self.config.clone();
        if let Some(sealed) = &self.secrets {
            let secrets: Value = serde_json::from_slice(&vault.open(tenant, sealed)?)
                .map_err(|e| Error::internal("stored secrets cannot be read").caused_by(e))?;
            if let (Value::Object(config), Value::Object(secrets)) = (&mut config, secrets) {
                config.extend(secrets);
            }
        }
        Ok(config)
    }

    /// Puts others in their place, as a form sends them: public and secret together, a secret that stays as
    /// `{"set": true}`.
    ///
    /// # Errors
    /// `Invalid` with every field that is wrong; nothing has changed then.
    pub async fn replace(
        &mut self,
        kind: &dyn Kind,
        vault: &Vault,
        tenant: TenantId,
        mut config: Value,
    ) -> Result<()> {
        let schema = &kind.descriptor().config_schema;
        if !config.is_object() {
            return Err(Error::invalid_field("config", "type", "settings are an object"));
        }
        let stored = self.current(kind, vault, tenant).await?;
        schema::keep_secrets(schema, &mut config, &stored);
        if is_deeper(&config, limits::DEPTH) {
            let message = format!("settings are nested more than {} deep", limits::DEPTH);
            return Err(Error::invalid_field("config", "depth", message));
        }
        schema::check(schema, &config)?;
        kind.validate(&config).await?;
        let version = Some(kind.descriptor().version.clone());
        let is_migrated = self.config_version != version;
        let (public, secrets) = schema::split(schema, config);
        let before = schema::split(schema, stored).1;
        // Sealed anew only where they changed: what is equal stays equal byte for byte.
        if secrets != before || is_migrated {
            self.secrets = sealed(vault, tenant, &secrets)?;
            self.secret_names = secrets.into_iter().map(|(name, _)| name).collect();
        }
        self.config = public;
        self.config_version = version;
        Ok(())
    }

    /// The same settings as the kind's version of today wants them, for a form; as stored where that version cannot use
    /// them.
    #[must_use]
    pub async fn as_of_today(mut self, kind: &dyn Kind, vault: &Vault, tenant: TenantId) -> Self {
        let descriptor = kind.descriptor();
        let is_current = |version: &String| *version == descriptor.version;
        if self.config_version.as_ref().is_none_or(is_current) {
            return self;
        }
        if let Ok(config) = self.current(kind, vault, tenant).await {
            let (public, secrets) = schema::split(&descriptor.config_schema, config);
            self.config = public;
            self.secret_names = secrets.into_iter().map(|(name, _)| name).collect();
        }
        self
    }

    /// Tries whether a kind that is about to be registered can use them.
    ///
    /// # Errors
    /// `Invalid` with what is wrong.
    pub async fn rehearse(&self, kind: &dyn Kind, vault: &Vault, tenant: TenantId) -> Result<()> {
        let config = self.current(kind, vault, tenant).await?;
        schema::check(&kind.descriptor().config_schema, &config)?;
        kind.validate(&config).await
    }

    /// Seals the secrets under the vault's newest key; whether they were under another.
    ///
    /// # Errors
    /// `Internal` if no key of the vault opens them.
    pub fn reseal(&mut self, vault: &Vault, tenant: TenantId) -> Result<bool> {
        let Some(sealed) = &self.secrets else {
            return Ok(false);
        };
        let anew = vault.reseal(tenant, sealed)?;
        let changed = anew.is_some();
        if changed {
            self.secrets = anew;
        }
        Ok(changed)
    }

    /// What a form shows: the public part, and of the secrets only that they are set.
    pub fn shown(&self) -> Value {
        let mut shown = self.config.clone();
        if let Value::Object(fields) = &mut shown {
            let set = |name: &String| (name.clone(), json!({ "set": true }));
            fields.extend(self.secret_names.iter().map(set));
        }
        shown
    }
}

fn sealed(vault: &Vault, tenant: TenantId, secrets: &Map<String, Value>) -> Result<Option<Sealed>> {
    if secrets.is_empty() {
        return Ok(None);
    }
    let text = Value::Object(secrets.clone()).to_string();
    vault.seal(tenant, text.as_bytes()).map(Some)
}
