//! What can be read of conversations.

use async_trait::async_trait;

use super::filter::ConversationFilter;
use super::model::{Conversation, Counts};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::{ConversationId, InboxId, OperatorId};
use crate::page::{Page, PageRequest};

/// Reads of the conversations of one tenant.
#[async_trait]
pub trait ConversationReads: Send + Sync {
    /// A conversation, if there is one.
    async fn find_conversation(&self, id: ConversationId) -> Result<Option<Conversation>>;

    /// The one conversation on this inbox with this chat that is not closed.
    async fn find_current_conversation(&self, inbox: InboxId, chat: &str) -> Result<Option<Conversation>>;

    /// A page of the conversations that [`ConversationFilter::matches`], sorted by
    /// [`Conversation::sort_value`] (rising for `Waiting`, falling otherwise), ties by id in the same direction.
    ///
    /// A page may hold fewer than asked for, even none, while there is a next one: a condition that no index helps with is tested on
    /// a bounded number of rows at a time.
    async fn list_conversations(
        &self,
        filter: &ConversationFilter,
        page: &PageRequest,
    ) -> Result<Page<Conversation>>;

    /// How many conversations the standard views of an operator hold. With `visible_only`, only what the operator may see
    /// without the right to see all.
    async fn count_conversations(&self, operator: OperatorId, visible_only: bool) -> Result<Counts>;

    /// Open conversations of these inboxes that are nobody's and wait for an answer, the longest waiting first, then by id; only those
    /// behind a conversation that has waited since a time, if one is given.
    async fn unassigned_conversations(
        &self,
        inboxes: &[InboxId],
        after: Option<(Timestamp, ConversationId)>,
        limit: u32,
    ) -> Result<Vec<Conversation>>;

    /// How many open conversations each operator has; operators with none are left out. Sorted by operator.
    async fn operator_loads(&self) -> Result<Vec<(OperatorId, u32)>>;
}
