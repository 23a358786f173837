//! What can be read of customers.

use async_trait::async_trait;

use super::model::Customer;
use crate::error::Result;
use crate::id::CustomerId;
use crate::page::{Page, PageRequest};

/// Reads of the customers of one tenant.
#[async_trait]
pub trait CustomerReads: Send + Sync {
    /// A customer, if there is one.
    async fn find_customer(&self, id: CustomerId) -> Result<Option<Customer>>;

    /// A page of customers, last seen first (the cursor's sort value is `last_seen_at`). With a search text: those whose
    /// name, e-mail address or phone number contains it, both in lower case ([`str::to_lowercase`]); no character of it has a
    /// special meaning, and an empty text is contained in everything.
    async fn list_customers(&self, search: Option<&str>, page: &PageRequest) -> Result<Page<Customer>>;
}
