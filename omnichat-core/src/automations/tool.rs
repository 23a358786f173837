//! What a tool is: a function with described arguments that scenarios and AI call.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::Result;
use crate::id::{ConversationId, CustomerId};

/// A tool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToolSpec {
    /// Unique within the toolbox.
    pub name: String,
    /// One sentence that says when to use it.
    pub description: String,
    /// JSON Schema of the arguments.
    pub args_schema: Value,
    /// It changes nothing anywhere.
    pub read_only: bool,
}

/// A call of a tool.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolCall {
    /// The tool, by its name within the toolbox.
    pub name: String,
    /// Its arguments.
    pub args: Value,
    /// The same on every try of one call, so that nothing is done twice.
    pub call: String,
    /// In which conversation, if it is in one.
    pub conversation: Option<ConversationId>,
    /// For whom.
    pub customer: Option<CustomerId>,
    /// The customer's language tag.
    pub locale: Option<String>,
}

/// A set of tools as a tenant has set it up.
#[async_trait]
pub trait Toolbox: Send + Sync + 'static {
    /// Its tools.
    ///
    /// # Errors
    /// If it cannot say.
    async fn tools(&self) -> Result<Vec<ToolSpec>>;

    /// Calls one and gives its answer.
    ///
    /// # Errors
    /// With retry advice: the call is tried again. Without: whoever called is told why there is no answer.
    async fn call(&self, call: &ToolCall) -> Result<Value>;
}
