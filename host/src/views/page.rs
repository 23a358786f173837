//! Lists.

use omnichat_core::entities::{Document, DocumentPage, Stored};
use omnichat_core::page::Page;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A part of a list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PageView<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Pass it as `cursor` for the next part; `null` at the end.
    pub next: Option<String>,
    /// Ids of rows that belong here and are stored damaged, so that they cannot be shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub damaged: Vec<String>,
}

/// A whole list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ListView<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Ids of rows that belong here and are stored damaged, so that they cannot be shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub damaged: Vec<String>,
}

impl<T> PageView<T> {
    /// A page of the core, row by row. `id` is the kind of id that its rows have.
    pub fn of<U, I: ToString>(page: Page<U>, id: impl Fn(Uuid) -> I, view: impl FnMut(U) -> T) -> Self {
        let next = page.next.map(|cursor| cursor.encode());
        Self {
            items: page.items.into_iter().map(view).collect(),
            next,
            damaged: damaged(&page.damaged, id),
        }
    }

    /// A page of documents, one by one.
    pub fn of_documents<D: Document>(page: DocumentPage<D>, view: impl FnMut(Stored<D>) -> T) -> Self {
        Self {
            items: page.items.into_iter().map(view).collect(),
            next: page.next.map(|cursor| cursor.encode()),
            damaged: page.damaged.iter().map(ToString::to_string).collect(),
        }
    }
}

/// The ids of damaged rows as the API writes them.
pub fn damaged<I: ToString>(rows: &[Uuid], id: impl Fn(Uuid) -> I) -> Vec<String> {
    rows.iter().map(|row| id(*row).to_string()).collect()
}

impl<T> ListView<T> {
    /// A list of the core, row by row.
    pub fn of<U>(rows: impl IntoIterator<Item = U>, view: impl FnMut(U) -> T) -> Self {
        Self {
            items: rows.into_iter().map(view).collect(),
            damaged: Vec::new(),
        }
    }
}
