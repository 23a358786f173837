//! A configured channel account as it is kept.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::Timestamp;
use crate::id::{AutomationId, InboxId, TenantId};
use crate::limits;
use crate::settings::Settings;
use crate::vault::Sealed;

/// How new conversations of an inbox find an operator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoutingStrategy {
    /// The operator who has waited longest for a conversation.
    RoundRobin,
    /// The operator with the most free capacity.
    #[default]
    LeastLoaded,
    /// Nobody: operators take from the queue themselves.
    Manual,
}

/// What the last contact with the platform said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthState {
    /// Not tried yet.
    #[default]
    Unknown,
    /// Works.
    Ok,
    /// Does not, see the message.
    Failed,
}

/// Whether an account works.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// The verdict.
    pub state: HealthState,
    /// What the platform said.
    pub message: Option<String>,
    /// When it was found out.
    pub checked_at: Option<Timestamp>,
}

/// Whose webhooks bring an inbox its news, where one app of the platform serves many accounts, see
/// [`AppAccounts`](crate::channel::AppAccounts).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppAccount {
    /// The platform's id of the app: letters, digits, `.`, `_`, `~` and `-`.
    pub app: String,
    /// The platform's id of the account.
    pub account: String,
}

/// A configured channel account: one Telegram bot, one widget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// Its id, also its public name in webhook and widget addresses.
    pub id: InboxId,
    /// The tenant.
    pub tenant: TenantId,
    /// The channel: `telegram`, `widget`, …
    pub kind: String,
    /// The name that operators see.
    pub title: String,
    /// Whether it takes and sends messages.
    pub enabled: bool,
    /// The settings, by the channel's schema.
    #[serde(flatten)]
    pub settings: Settings,
    /// The app that brings its webhooks, as its settings said when they were last written; none if its webhooks are its own.
    #[serde(default)]
    pub app: Option<AppAccount>,
    /// The scenario that answers its new conversations first; people do if there is none.
    #[serde(default)]
    pub scenario: Option<AutomationId>,
    /// How its conversations find an operator.
    pub routing: RoutingStrategy,
    /// Outgoing HTTP or SOCKS5 proxy of this account, encrypted because it may hold a password.
    pub proxy: Option<Sealed>,
    /// The proxy's address without its password, for people.
    pub proxy_label: Option<String>,
    /// Whether it works.
    pub health: Health,
    /// The webhook address registered with the platform, if any.
    pub webhook_url: Option<String>,
    /// Rises when everybody who was let in as a visitor is to be let in no more; what a visitor holds names it.
    #[serde(default)]
    pub generation: u32,
    /// When it was created.
    pub created_at: Timestamp,
    /// Row version, from 1.
    pub version: u64,
}

/// The input for a new inbox. `config` holds public and secret settings together, as the form sends them.
#[derive(Clone, Debug)]
pub struct NewInbox {
    /// The channel.
    pub kind: String,
    /// The name that operators see.
    pub title: String,
    /// All settings.
    pub config: Value,
    /// The scenario that answers new conversations first.
    pub scenario: Option<AutomationId>,
    /// How conversations find an operator.
    pub routing: RoutingStrategy,
    /// Outgoing proxy: `http://…` or `socks5://…`.
    pub proxy_url: Option<String>,
}

/// A change of an inbox; what is absent stays. A secret given as `{"set": true}` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct InboxPatch {
    /// New title.
    pub title: Option<String>,
    /// On or off.
    pub enabled: Option<bool>,
    /// New settings, whole.
    pub config: Option<Value>,
    /// Another scenario; `Some(None)` has people answer from the first word.
    pub scenario: Option<Option<AutomationId>>,
    /// New strategy.
    pub routing: Option<RoutingStrategy>,
    /// New proxy; `Some(None)` removes it.
    pub proxy_url: Option<Option<String>>,
    /// The version on which the change is based; not checked if absent.
    pub version: Option<u64>,
}

impl AppAccount {
    /// Whether this can be the id of an app, which is part of an address.
    pub fn is_app(id: &str) -> bool {
        (1..=limits::APP).contains(&id.len())
            && id
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'~' | b'-'))
            && !id.trim_matches('.').is_empty()
    }

    /// Whether this can be the id of an account.
    pub fn is_account(id: &str) -> bool {
        (1..=limits::ID).contains(&id.len()) && !id.contains('\0')
    }
}

impl Inbox {
    /// The path at which its webhooks come.
    pub fn webhook_path(&self) -> String {
        match &self.app {
            Some(of) => format!("/webhooks/apps/{}/{}", self.kind, of.app),
            None => format!("/webhooks/{}", self.id),
        }
    }
}

impl RoutingStrategy {
    /// The stable name, as in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RoundRobin => "round_robin",
            Self::LeastLoaded => "least_loaded",
            Self::Manual => "manual",
        }
    }
}
