//! A widget's inbox, with its settings.

use std::sync::Arc;

use omnichat_channels::widget::{KIND, WidgetConfig};
use omnichat_core::Engine;
use omnichat_core::error::{Error, Result};
use omnichat_core::id::{InboxId, TenantId};
use omnichat_core::inboxes::accounts::Account;

use super::token::trace;

/// A widget's inbox that is switched on.
#[derive(Clone)]
pub(super) struct Site {
    pub(super) account: Arc<Account>,
    pub(super) config: WidgetConfig,
}

impl std::fmt::Debug for Site {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Site")
            .field("inbox", &self.account.inbox.id)
            .finish_non_exhaustive()
    }
}

impl Site {
    /// The site of an inbox. `NotFound` for an inbox of another channel or one that is switched off.
    pub(super) async fn open(engine: &Engine, inbox: InboxId) -> Result<Self> {
        let account = engine.inboxes().account(inbox).await?;
        if account.inbox.kind != KIND || !account.inbox.enabled {
            return Err(Error::not_found("widget"));
        }
        let config = WidgetConfig::read(&engine.inboxes().whole_settings(&account.inbox)?)?;
        Ok(Self { account, config })
    }

    /// The same site as it is now.
    pub(super) async fn reopened(&self, engine: &Engine) -> Result<Self> {
        engine.inboxes().refresh(self.inbox());
        Self::open(engine, self.inbox()).await
    }

    pub(super) fn inbox(&self) -> InboxId {
        self.account.inbox.id
    }

    /// What tokens of its visitors must name.
    pub(super) fn generation(&self) -> u32 {
        self.account.inbox.generation
    }

    /// What tokens of its proved visitors must name.
    pub(super) fn secret_trace(&self) -> String {
        trace(&self.config.identity_secret)
    }

    pub(super) fn tenant(&self) -> TenantId {
        self.account.inbox.tenant
    }

    /// Whether a visitor who writes now meets somebody: an operator, or a scenario.
    pub(super) async fn is_online(&self, engine: &Engine) -> Result<bool> {
        Ok(self.has_scenario() || engine.visitors().anybody_online(self.tenant()).await?)
    }

    /// Whether a scenario answers, at any hour.
    pub(super) fn has_scenario(&self) -> bool {
        self.account.inbox.scenario.is_some()
    }
}
