//! Keyset paging: a page carries the place where the next one begins, so that rows added meanwhile neither repeat nor
//! hide others.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Which part of a list is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// How many rows at most, 1 to [`PageRequest::MAX`].
    pub limit: u32,
    /// Where to go on, from [`Page::next`]; the beginning if absent.
    pub cursor: Option<Cursor>,
}

impl PageRequest {
    /// The most rows that a page can have.
    pub const MAX: u32 = 100;

    /// The first page of so many rows.
    pub fn first(limit: u32) -> Self {
        Self {
            limit: limit.clamp(1, Self::MAX),
            cursor: None,
        }
    }

    /// The page after a cursor.
    pub fn after(limit: u32, cursor: Cursor) -> Self {
        Self {
            limit: limit.clamp(1, Self::MAX),
            cursor: Some(cursor),
        }
    }
}

/// A place in a sorted list: the sort value and the id of the last row seen. Opaque to clients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The last row's sort value.
    pub sort: i64,
    /// The last row's id, which breaks ties.
    pub id: uuid::Uuid,
}

impl Cursor {
    /// The text that clients pass back.
    pub fn encode(&self) -> String {
        format!("{:016x}{}", self.sort, self.id.as_simple())
    }

    /// Reads what [`Cursor::encode`] wrote.
    pub fn decode(text: &str) -> Result<Self> {
        let wrong = || Error::invalid_field("cursor", "format", "this is not a cursor of a page");
        if text.len() != 48 || !text.is_ascii() {
            return Err(wrong());
        }
        let (sort, id) = text.split_at(16);
        Ok(Self {
            sort: u64::from_str_radix(sort, 16).map_err(|_| wrong())? as i64,
            id: uuid::Uuid::try_parse(id).map_err(|_| wrong())?,
        })
    }
}

/// Some rows and where to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, in the list's order.
    pub items: Vec<T>,
    /// Where the next page begins; absent at the end.
    pub next: Option<Cursor>,
    /// Rows that belong on this page and are stored damaged: they cannot be read, and hide no others.
    pub damaged: Vec<uuid::Uuid>,
}

impl<T> Page<T> {
    /// Makes a page out of up to `limit + 1` rows: one more than asked for tells whether there is a next page.
    pub fn from_rows(mut rows: Vec<T>, limit: u32, cursor: impl Fn(&T) -> Cursor) -> Self {
        let limit = limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(cursor) } else { None };
        Self {
            items: rows,
            next,
            damaged: Vec::new(),
        }
    }

    /// Makes a page out of up to `limit + 1` rows, each with its place, and nothing for a row that cannot be read.
    pub fn from_places(mut rows: Vec<(Cursor, Option<T>)>, limit: u32) -> Self {
        let limit = limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|(place, _)| place.clone());
        let mut page = Self {
            items: Vec::with_capacity(rows.len()),
            next,
            damaged: Vec::new(),
        };
        for (place, row) in rows {
            match row {
                Some(row) => page.items.push(row),
                None => page.damaged.push(place.id),
            }
        }
        page
    }

    /// The same page with other items.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            next: self.next,
            damaged: self.damaged,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_cannot_be_read_takes_its_place() {
        let place = |sort| Cursor {
            sort,
            id: uuid::Uuid::from_u128(sort as u128),
        };
        let rows = vec![(place(1), Some("a")), (place(2), None), (place(3), Some("c"))];
        let page = Page::from_places(rows.clone(), 2);
        assert_eq!(
            (page.items, page.damaged, page.next),
            (vec!["a"], vec![place(2).id], Some(place(2)))
        );
        assert_eq!(Page::from_places(rows, 3).next, None);
    }

    #[test]
    fn a_cursor_survives_text_and_refuses_rubbish() {
        for sort in [0, -1, i64::MIN, i64::MAX, 1_767_268_800_000_000] {
            let cursor = Cursor {
                sort,
                id: uuid::Uuid::from_u128(7),
            };
            assert_eq!(Cursor::decode(&cursor.encode()).unwrap(), cursor);
        }
        assert!(Cursor::decode("").is_err());
        assert!(Cursor::decode(&"ж".repeat(24)).is_err());
    }
}
