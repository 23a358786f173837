//! Conversations: who talks with whom, where it stands and whose it is.

mod model;
mod service;
mod store;
mod transitions;
mod writers;

pub use model::{
    ActiveScenario, AssigneeFilter, Conversation, ConversationFilter, ConversationPatch, Counts, LastMessage,
    Priority, RoutingDecision, Sort, Status,
};
pub use service::ConversationService;
pub(crate) use service::may_see;
pub use store::ConversationReads;
pub use writers::Writers;
pub(crate) use writers::{Thread, Turn};
