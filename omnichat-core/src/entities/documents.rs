//! Reading documents of a kind.

use std::fmt;
use std::marker::PhantomData;

use super::document::{Document, DocumentPage, Stored};
use super::key::{IndexKey, Part};
use super::model::EntityRow;
use super::query::{EntityQuery, KeyRange};
use crate::error::Result;
use crate::id::Id as _;
use crate::page::PageRequest;
use crate::store::TenantStore;

/// The documents of a kind that a tenant has, whoever asks: whether they may is for the caller to say.
pub struct Documents<'a, D> {
    store: &'a dyn TenantStore,
    kind: PhantomData<fn() -> D>,
}

impl<D: Document> fmt::Debug for Documents<'_, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Documents").field(&D::KIND).finish()
    }
}

impl<'a, D: Document> Documents<'a, D> {
    /// Those of a tenant's store.
    pub fn of(store: &'a dyn TenantStore) -> Self {
        Self {
            store,
            kind: PhantomData,
        }
    }

    /// A document, if there is one.
    ///
    /// # Errors
    /// `Damaged` if it is none of this kind.
    pub async fn find(&self, id: D::Id) -> Result<Option<Stored<D>>> {
        self.row(id).await?.as_ref().map(Stored::read).transpose()
    }

    /// The row of a document, if there is one, also where it cannot be read.
    pub async fn row(&self, id: D::Id) -> Result<Option<EntityRow>> {
        self.store.find_entity(D::KIND, id.uuid()).await
    }

    /// The document that has a unique key, if there is one.
    ///
    /// # Errors
    /// `Damaged` if it is none of this kind.
    pub async fn find_unique(&self, index: &str, key: &[Part<'_>]) -> Result<Option<Stored<D>>> {
        let key = IndexKey::of(key)?;
        let found = self.store.find_unique_entity(D::KIND, index, &key).await?;
        found.as_ref().map(Stored::read).transpose()
    }

    /// A page of an index, from a query for this kind.
    pub async fn page(&self, query: &EntityQuery) -> Result<DocumentPage<D>> {
        self.store.page_entities(query).await.map(DocumentPage::read)
    }

    /// Everything along an index, for kinds of which there are few.
    pub async fn all(&self, index: &str) -> Result<DocumentPage<D>> {
        let mut query = EntityQuery::first(D::KIND, index, PageRequest::MAX);
        let mut all = self.page(&query).await?;
        while let Some(next) = all.next.take() {
            query.after = Some(next);
            let more = self.page(&query).await?;
            all.items.extend(more.items);
            all.damaged.extend(more.damaged);
            all.next = more.next;
        }
        Ok(all)
    }

    /// How many lie in an index; counting ends at `cap`.
    pub async fn count(&self, index: &str, cap: u32) -> Result<u32> {
        let all = KeyRange::all();
        self.store.count_entities(D::KIND, index, &all, cap).await
    }
}
