//! What can be called in a plugin, and what it may ask of the host meanwhile.

use crate::manifest::PluginKind;

/// A function that a plugin exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Export {
    /// `describe`.
    Describe,
    /// `validate-config`.
    ValidateConfig,
    /// `migrate-config`.
    MigrateConfig,
    /// A channel's `check`.
    Check,
    /// A channel's `accept-webhook`.
    AcceptWebhook,
    /// A channel's `addressed`.
    Addressed,
    /// A channel's `parse-webhook`.
    ParseWebhook,
    /// A channel's `poll`.
    Poll,
    /// A channel's `send`.
    Send,
    /// A channel's `perform`.
    Perform,
    /// A channel's `resolve-media`.
    ResolveMedia,
    /// A scenario's `on-event`.
    OnEvent,
    /// A tool plugin's `list-tools`.
    ListTools,
    /// A tool plugin's `call`.
    CallTool,
}

/// What the host answers during a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    /// Nothing: every import says `denied`, or nothing at all.
    Nothing,
    /// Settings, time, log and proofs.
    Surroundings,
    /// Also the network and the store.
    All,
}

impl Export {
    /// Those of a kind of plugin.
    pub const fn all_of(kind: PluginKind) -> &'static [Self] {
        match kind {
            PluginKind::Channel => &[
                Self::Describe,
                Self::ValidateConfig,
                Self::MigrateConfig,
                Self::Check,
                Self::AcceptWebhook,
                Self::Addressed,
                Self::ParseWebhook,
                Self::Poll,
                Self::Send,
                Self::Perform,
                Self::ResolveMedia,
            ],
            PluginKind::Scenario => &[
                Self::Describe,
                Self::ValidateConfig,
                Self::MigrateConfig,
                Self::OnEvent,
            ],
            PluginKind::Tool => &[
                Self::Describe,
                Self::ValidateConfig,
                Self::MigrateConfig,
                Self::ListTools,
                Self::CallTool,
            ],
        }
    }

    /// Its name in the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Describe => "describe",
            Self::ValidateConfig => "validate-config",
            Self::MigrateConfig => "migrate-config",
            Self::Check => "check",
            Self::AcceptWebhook => "accept-webhook",
            Self::Addressed => "addressed",
            Self::ParseWebhook => "parse-webhook",
            Self::Poll => "poll",
            Self::Send => "send",
            Self::Perform => "perform",
            Self::ResolveMedia => "resolve-media",
            Self::OnEvent => "on-event",
            Self::ListTools => "list-tools",
            Self::CallTool => "call",
        }
    }

    pub(crate) const fn reach(self) -> Reach {
        match self {
            Self::Describe | Self::Addressed | Self::ListTools => Reach::Nothing,
            Self::ValidateConfig
            | Self::MigrateConfig
            | Self::AcceptWebhook
            | Self::ParseWebhook
            | Self::OnEvent => Reach::Surroundings,
            Self::Check | Self::Poll | Self::Send | Self::Perform | Self::ResolveMedia | Self::CallTool => {
                Reach::All
            }
        }
    }
}
