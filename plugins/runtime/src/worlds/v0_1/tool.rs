//! Calls of tools.

use async_trait::async_trait;
use omnichat_core::automations::{ToolCall, ToolSpec};
use omnichat_core::error::FieldError;
use wasmtime::Store;

use super::channel::common;
use super::tool_world::ToolPlugin;
use super::tool_world::exports::omnichat::plugin::tool as wit;
use super::types::words;
use crate::descriptor::Described;
use crate::factors::State;
use crate::outcome::PluginError;
use crate::worlds::{Common, Said, ToolGuest};

common!(ToolPlugin, omnichat_plugin_tool);

#[async_trait]
impl ToolGuest for ToolPlugin {
    async fn list_tools(&self, store: &mut Store<State>) -> Said<Vec<ToolSpec>> {
        let tools = self.omnichat_plugin_tool().call_list_tools(store).await?;
        Ok(tools.into_iter().map(spec_from_wit).collect())
    }

    async fn call(&self, store: &mut Store<State>, call: &ToolCall) -> Said<String> {
        let context = wit::ToolContext {
            call: call.call.clone(),
            conversation: call.conversation.map(|id| id.to_string()),
            customer: call.customer.map(|id| id.to_string()),
            locale: call.locale.clone(),
            extra: "{}".to_owned(),
        };
        let args = words(&call.args.to_string());
        let answer = self
            .omnichat_plugin_tool()
            .call_call(store, &call.name, &args, &context)
            .await?;
        Ok(answer.map_err(Into::into))
    }
}

fn spec_from_wit(spec: wit::ToolSpec) -> Result<ToolSpec, PluginError> {
    Ok(ToolSpec {
        args_schema: serde_json::from_str(&spec.args_schema).map_err(|error| {
            let message = format!("the schema of the tool «{}» is no JSON: {error}", spec.name);
            PluginError::new("malformed", message)
        })?,
        name: spec.name,
        description: spec.description,
        read_only: spec.read_only,
    })
}
