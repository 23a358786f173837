//! What can be read of conversations.

use async_trait::async_trait;

use super::model::{Conversation, ConversationFilter, Counts};
use crate::error::Result;
use crate::id::{ConversationId, InboxId, OperatorId};
use crate::page::{Page, PageRequest};

/// Reads of the conversations of one tenant.
#[async_trait]
pub trait ConversationReads: Send + Sync {
    /// A conversation, if there is one.
    async fn find_conversation(&self, id: ConversationId) -> Result<Option<Conversation>>;

    /// The one conversation on this inbox with this peer that is not closed.
    async fn find_current_conversation(&self, inbox: InboxId, peer: &str) -> Result<Option<Conversation>>;

    /// A page of the conversations that [`ConversationFilter::matches`], sorted by
    /// [`Conversation::sort_value`] (rising for `Waiting`, falling otherwise), ties by id in the same direction.
    async fn list_conversations(
        &self,
        filter: &ConversationFilter,
        page: &PageRequest,
    ) -> Result<Page<Conversation>>;

    /// How many conversations the standard views of an operator hold. With `visible_only`, only what the operator may see
    /// without the right to see all.
    async fn count_conversations(&self, operator: OperatorId, visible_only: bool) -> Result<Counts>;

    /// Conversations that are open (see [`super::Status::is_open`]), nobody's and waiting for routing: those in which the
    /// customer waits, longest first, ties by id, without those on the given inboxes.
    async fn unassigned_conversations(&self, without: &[InboxId], limit: u32) -> Result<Vec<Conversation>>;

    /// How many open conversations each operator has; operators with none are left out. Sorted by operator.
    async fn operator_loads(&self) -> Result<Vec<(OperatorId, u32)>>;
}
