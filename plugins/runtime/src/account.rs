//! One account of a plugin, as its calls see it: settings without secrets, secrets apart, the addresses it may call.

use std::sync::Arc;

use omnichat_core::error::Result;
use omnichat_core::id::InboxId;
use omnichat_core::settings::secret_names;
use omnichat_net::Http;
use omnichat_net::http::Outgoing;
use serde_json::Value;

use crate::breaker::Breakers;
use crate::grants::{AllowList, HostPattern};
use crate::kv::{Owner, Space};
use crate::secrets::Secrets;

/// Settings of a plugin for one inbox or automation.
#[derive(Clone)]
pub struct PluginAccount {
    /// For whom.
    pub owner: Owner,
    /// All settings, secrets included.
    pub config: Value,
    /// Outgoing HTTP or SOCKS5 proxy, password included.
    pub proxy_url: Option<String>,
}

impl PluginAccount {
    /// For an inbox, without a proxy.
    pub fn of_inbox(inbox: InboxId, config: Value) -> Self {
        Self {
            owner: Owner::Inbox(inbox),
            config,
            proxy_url: None,
        }
    }
}

impl std::fmt::Debug for PluginAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PluginAccount")
            .field("owner", &self.owner)
            .finish_non_exhaustive()
    }
}

/// An opened account.
pub(crate) struct Account {
    /// Its name in logs and tables.
    pub(crate) name: String,
    /// Settings as the plugin sees them, JSON.
    pub(crate) shown: String,
    pub(crate) secrets: Secrets,
    pub(crate) allowed: AllowList,
    pub(crate) outgoing: Option<Outgoing>,
    pub(crate) space: Option<Space>,
    pub(crate) breakers: Breakers,
}

impl Account {
    /// Opens one.
    ///
    /// # Errors
    /// `Invalid` for a proxy that is none.
    pub(crate) fn open(
        plugin: &str,
        account: PluginAccount,
        schema: &Value,
        hosts: &[HostPattern],
        http: &Http,
    ) -> Result<Arc<Self>> {
        let mut shown = account.config;
        let secrets = Secrets::take(&mut shown, |name| secret_names(schema).contains(&name));
        Ok(Arc::new(Self {
            name: account.owner.to_string(),
            allowed: AllowList::new(hosts, &shown),
            shown: shown.to_string(),
            secrets,
            outgoing: Some(http.to_anywhere(account.proxy_url.as_deref())?),
            space: Some(Space {
                plugin: plugin.to_owned(),
                owner: account.owner,
            }),
            breakers: Breakers::default(),
        }))
    }

    /// For calls that concern no account: settings as they are given, no network, no store.
    pub(crate) fn nobody(shown: String, secrets: Secrets) -> Arc<Self> {
        Arc::new(Self {
            name: "-".to_owned(),
            shown,
            secrets,
            allowed: AllowList::new(&[], &Value::Null),
            outgoing: None,
            space: None,
            breakers: Breakers::default(),
        })
    }
}
