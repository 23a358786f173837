//! What can be read of contacts.

use async_trait::async_trait;

use super::model::{Contact, ContactKey};
use crate::error::Result;
use crate::id::{ContactId, CustomerId};

/// Reads of the contacts of one tenant.
#[async_trait]
pub trait ContactReads: Send + Sync {
    /// A contact, if there is one.
    async fn find_contact(&self, id: ContactId) -> Result<Option<Contact>>;

    /// The contact with this key, if there is one.
    async fn find_contact_by_key(&self, key: &ContactKey) -> Result<Option<Contact>>;

    /// The contacts of these customers, oldest first, ties by id.
    async fn list_contacts(&self, customers: &[CustomerId]) -> Result<Vec<Contact>>;
}
