//! What can be read of inboxes.

use async_trait::async_trait;

use super::model::Inbox;
use crate::error::Result;
use crate::id::InboxId;

/// Reads of the inboxes of one tenant.
#[async_trait]
pub trait InboxReads: Send + Sync {
    /// An inbox, if there is one.
    async fn find_inbox(&self, id: InboxId) -> Result<Option<Inbox>>;

    /// Every inbox, oldest first, ties by id.
    async fn list_inboxes(&self) -> Result<Vec<Inbox>>;
}
