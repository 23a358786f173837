//! Conversations: who talks with whom, where it stands and whose it is.

mod changing;
pub mod fields;
mod filter;
mod model;
mod service;
mod store;
mod transitions;
mod writers;

pub use filter::{AssigneeFilter, ConversationFilter, Facets, Sort};
pub use model::{
    ActiveScenario, Conversation, ConversationPatch, Counts, LastMessage, Priority, RoutingDecision, Status,
};
pub use service::ConversationService;
pub use store::ConversationReads;
pub use writers::Writers;
pub(crate) use writers::{Thread, Turn};
