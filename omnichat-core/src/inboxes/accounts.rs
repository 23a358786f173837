//! Opened channel accounts, kept so that a webhook need not read and decrypt its inbox each time.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use super::model::Inbox;
use crate::channel::{AccountConfig, Channel, ChannelKind, ChannelRegistry};
use crate::clock::{Clock, Timestamp};
use crate::error::{Error, ErrorKind, Result};
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
/// is seen; a change made here drops its entry at once. An account whose kind was replaced is opened anew.
#[derive(Default)]
pub struct Accounts {
    open: RwLock<HashMap<InboxId, Opened>>,
}

/// An opened account, with what it was opened by and when it was last compared with the store.
#[derive(Clone)]
struct Opened {
    account: Arc<Account>,
    kind: Arc<dyn ChannelKind>,
    seen: Timestamp,
}

impl Accounts {
    /// For how long an entry is used without a look at the store.
    const FRESH: Duration = Duration::from_secs(5);

    /// The account of an inbox. `NotFound` if there is no such inbox, `Unavailable` if its kind is switched off.
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
        let known = known.filter(|known| {
            let kind = registry.find(&known.account.inbox.kind);
            kind.is_some_and(|kind| Arc::ptr_eq(&kind, &known.kind))
        });
        if let Some(known) = &known
            && now.since(known.seen) < Self::FRESH
        {
            return Ok(known.account.clone());
        }
        let tenant = match &known {
            Some(known) => known.account.inbox.tenant,
            None => store
                .inbox_owner(inbox)
                .await?
                .ok_or_else(|| Error::not_found("inbox"))?,
        };
        let Some(row) = store.tenant(tenant).find_inbox(inbox).await? else {
            self.forget(inbox);
            return Err(Error::not_found("inbox"));
        };
        let (account, kind) = match known {
            Some(known) if known.account.inbox.version == row.version => (known.account, known.kind),
            // A change of health or title must not throw away what the channel remembers (rate limits, uploaded files).
            Some(known) if same_settings(&known.account.inbox, &row) => {
                let channel = known.account.channel.clone();
                (Arc::new(Account { inbox: row, channel }), known.kind)
            }
            _ => {
                let kind = registry.find(&row.kind).ok_or_else(|| switched_off(&row))?;
                let channel = open(&*kind, vault, &row).await?;
                (Arc::new(Account { inbox: row, channel }), kind)
            }
        };
        let opened = Opened {
            account: account.clone(),
            kind,
            seen: now,
        };
        let mut map = self
            .open
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        map.insert(inbox, opened);
        Ok(account)
    }

    /// The account of an inbox as it was seen just now, if it was.
    pub(crate) fn fresh(&self, inbox: InboxId, now: Timestamp) -> Option<Arc<Account>> {
        let known = self
            .read(inbox)
            .filter(|known| now.since(known.seen) < Self::FRESH);
        known.map(|opened| opened.account)
    }

    /// Looks at the store at the next use.
    pub fn refresh(&self, inbox: InboxId) {
        let mut map = self
            .open
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(opened) = map.get_mut(&inbox) {
            opened.seen = Timestamp::default();
        }
    }

    /// Drops an entry.
    pub fn forget(&self, inbox: InboxId) {
        self.open
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .remove(&inbox);
    }

    fn read(&self, inbox: InboxId) -> Option<Opened> {
        self.open
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .get(&inbox)
            .cloned()
    }
}

fn same_settings(a: &Inbox, b: &Inbox) -> bool {
    a.kind == b.kind && a.settings == b.settings && a.proxy == b.proxy
}

/// Why an inbox cannot be opened whose kind is not there: a plugin that is disabled comes back.
fn switched_off(inbox: &Inbox) -> Error {
    let message = format!("channels of kind «{}» are switched off", inbox.kind);
    Error::new(ErrorKind::Unavailable, message)
        .surely_not_sent()
        .with("inbox", inbox.id)
        .with("switched_off", &inbox.kind)
}

/// Whether an account could not be had because its kind is not there. Work for it waits until it is; it does not fail.
pub fn is_switched_off(error: &Error) -> bool {
    error.context_value("switched_off").is_some()
}

/// Opens the channel of an inbox by its kind.
pub(super) async fn open(kind: &dyn ChannelKind, vault: &Vault, inbox: &Inbox) -> Result<Arc<dyn Channel>> {
    let config = inbox.settings.current(kind, vault, inbox.tenant).await?;
    let proxy_url = match &inbox.proxy {
        Some(sealed) => Some(text(vault.open(inbox.tenant, sealed)?)?),
        None => None,
    };
    kind.open(AccountConfig {
        inbox: inbox.id,
        config,
        proxy_url,
    })
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
