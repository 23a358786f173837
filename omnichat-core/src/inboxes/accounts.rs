//! Opened channel accounts, kept so that a webhook need not read and decrypt its inbox each time.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use serde_json::Value;

use super::model::Inbox;
use crate::channel::{AccountConfig, Channel, ChannelRegistry};
use crate::clock::{Clock, Timestamp};
use crate::error::{Error, Result};
use crate::id::{InboxId, TenantId};
use crate::store::Store;
use crate::vault::Vault;

/// An inbox with its opened channel.
pub struct Account {
    /// The inbox as it was when the channel was opened.
    pub inbox: Inbox,
    /// The channel.
    pub channel: Arc<dyn Channel>,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account")
            .field("inbox", &self.inbox.id)
            .field("kind", &self.inbox.kind)
            .finish_non_exhaustive()
    }
}

/// Opened accounts by inbox. An entry is looked at again after five seconds, so that a change made on another node
/// is seen; a change made here drops its entry at once.
#[derive(Default)]
pub struct Accounts {
    open: RwLock<HashMap<InboxId, (Arc<Account>, Timestamp)>>,
}

impl Accounts {
    /// For how long an entry is used without a look at the store.
    const FRESH: Duration = Duration::from_secs(5);

    /// The account of an inbox. `NotFound` if there is no such inbox.
    pub async fn get(
        &self,
        store: &dyn Store,
        registry: &ChannelRegistry,
        vault: &Vault,
        clock: &dyn Clock,
        inbox: InboxId,
    ) -> Result<Arc<Account>> {
        let now = clock.now();
        let known = self.read(inbox);
        if let Some((account, seen)) = &known
            && now.since(*seen) < Self::FRESH
        {
            return Ok(account.clone());
        }
        let tenant = match &known {
            Some((account, _)) => account.inbox.tenant,
            None => store
                .inbox_owner(inbox)
                .await?
                .ok_or_else(|| Error::not_found("inbox"))?,
        };
        let Some(row) = store.tenant(tenant).find_inbox(inbox).await? else {
            self.forget(inbox);
            return Err(Error::not_found("inbox"));
        };
        let account = match known {
            Some((account, _)) if account.inbox.version == row.version => account,
            // A change of health or title must not throw away what the channel remembers (rate limits, uploaded files).
            Some((account, _)) if same_settings(&account.inbox, &row) => Arc::new(Account {
                inbox: row,
                channel: account.channel.clone(),
            }),
            _ => Arc::new(Account {
                channel: open(registry, vault, &row)?,
                inbox: row,
            }),
        };
        let mut map = self
            .open
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        map.insert(inbox, (account.clone(), now));
        Ok(account)
    }

    /// Looks at the store at the next use.
    pub fn refresh(&self, inbox: InboxId) {
        let mut map = self
            .open
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((_, seen)) = map.get_mut(&inbox) {
            *seen = Timestamp::default();
        }
    }

    /// Drops an entry.
    pub fn forget(&self, inbox: InboxId) {
        self.open
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .remove(&inbox);
    }

    fn read(&self, inbox: InboxId) -> Option<(Arc<Account>, Timestamp)> {
        self.open
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .get(&inbox)
            .cloned()
    }
}

fn same_settings(a: &Inbox, b: &Inbox) -> bool {
    a.kind == b.kind && a.config == b.config && a.secrets == b.secrets && a.proxy == b.proxy
}

pub(super) fn open(registry: &ChannelRegistry, vault: &Vault, inbox: &Inbox) -> Result<Arc<dyn Channel>> {
    let config = whole_config(vault, inbox)?;
    let proxy_url = match &inbox.proxy {
        Some(sealed) => Some(text(vault.open(inbox.tenant, sealed)?)?),
        None => None,
    };
    registry.get(&inbox.kind)?.open(AccountConfig {
        inbox: inbox.id,
        config,
        proxy_url,
    })
}

/// All settings of an inbox, secrets included.
pub(super) fn whole_config(vault: &Vault, inbox: &Inbox) -> Result<Value> {
    let mut config = inbox.config.clone();
    if let Some(sealed) = &inbox.secrets {
        let secrets: Value =
            serde_json::from_str(&text(vault.open(inbox.tenant, sealed)?)?).map_err(|e| {
                Error::internal("stored secrets cannot be read")
                    .with("inbox", inbox.id)
                    .caused_by(e)
            })?;
        if let (Value::Object(config), Value::Object(secrets)) = (&mut config, secrets) {
            config.extend(secrets);
        }
    }
    Ok(config)
}

fn text(bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|e| Error::internal("a stored secret is no text").caused_by(e))
}

/// A proxy's address without user and password, for people.
pub(super) fn proxy_label(tenant_secret: &str) -> String {
    match (tenant_secret.split_once("://"), tenant_secret.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        _ => tenant_secret.to_owned(),
    }
}

/// Encrypts a text for a tenant.
pub(super) fn seal(vault: &Vault, tenant: TenantId, secret: &str) -> Result<crate::vault::Sealed> {
    vault.seal(tenant, secret.as_bytes())
}
