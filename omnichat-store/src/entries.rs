//! An entity's index entries as they are kept beside it, and their places in an index.

use std::collections::BTreeSet;

use omnichat_core::entities::{
    Direction, EntityCursor, EntityQuery, IndexEntry, IndexKey, KEY_MAX, KeyRange, NAME_MAX,
};
use omnichat_core::error::{Error, Result};
use uuid::Uuid;

/// Entries as bytes: for each the length of its name, the name, whether it is unique, the length of its key and the key.
///
/// # Errors
/// `Invalid` for a name or a key that is too long.
pub(crate) fn pack(entries: &BTreeSet<IndexEntry>) -> Result<Vec<u8>> {
    let mut packed = Vec::with_capacity(entries.len() * 48);
    for entry in entries {
        let (name, key) = (entry.index.as_bytes(), entry.key.as_bytes());
        let (true, true) = (name.len() <= NAME_MAX, key.len() <= KEY_MAX) else {
            return Err(Error::invalid_field(
                "entries",
                "too_long",
                "an index entry is too long",
            ));
        };
        packed.push(name.len() as u8);
        packed.extend(name);
        packed.push(u8::from(entry.unique));
        packed.extend((key.len() as u16).to_be_bytes());
        packed.extend(key);
    }
    Ok(packed)
}

/// The entries that [`pack`] packed; nothing for bytes that it did not write.
pub(crate) fn unpack(mut packed: &[u8]) -> Option<BTreeSet<IndexEntry>> {
    let mut entries = BTreeSet::new();
    while let Some((length, rest)) = packed.split_first() {
        let (name, rest) = rest.split_at_checked(usize::from(*length))?;
        let (unique, rest) = rest.split_first()?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let (key, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        packed = rest;
        entries.insert(IndexEntry {
            index: std::str::from_utf8(name).ok()?.to_owned(),
            key: IndexKey::from_bytes(key.to_vec()),
            unique: *unique == 1,
        });
    }
    Some(entries)
}

/// What tells entries of the same key apart.
pub(crate) fn tie(entry: &IndexEntry, id: Uuid) -> Vec<u8> {
    if entry.unique {
        Vec::new()
    } else {
        id.as_bytes().to_vec()
    }
}

/// A place of an index.
pub(crate) fn place(key: Vec<u8>, tie: &[u8]) -> EntityCursor {
    EntityCursor {
        key: IndexKey::from_bytes(key),
        id: Uuid::from_slice(tie).ok(),
    }
}

/// A bound of a stretch of an index: a key, and what tells entries of it apart.
pub(crate) type Bound = (Vec<u8>, Vec<u8>);

/// Where a stretch begins, and before what it ends. No key reaches the end of an index that is wanted whole.
pub(crate) fn ends(range: &KeyRange) -> (Bound, Bound) {
    let bytes = |key: &IndexKey| key.as_bytes().to_vec();
    let from = range.from.as_ref().map(bytes).unwrap_or_default();
    let until = range.until.as_ref().map_or_else(|| vec![u8::MAX], bytes);
    ((from, Vec::new()), (until, Vec::new()))
}

/// As [`ends`], without what comes up to the query's cursor, which may lie outside of its stretch.
pub(crate) fn bounds(query: &EntityQuery) -> (Bound, Bound) {
    let (from, until) = ends(&query.range);
    let Some(after) = &query.after else {
        return (from, until);
    };
    let tie = after.id.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
    let mut at = (after.key.as_bytes().to_vec(), tie);
    match query.direction {
        Direction::Rising => {
            // Comes right behind it.
            at.1.push(0);
            (from.max(at), until)
        }
        Direction::Falling => (from, until.min(at)),
    }
}

#[cfg(test)]
mod tests {
    use omnichat_core::entities::Part;

    use super::*;

    #[test]
    fn entries_survive_being_packed() {
        let entry = |index: &str, part: Part<'_>, unique| IndexEntry {
            index: index.to_owned(),
            key: IndexKey::of(&[part]).unwrap(),
            unique,
        };
        let longest = "x".repeat(KEY_MAX - 2);
        let entries: BTreeSet<_> = [
            entry("name", Part::Text("ж"), true),
            entry(&"n".repeat(NAME_MAX), Part::Text(&longest), false),
            entry("", Part::Absent, false),
        ]
        .into();
        let packed = pack(&entries).unwrap();
        assert_eq!(unpack(&packed), Some(entries));
        assert_eq!(unpack(&packed[..packed.len() - 1]), None);
        assert_eq!(unpack(&[]), Some(BTreeSet::new()));
        let long = [entry(&"n".repeat(NAME_MAX + 1), Part::Absent, false)].into();
        assert!(pack(&long).is_err());
    }
}
