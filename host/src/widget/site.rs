//! A widget's inbox, with its settings.

use std::sync::Arc;

use omnichat_channels::widget::{KIND, WidgetConfig};
use omnichat_core::Engine;
use omnichat_core::error::{Error, Result};
use omnichat_core::id::{InboxId, TenantId};
use omnichat_core::inboxes::accounts::Account;
use omnichat_core::operators::OperatorStatus;
use serde_json::Value;

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
        let config = WidgetConfig::read(&settings(engine, &account)?)?;
        Ok(Self { account, config })
    }

    /// The same site as it is now.
    pub(super) async fn reopened(&self, engine: &Engine) -> Result<Self> {
        engine.ports().accounts.refresh(self.inbox());
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
        Ok(self.has_scenario() || is_online(engine, self.tenant()).await?)
    }

    /// Whether a scenario answers, at any hour.
    pub(super) fn has_scenario(&self) -> bool {
        self.account.inbox.scenario.is_some()
    }
}

/// Whether any operator of a tenant takes conversations.
pub(super) async fn is_online(engine: &Engine, tenant: TenantId) -> Result<bool> {
    let operators = engine.ports().tenant(tenant).list_operators().await?;
    Ok(operators
        .iter()
        .any(|operator| operator.status == OperatorStatus::Online && !operator.disabled))
}

/// All settings, the identity secret included.
fn settings(engine: &Engine, account: &Account) -> Result<Value> {
    let inbox = &account.inbox;
    inbox.settings.whole(&engine.ports().vault, inbox.tenant)
}
