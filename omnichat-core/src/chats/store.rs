//! What can be read of chats.

use async_trait::async_trait;

use super::model::Chat;
use crate::error::Result;
use crate::id::{CustomerId, InboxId};

/// Reads of the chats of one tenant.
#[async_trait]
pub trait ChatReads: Send + Sync {
    /// The chat with this id of the platform on this inbox, if there is one.
    async fn find_chat(&self, inbox: InboxId, external_id: &str) -> Result<Option<Chat>>;

    /// The chats of these customers, oldest first, ties by id.
    async fn list_chats(&self, customers: &[CustomerId]) -> Result<Vec<Chat>>;
}
