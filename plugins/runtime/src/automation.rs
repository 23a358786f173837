//! The kind of automation that a plugin is: a scenario or a set of tools.

use std::sync::Arc;

use async_trait::async_trait;
use omnichat_core::automations::{AutomationConfig, AutomationKind, AutomationRole, Opened};
use omnichat_core::channel::Descriptor;
use omnichat_core::error::Result;
use omnichat_core::settings::Kind;
use serde_json::Value;

use crate::account::PluginAccount;
use crate::kv::Owner;
use crate::plugin::Plugin;
use crate::scenario::PluginScenario;
use crate::tool::PluginToolbox;

/// The kind of automation that a plugin is.
pub(crate) struct PluginKindOfAutomation {
    pub(crate) plugin: Arc<Plugin>,
    pub(crate) role: AutomationRole,
}

#[async_trait]
impl Kind for PluginKindOfAutomation {
    fn descriptor(&self) -> &Descriptor {
        self.plugin.descriptor()
    }

    async fn validate(&self, config: &Value) -> Result<()> {
        self.plugin.validate_config(config).await
    }

    async fn migrate(&self, from: &str, config: Value) -> Result<Value> {
        self.plugin.migrate_config(from, config).await
    }
}

impl AutomationKind for PluginKindOfAutomation {
    fn role(&self) -> AutomationRole {
        self.role
    }

    fn open(&self, automation: AutomationConfig) -> Result<Opened> {
        let plugin = self.plugin.clone();
        let account = plugin.open(PluginAccount {
            owner: Owner::Automation(automation.tenant, automation.id),
            config: automation.config,
            proxy_url: None,
        })?;
        Ok(match self.role {
            AutomationRole::Scenario => Opened::Scenario(Arc::new(PluginScenario { plugin, account })),
            AutomationRole::Tools => Opened::Tools(Arc::new(PluginToolbox { plugin, account })),
        })
    }
}
