//! Inboxes on the wire.

use omnichat_core::Engine;
use omnichat_core::channel::AccountInfo;
use omnichat_core::error::Result;
use omnichat_core::inboxes::Inbox;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::Time;
use super::channel::CapabilitiesView;
use super::names::wire_enum;

wire_enum! {
    /// How new conversations find an operator.
    RoutingStrategy is omnichat_core::inboxes::RoutingStrategy {
        /// The operator who has waited longest for a conversation.
        RoundRobin,
        /// The operator with the most free capacity.
        LeastLoaded,
        /// Nobody: operators take from the queue themselves.
        Manual,
    }
}

wire_enum! {
    /// What the last contact with the platform said.
    HealthState is omnichat_core::inboxes::HealthState {
        /// Not tried yet.
        Unknown,
        /// Works.
        Ok,
        /// Does not.
        Failed,
    }
}

/// A configured channel account.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Inbox)]
pub struct InboxView {
    /// Its id.
    pub id: String,
    /// The channel: `telegram`, `widget`, …
    pub kind: String,
    /// The name that operators see.
    pub title: String,
    /// Whether it takes and sends messages.
    pub enabled: bool,
    /// The settings by the channel's schema. A secret that is set reads `{"set": true}`.
    #[schema(value_type = Object)]
    pub config: Value,
    /// What it can do.
    pub capabilities: CapabilitiesView,
    /// The scenario that answers its new conversations first.
    pub scenario: Option<String>,
    /// How its conversations find an operator.
    pub routing: RoutingStrategy,
    /// The outgoing proxy, without its password.
    pub proxy_url: Option<String>,
    /// Whether it works.
    pub health: HealthView,
    /// The webhook address registered with the platform.
    pub webhook_url: Option<String>,
    /// The path at which its webhooks come, below the host's public address. Inboxes of one app of a platform share it.
    pub webhook_path: String,
    /// Whether its kind is there: without the plugin that brings it, it can do nothing.
    pub available: bool,
    /// When it was created.
    pub created_at: Time,
    /// Rises with each change.
    pub version: u64,
}

/// Whether an inbox works.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Health)]
pub struct HealthView {
    /// The verdict.
    pub state: HealthState,
    /// What the platform said.
    pub message: Option<String>,
    /// When it was found out.
    pub checked_at: Option<Time>,
}

/// What the platform said to a test.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ConnectionTest)]
pub struct ConnectionTestView {
    /// It works.
    pub ok: bool,
    /// Who the platform says we are.
    pub account: Option<AccountView>,
    /// For people.
    pub message: String,
}

/// Who the platform says we are.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Account)]
pub struct AccountView {
    /// Its name.
    pub name: String,
    /// The platform's id of the account.
    pub id: String,
    /// Its public page.
    pub url: Option<String>,
}

impl InboxView {
    /// An inbox with what it can do now.
    pub async fn of(engine: &Engine, inbox: &Inbox) -> Self {
        let capabilities = engine.inboxes().capabilities(inbox).await;
        Self {
            id: inbox.id.to_string(),
            kind: inbox.kind.clone(),
            title: inbox.title.clone(),
            enabled: inbox.enabled,
            config: inbox.settings.shown(),
            capabilities: (&capabilities).into(),
            scenario: inbox.scenario.map(|id| id.to_string()),
            routing: inbox.routing.into(),
            proxy_url: inbox.proxy_label.clone(),
            health: HealthView {
                state: inbox.health.state.into(),
                message: inbox.health.message.clone(),
                checked_at: inbox.health.checked_at.map(Time),
            },
            webhook_url: inbox.webhook_url.clone(),
            webhook_path: inbox.webhook_path(),
            available: engine.channels().find(&inbox.kind).is_some(),
            created_at: inbox.created_at.into(),
            version: inbox.version,
        }
    }
}

impl From<Result<AccountInfo>> for ConnectionTestView {
    fn from(verdict: Result<AccountInfo>) -> Self {
        match verdict {
            Ok(account) => Self {
                ok: true,
                message: format!("connected as {}", account.name),
                account: Some(AccountView {
                    name: account.name,
                    id: account.id,
                    url: account.url,
                }),
            },
            Err(error) => Self {
                ok: false,
                account: None,
                message: error.message().to_owned(),
            },
        }
    }
}
