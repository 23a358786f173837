//! Lists.

use omnichat_core::page::Page;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
}

impl<T> PageView<T> {
    /// A page of the core, row by row.
    pub fn of<U>(page: Page<U>, view: impl FnMut(U) -> T) -> Self {
        let next = page.next.map(|cursor| cursor.encode());
        Self {
            items: page.items.into_iter().map(view).collect(),
            next,
            damaged: page.damaged.iter().map(ToString::to_string).collect(),
        }
    }
}

impl<T> ListView<T> {
    /// A list of the core, row by row.
    pub fn of<U>(rows: impl IntoIterator<Item = U>, view: impl FnMut(U) -> T) -> Self {
        Self {
            items: rows.into_iter().map(view).collect(),
        }
    }
}
