//! What can be read of messages.

use async_trait::async_trait;

use super::model::{Message, Revision};
use crate::error::Result;
use crate::id::{ConversationId, InboxId, MessageId};
use crate::page::{Page, PageRequest};

/// Reads of the messages of one tenant.
#[async_trait]
pub trait MessageReads: Send + Sync {
    /// A message, if there is one.
    async fn find_message(&self, id: MessageId) -> Result<Option<Message>>;

    /// The message that the platform knows by this id in this chat; also by one of its further ids.
    async fn find_message_by_external_id(
        &self,
        inbox: InboxId,
        chat: &str,
        external_id: &str,
    ) -> Result<Option<Message>>;

    /// The message that was sent with this client key in this conversation.
    async fn find_message_by_client_key(
        &self,
        conversation: ConversationId,
        key: &str,
    ) -> Result<Option<Message>>;

    /// A page of a conversation's messages, newest first by `(position, id)`. The cursor's sort value is the position.
    async fn list_messages(&self, conversation: ConversationId, page: &PageRequest) -> Result<Page<Message>>;

    /// Outgoing messages of a conversation that [`Message::may_be_read`], up to and with a position: what a read mark covers.
    /// Oldest first by `(position, id)`, at most 200.
    async fn unread_outgoing(&self, conversation: ConversationId, up_to: i64) -> Result<Vec<Message>>;

    /// Earlier texts of a message, oldest first.
    async fn list_revisions(&self, message: MessageId) -> Result<Vec<Revision>>;
}
