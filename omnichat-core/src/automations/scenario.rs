//! What a scenario is: it turns a state and an event into the next state and actions, and performs nothing itself.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::{ConversationId, CustomerId};
use crate::messages::Button;

/// Largest state of a scenario, in bytes.
pub const STATE_MAX: usize = 64 * 1_024;
/// Most actions of a turn.
pub const ACTIONS_MAX: usize = 50;

/// Who is spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The customer's id.
    pub id: CustomerId,
    /// The name.
    pub name: String,
    /// Language tag, if it is known.
    pub locale: Option<String>,
    /// Further attributes, by name.
    pub attributes: Vec<(String, String)>,
}

/// Why a tool has no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolFailure {
    /// Stable code, see [`crate::error::ErrorKind::code`].
    pub code: String,
    /// For people.
    pub message: String,
    /// Whether calling again may help.
    pub retryable: bool,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum TurnEvent {
    /// The customer wrote, or pressed a button.
    Message {
        /// The text.
        text: String,
        /// Data of a pressed button.
        value: Option<String>,
    },
    /// The time has come that the last turn asked for, and nothing else has happened since.
    Timer,
    /// A tool that an earlier turn called has answered, or could not.
    ToolResult {
        /// Its name, exactly as it was called.
        name: String,
        /// What it answered.
        result: std::result::Result<Value, ToolFailure>,
    },
}

/// What a scenario is told of a turn.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnContext {
    /// The conversation.
    pub conversation: ConversationId,
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

/// Something to be done for a scenario.
#[derive(Clone, Debug, PartialEq)]
pub enum ScenarioAction {
    /// Send a message to the customer. What its channel cannot carry is made to fit: buttons become lines of text.
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
    /// Set an attribute of the customer; an empty value removes it.
    SetAttribute {
        /// Which.
        name: String,
        /// Its value.
        value: String,
    },
    /// Call a tool; its answer comes as [`TurnEvent::ToolResult`].
    CallTool {
        /// The kind of the toolbox, a slash, the tool's name: `order-status/order_status`.
        name: String,
        /// Its arguments.
        args: Value,
    },
    /// Hand over to a person. Ends the scenario for this conversation.
    HandOver {
        /// A note for the operator; may be empty.
        note: String,
    },
    /// Resolve the conversation. Ends the scenario for it.
    Resolve,
}

/// What a turn brings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Turn {
    /// The next state, at most [`STATE_MAX`] bytes; none ends the scenario for this conversation.
    pub state: Option<Vec<u8>>,
    /// What to do, in this order, in the same commit as the state; at most [`ACTIONS_MAX`].
    pub actions: Vec<ScenarioAction>,
    /// When to wake the scenario, unless something else happens before.
    pub wake_at: Option<Timestamp>,
}

/// A scenario as a tenant has set it up.
#[async_trait]
pub trait Scenario: Send + Sync + 'static {
    /// One turn. Pure: the same context and state give the same turn.
    ///
    /// # Errors
    /// With retry advice: the same turn is tried again. Without: the conversation is handed over to people.
    async fn turn(&self, context: &TurnContext, state: Option<&[u8]>) -> Result<Turn>;
}
