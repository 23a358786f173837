//! What can be read of customers.

use async_trait::async_trait;

use super::filter::CustomerFilter;
use super::model::Customer;
use crate::error::Result;
use crate::id::CustomerId;
use crate::page::{Page, PageRequest};

/// Reads of the customers of one tenant.
#[async_trait]
pub trait CustomerReads: Send + Sync {
    /// A customer, if there is one.
    async fn find_customer(&self, id: CustomerId) -> Result<Option<Customer>>;

    /// A page of the customers of whom [`CustomerFilter::condition`] is true, sorted by [`Customer::sort_value`], which falls, ties by
    /// id in the same direction.
    ///
    /// A page may hold fewer than asked for, even none, while there is a next one: a condition that no index helps with is tested on
    /// a bounded number of rows at a time.
    async fn list_customers(&self, filter: &CustomerFilter, page: &PageRequest) -> Result<Page<Customer>>;
}
