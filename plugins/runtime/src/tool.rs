//! A plugin as a set of tools: to the core it is like any other.

use std::sync::Arc;

use async_trait::async_trait;
use omnichat_core::automations::{ToolCall, ToolSpec, Toolbox};
use omnichat_core::error::Result;
use serde_json::Value;

use crate::account::Account;
use crate::call::Input;
use crate::export::Export;
use crate::outcome::{Failure, PluginError};
use crate::plugin::Plugin;

/// A tool plugin as a tenant has set it up.
pub(crate) struct PluginToolbox {
    pub(crate) plugin: Arc<Plugin>,
    pub(crate) account: Arc<Account>,
}

#[async_trait]
impl Toolbox for PluginToolbox {
    async fn tools(&self) -> Result<Vec<ToolSpec>> {
        self.plugin
            .call(
                Export::ListTools,
                &self.account,
                Input::of(&()),
                |guest, store, ()| Box::pin(async move { guest.tool()?.list_tools(store).await }),
            )
            .await
            .map_err(Failure::into_core)
    }

    async fn call(&self, call: &ToolCall) -> Result<Value> {
        self.plugin
            .call(
                Export::CallTool,
                &self.account,
                Input::of(call),
                |guest, store, call| {
                    Box::pin(async move {
                        let answer = guest.tool()?.call(store, call).await?;
                        Ok(answer.and_then(|text| {
                            serde_json::from_str(&text).map_err(|error| {
                                let text = format!("the tool «{}» answered no JSON: {error}", call.name);
                                PluginError::new("malformed", text)
                            })
                        }))
                    })
                },
            )
            .await
            .map_err(Failure::into_core)
    }
}
