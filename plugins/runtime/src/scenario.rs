//! Scenario plugins, in words that no version of the contract changes.

use std::sync::Arc;

use omnichat_core::clock::Timestamp;
use omnichat_core::error::Result;
use omnichat_core::messages::Button;
use serde_json::Value;

use crate::account::{Account, PluginAccount};
use crate::call::Input;
use crate::export::Export;
use crate::manifest::PluginKind;
use crate::outcome::{Failure, Outcome, PluginError};
use crate::plugin::Plugin;

/// Who is spoken to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The customer's id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Language tag.
    pub locale: Option<String>,
    /// Further attributes.
    pub attributes: Vec<(String, String)>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TurnEvent {
    /// The customer wrote, or pressed a button.
    Message {
        /// The text.
        text: String,
        /// Data of a pressed button.
        value: Option<String>,
    },
    /// The time has come that the last turn asked for.
    Timer,
    /// A tool that an earlier turn called has answered.
    ToolResult {
        /// Which.
        name: String,
        /// What it answered, JSON, or why it failed.
        result: std::result::Result<String, PluginError>,
    },
}

/// What a scenario is told of a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TurnContext {
    /// The conversation's id.
    pub conversation: String,
    /// The kind of channel.
    pub channel: String,
    /// Who is spoken to.
    pub customer: Person,
    /// What happened.
    pub event: TurnEvent,
    /// The time, the same when the turn is repeated.
    pub now: Timestamp,
    /// A number to draw lots with, the same when the turn is repeated.
    pub seed: u64,
}

/// Something for the host to do.
#[derive(Clone, Debug, PartialEq)]
pub enum ScenarioAction {
    /// Send a message to the customer.
    Send {
        /// The text.
        text: String,
        /// Rows of buttons.
        buttons: Vec<Vec<Button>>,
    },
    /// Write a note for operators.
    Note {
        /// The text.
        text: String,
    },
    /// Add a tag to the conversation.
    Tag {
        /// Which.
        name: String,
    },
    /// Remove a tag.
    Untag {
        /// Which.
        name: String,
    },
    /// Set an attribute of the customer.
    SetAttribute {
        /// Which.
        name: String,
        /// Its value.
        value: String,
    },
    /// Call a tool; its answer comes as [`TurnEvent::ToolResult`].
    CallTool {
        /// Which.
        name: String,
        /// Its arguments.
        args: Value,
    },
    /// Hand over to a person.
    HandOver {
        /// A note for the operator; may be empty.
        note: String,
    },
    /// Resolve the conversation.
    Resolve,
}

/// What a turn brings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Turn {
    /// The next state; none ends the scenario for this conversation.
    pub state: Option<Vec<u8>>,
    /// What to do, in this order, in the same commit as the state.
    pub actions: Vec<ScenarioAction>,
    /// When to wake the scenario, unless something else happens before.
    pub wake_at: Option<Timestamp>,
}

/// A scenario plugin with its settings.
#[derive(Clone)]
pub struct Scenario {
    plugin: Arc<Plugin>,
    account: Arc<Account>,
}

impl Scenario {
    /// Opens a plugin with settings.
    ///
    /// # Errors
    /// `Invalid` if the plugin is no scenario.
    pub fn open(plugin: &Arc<Plugin>, account: PluginAccount) -> Result<Self> {
        plugin.expect(PluginKind::Scenario)?;
        Ok(Self {
            account: plugin.open(account)?,
            plugin: plugin.clone(),
        })
    }

    /// One turn. Pure: the same context and state give the same turn.
    ///
    /// # Errors
    /// The plugin's own error, or a fault; see [`Failure::into_core`].
    pub async fn on_event(
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

impl std::fmt::Debug for Scenario {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scenario")
            .field("plugin", &self.plugin.manifest().id)
            .finish_non_exhaustive()
    }
}
