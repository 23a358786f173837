//! Which part of a list is wanted.

use omnichat_core::entities::EntityCursor;
use omnichat_core::error::{Error, Result};
use omnichat_core::page::{Cursor, PageRequest};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which part of a list is wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many rows at most, 1 to 100; 50 if absent.
    #[param(minimum = 1, maximum = 100, default = 50)]
    pub limit: Option<u32>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

impl PageQuery {
    /// As the core asks for it. `Invalid` for a limit out of range or a text that is no cursor.
    pub fn request(&self) -> Result<PageRequest> {
        page_request(self.limit, self.cursor.as_deref(), "cursor")
    }

    /// How many rows, and after which place of an index. `Invalid` as [`PageQuery::request`].
    pub fn place(&self) -> Result<(u32, Option<EntityCursor>)> {
        let limit = page_request(self.limit, None, "cursor")?.limit;
        let cursor = self.cursor.as_deref().filter(|text| !text.is_empty());
        Ok((limit, cursor.map(EntityCursor::decode).transpose()?))
    }
}

/// As [`PageQuery::request`], where the cursor has another name.
pub fn page_request(limit: Option<u32>, cursor: Option<&str>, name: &str) -> Result<PageRequest> {
    let limit = limit.unwrap_or(50);
    if !(1..=PageRequest::MAX).contains(&limit) {
        return Err(Error::invalid_field("limit", "range", "a page has 1 to 100 rows"));
    }
    let wrong = || Error::invalid_field(name, "format", "this is not a cursor of a page");
    match cursor.filter(|text| !text.is_empty()) {
        Some(text) => Ok(PageRequest::after(
            limit,
            Cursor::decode(text).map_err(|_| wrong())?,
        )),
        None => Ok(PageRequest::first(limit)),
    }
}
