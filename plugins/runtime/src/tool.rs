//! Tool plugins, in words that no version of the contract changes.

use std::sync::Arc;

use omnichat_core::error::Result;
use serde_json::Value;

use crate::account::{Account, PluginAccount};
use crate::call::Input;
use crate::export::Export;
use crate::manifest::PluginKind;
use crate::outcome::Failure;
use crate::plugin::Plugin;

/// A tool.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolSpec {
    /// Unique within the plugin.
    pub name: String,
    /// One sentence that says when to use it.
    pub description: String,
    /// JSON Schema of the arguments.
    pub args_schema: Value,
    /// It changes nothing anywhere.
    pub read_only: bool,
}

/// A call of a tool.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ToolCall {
    /// The tool.
    pub name: String,
    /// Its arguments.
    pub args: Value,
    /// The same on every try of one call.
    pub call: String,
    /// In which conversation.
    pub conversation: Option<String>,
    /// For whom.
    pub customer: Option<String>,
    /// Language tag.
    pub locale: Option<String>,
}

/// A tool plugin with its settings.
#[derive(Clone)]
pub struct Tools {
    plugin: Arc<Plugin>,
    account: Arc<Account>,
}

impl Tools {
    /// Opens a plugin with settings.
    ///
    /// # Errors
    /// `Invalid` if the plugin is no set of tools.
    pub fn open(plugin: &Arc<Plugin>, account: PluginAccount) -> Result<Self> {
        plugin.expect(PluginKind::Tool)?;
        Ok(Self {
            account: plugin.open(account)?,
            plugin: plugin.clone(),
        })
    }

    /// Its tools. Pure.
    ///
    /// # Errors
    /// A fault, or a schema that is no JSON.
    pub async fn list_tools(&self) -> std::result::Result<Vec<ToolSpec>, Failure> {
        self.plugin
            .call(
                Export::ListTools,
                &self.account,
                Input::of(&()),
                |guest, store, ()| Box::pin(async move { guest.tool()?.list_tools(store).await }),
            )
            .await
    }

    /// Calls one, and gives its answer, JSON.
    ///
    /// # Errors
    /// The plugin's own error, or a fault; see [`Failure::into_core`].
    pub async fn call(&self, call: &ToolCall) -> std::result::Result<Value, Failure> {
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
                                crate::outcome::PluginError::new(
                                    "malformed",
                                    format!("the tool «{}» answered no JSON: {error}", call.name),
                                )
                            })
                        }))
                    })
                },
            )
            .await
    }
}

impl std::fmt::Debug for Tools {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tools")
            .field("plugin", &self.plugin.manifest().id)
            .finish_non_exhaustive()
    }
}
