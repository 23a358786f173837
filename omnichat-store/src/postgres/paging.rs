//! Where a page of a list that is sorted by a time, newest first, goes on.

use omnichat_core::page::PageRequest;
use uuid::Uuid;

/// The sort value and id that every row of the page lies before; for the first page, beyond every row.
pub(super) fn before(page: &PageRequest) -> (i64, Uuid) {
    page.cursor
        .as_ref()
        .map_or((i64::MAX, Uuid::max()), |c| (c.sort, c.id))
}

/// How many rows to ask for: one more than the page holds tells whether there is another.
pub(super) fn rows(page: &PageRequest) -> i64 {
    i64::from(page.limit) + 1
}
