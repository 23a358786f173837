//! A plugin as a scenario: to the core it is like any other.

use std::sync::Arc;

use async_trait::async_trait;
use omnichat_core::automations::{Scenario, Turn, TurnContext};
use omnichat_core::error::Result;

use crate::account::Account;
use crate::call::Input;
use crate::export::Export;
use crate::outcome::{Failure, Outcome};
use crate::plugin::Plugin;

/// A scenario plugin as a tenant has set it up.
pub(crate) struct PluginScenario {
    pub(crate) plugin: Arc<Plugin>,
    pub(crate) account: Arc<Account>,
}

impl PluginScenario {
    async fn on_event(
        &self,
        context: &TurnContext,
        state: Option<&[u8]>,
    ) -> std::result::Result<Turn, Failure> {
        let input = (context, state);
        let turn: Turn = self
            .plugin
            .call(
                Export::OnEvent,
                &self.account,
                Input::of(&input),
                |guest, store, (context, state)| {
                    Box::pin(async move { guest.scenario()?.on_event(store, context, *state).await })
                },
            )
            .await?;
        let most = self.plugin.limits().state_bytes;
        if turn.state.as_ref().is_some_and(|state| state.len() > most) {
            return Err(Failure {
                outcome: Outcome::HostcallLimit,
                export: Export::OnEvent,
                message: format!("the scenario's state is larger than {most} bytes"),
                error: None,
                http_begun: false,
                retry_after: None,
            });
        }
        Ok(turn)
    }
}

#[async_trait]
impl Scenario for PluginScenario {
    async fn turn(&self, context: &TurnContext, state: Option<&[u8]>) -> Result<Turn> {
        self.on_event(context, state).await.map_err(Failure::into_core)
    }
}
