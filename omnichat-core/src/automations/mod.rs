//! Automations: scenarios that answer customers, and tools that scenarios and AI call, as tenants have set them up.
//!
//! A [`kind::AutomationKind`] describes itself and opens what a tenant has set up; what is opened is a
//! [`scenario::Scenario`] or a [`tool::Toolbox`]. An inbox names the scenario that answers its new conversations first;
//! [`crate::flow`] takes its turns.

pub mod kind;
mod model;
pub mod opened;
pub mod scenario;
mod service;
pub mod tool;

pub use kind::{AutomationConfig, AutomationKind, AutomationRegistry, Opened};
pub use model::{Automation, AutomationPatch, AutomationRole, NewAutomation};
pub use scenario::{Scenario, ScenarioAction, Turn, TurnContext, TurnEvent};
pub use service::AutomationService;
pub use tool::{ToolCall, ToolSpec, Toolbox};
