//! Which entities are wanted.

use uuid::Uuid;

use super::key::IndexKey;
use super::model::EntityRow;
use crate::error::{Error, Result};

/// Which way an index is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// The smallest key first.
    #[default]
    Rising,
    /// The largest key first.
    Falling,
}

/// A stretch of an index: keys from `from` on, and before `until`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyRange {
    /// The first key that belongs to it; the beginning if absent.
    pub from: Option<IndexKey>,
    /// The first key that no longer belongs to it; the end if absent.
    pub until: Option<IndexKey>,
}

impl KeyRange {
    /// The whole index.
    pub fn all() -> Self {
        Self::default()
    }

    /// Every key that begins with this one; so also the one key that is exactly it.
    pub fn of(beginning: IndexKey) -> Self {
        Self {
            until: beginning.end(),
            from: Some(beginning),
        }
    }

    /// The same stretch of the keys that begin with this one.
    ///
    /// # Errors
    /// `Invalid` where a key becomes too long.
    pub fn after(&self, beginning: &IndexKey) -> Result<Self> {
        Ok(Self {
            from: Some(match &self.from {
                Some(from) => beginning.then(from)?,
                None => beginning.clone(),
            }),
            until: match &self.until {
                Some(until) => Some(beginning.then(until)?),
                None => beginning.end(),
            },
        })
    }

    /// Whether a key belongs to it.
    pub fn contains(&self, key: &IndexKey) -> bool {
        self.from.as_ref().is_none_or(|from| from <= key)
            && self.until.as_ref().is_none_or(|until| key < until)
    }
}

/// A part of a list of entities of a kind, in the order of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityQuery {
    /// The kind.
    pub kind: String,
    /// The index.
    pub index: String,
    /// Which keys.
    pub range: KeyRange,
    /// Which way. Entities with the same key sort by id, the same way.
    pub direction: Direction,
    /// How many rows at most.
    pub limit: u32,
    /// Where to go on, from [`EntityPage::next`]; the beginning if absent.
    pub after: Option<EntityCursor>,
}

impl EntityQuery {
    /// The beginning of an index.
    pub fn first(kind: impl Into<String>, index: impl Into<String>, limit: u32) -> Self {
        Self {
            kind: kind.into(),
            index: index.into(),
            range: KeyRange::all(),
            direction: Direction::Rising,
            limit,
            after: None,
        }
    }
}

/// A place in an index: that of the last row seen. Opaque to clients.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntityCursor {
    /// The entry's key.
    pub key: IndexKey,
    /// The entity's id, which tells entries of the same key apart; none for a unique one.
    pub id: Option<Uuid>,
}

impl EntityCursor {
    /// The place before everything in a stretch.
    pub fn before(stretch: &KeyRange, direction: Direction) -> Self {
        let edge = match direction {
            Direction::Rising => &stretch.from,
            Direction::Falling => &stretch.until,
        };
        Self {
            key: edge.clone().unwrap_or_default(),
            id: None,
        }
    }

    /// The text that clients pass back.
    pub fn encode(&self) -> String {
        let key = hex::encode(self.key.as_bytes());
        match self.id {
            Some(id) => format!("{}{key}", id.as_simple()),
            None => format!("u{key}"),
        }
    }

    /// Reads what [`EntityCursor::encode`] wrote.
    pub fn decode(text: &str) -> Result<Self> {
        let wrong = || Error::invalid_field("cursor", "format", "this is not a cursor of a page");
        let (id, key) = match text.strip_prefix('u') {
            Some(key) => (None, key),
            None => {
                let (id, key) = text.split_at_checked(32).ok_or_else(wrong)?;
                (Some(Uuid::try_parse(id).map_err(|_| wrong())?), key)
            }
        };
        if key.len() > 2 * super::KEY_MAX {
            return Err(wrong());
        }
        let key = IndexKey::from_bytes(hex::decode(key).map_err(|_| wrong())?);
        Ok(Self { key, id })
    }
}

/// Some entities and where to go on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntityPage {
    /// The rows, in the order that was asked for. One with several entries in the index stands there several times.
    pub rows: Vec<EntityRow>,
    /// Where the next page begins; absent at the end.
    pub next: Option<EntityCursor>,
}

impl EntityPage {
    /// Makes a page out of up to `limit + 1` rows, each with its place: one more than asked for tells whether there is a next page.
    pub fn from_places(mut rows: Vec<(EntityCursor, EntityRow)>, limit: u32) -> Self {
        let limit = limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|(place, _)| place.clone());
        Self {
            rows: rows.into_iter().map(|(_, row)| row).collect(),
            next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Part;
    use super::*;

    #[test]
    fn a_cursor_survives_text_and_refuses_rubbish() {
        let key = IndexKey::of(&[Part::Text("ж"), Part::Number(-1)]).unwrap();
        for id in [None, Some(Uuid::from_u128(7))] {
            let cursor = EntityCursor { key: key.clone(), id };
            assert_eq!(EntityCursor::decode(&cursor.encode()).unwrap(), cursor);
        }
        let long = format!("u{}", "00".repeat(super::super::KEY_MAX + 1));
        for rubbish in ["", "u0", "x", &"ж".repeat(40), &long] {
            assert!(EntityCursor::decode(rubbish).is_err(), "{rubbish}");
        }
    }

    #[test]
    fn a_range_begins_and_ends_where_it_says() {
        let key = |n: i64| IndexKey::of(&[Part::Number(1), Part::Number(n)]).unwrap();
        let ones = KeyRange::of(IndexKey::of(&[Part::Number(1)]).unwrap());
        assert!(ones.contains(&key(i64::MIN)) && ones.contains(&key(i64::MAX)));
        assert!(!ones.contains(&IndexKey::of(&[Part::Number(2)]).unwrap()));
        let between = KeyRange {
            from: Some(key(3)),
            until: Some(key(5)),
        };
        assert_eq!(
            (2..7).filter(|n| between.contains(&key(*n))).collect::<Vec<_>>(),
            [3, 4]
        );
        assert!(KeyRange::all().contains(&IndexKey::default()));
    }
}
