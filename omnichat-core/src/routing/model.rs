//! What a router sees and says.

use crate::clock::Timestamp;
use crate::conversations::Conversation;
use crate::id::OperatorId;

/// An operator as a router sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub operator: OperatorId,
    /// The name, for reasons.
    pub name: String,
    /// Takes conversations: online and not disabled.
    pub available: bool,
    /// Open conversations that it has.
    pub load: u32,
    /// Open conversations that it may have.
    pub capacity: u32,
    /// When routing last gave it a conversation.
    pub last_assigned_at: Option<Timestamp>,
}

impl Candidate {
    /// Whether it can take one more.
    pub const fn has_room(&self) -> bool {
        self.available && self.load < self.capacity
    }
}

/// What is to be decided.
#[derive(Clone, Copy, Debug)]
pub struct RouteRequest<'a> {
    /// The conversation that needs somebody.
    pub conversation: &'a Conversation,
    /// Every operator of the tenant.
    pub candidates: &'a [Candidate],
}

/// What a router decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// This operator gets it.
    Assign {
        /// Who.
        operator: OperatorId,
        /// Why, in a sentence for people.
        reason: String,
    },
    /// Nobody can take it now.
    Wait {
        /// Why.
        reason: String,
    },
}
