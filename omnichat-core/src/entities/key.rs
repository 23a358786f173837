//! Keys of index entries: bytes that sort as the values do from which they are made.

use std::fmt;

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::error::{Error, Result};

/// Longest key, in bytes. What PostgreSQL can index is a little more than twice as long, names and ids beside it.
pub const KEY_MAX: usize = 1_000;

/// One value of a key. Values of different types sort by type, in the order in which the types stand here; so what is absent comes
/// first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part<'a> {
    /// No value.
    Absent,
    /// No before yes.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A number with a fraction; zero has no sign, and what is no number is absent.
    Decimal(f64),
    /// A time.
    Time(Timestamp),
    /// The bare UUID of an id.
    Id(Uuid),
    /// A text, by its bytes in UTF-8. To be found whatever its case it is given in lower case.
    Text(&'a str),
}

impl Part<'_> {
    const fn tag(&self) -> u8 {
        match self {
            Self::Absent => 1,
            Self::Flag(_) => 2,
            Self::Number(_) => 3,
            Self::Decimal(_) => 4,
            Self::Time(_) => 5,
            Self::Id(_) => 6,
            Self::Text(_) => 7,
        }
    }
}

impl<'a, T> From<Option<T>> for Part<'a>
where
    T: Into<Part<'a>>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Into::into)
    }
}

impl From<bool> for Part<'_> {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<i64> for Part<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<f64> for Part<'_> {
    fn from(number: f64) -> Self {
        Self::Decimal(number)
    }
}

impl From<Timestamp> for Part<'_> {
    fn from(at: Timestamp) -> Self {
        Self::Time(at)
    }
}

impl From<Uuid> for Part<'_> {
    fn from(id: Uuid) -> Self {
        Self::Id(id)
    }
}

impl<'a> From<&'a str> for Part<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

/// The key of an index entry, or the beginning of one: several values, one after the other. Keys with the same first values lie
/// together.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndexKey(Vec<u8>);

impl IndexKey {
    /// A key of these values.
    ///
    /// # Errors
    /// `Invalid` for one that is longer than [`KEY_MAX`], and for a text with U+0000.
    pub fn of(parts: &[Part<'_>]) -> Result<Self> {
        let mut key = Vec::with_capacity(parts.len() * 10);
        for part in parts {
            push(&mut key, part)?;
        }
        Self(key).checked()
    }

    /// What every key begins with that has these values, and after them a text that begins with `text`.
    ///
    /// # Errors
    /// As [`IndexKey::of`].
    pub fn beginning(parts: &[Part<'_>], text: &str) -> Result<Self> {
        let mut key = Self::of(parts)?.0;
        push(&mut key, &Part::Text(text))?;
        // The end of the text.
        key.pop();
        Self(key).checked()
    }

    /// The key as a store keeps it. No check is made.
    pub const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes. Keys sort as their bytes do.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// This key, and after it the values of another.
    ///
    /// # Errors
    /// `Invalid` for one that is longer than [`KEY_MAX`].
    pub fn then(&self, rest: &Self) -> Result<Self> {
        Self([self.as_bytes(), rest.as_bytes()].concat()).checked()
    }

    /// Whether its first values are those of another.
    pub fn starts_with(&self, beginning: &Self) -> bool {
        self.0.starts_with(&beginning.0)
    }

    /// The first bytes that come after every key that begins with this one; nothing if there are none.
    pub fn end(&self) -> Option<Self> {
        let last = self.0.iter().rposition(|byte| *byte < u8::MAX)?;
        let mut end = self.0[..=last].to_vec();
        end[last] += 1;
        Some(Self(end))
    }

    fn checked(self) -> Result<Self> {
        if self.0.len() <= KEY_MAX {
            return Ok(self);
        }
        let message = format!("what it is found by has more than {KEY_MAX} bytes");
        Err(Error::invalid_field("key", "too_long", message))
    }
}

impl fmt::Debug for IndexKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IndexKey({})", self.0.escape_ascii())
    }
}

fn push(key: &mut Vec<u8>, part: &Part<'_>) -> Result<()> {
    match part {
        Part::Decimal(number) if number.is_nan() => return push(key, &Part::Absent),
        _ => key.push(part.tag()),
    }
    match part {
        Part::Absent => {}
        Part::Flag(flag) => key.push(u8::from(*flag)),
        Part::Number(number) => key.extend(rising(*number)),
        Part::Decimal(number) => key.extend(rising_decimal(*number)),
        Part::Time(at) => key.extend(rising(at.micros())),
        Part::Id(id) => key.extend(id.as_bytes()),
        Part::Text(text) => {
            if text.contains('\0') {
                return Err(Error::invalid_field("key", "format", "U+0000 is in no text"));
            }
            key.extend(text.as_bytes());
            // Sorts before whatever a longer text goes on with.
            key.push(0);
        }
    }
    Ok(())
}

/// Negative numbers before the others.
fn rising(number: i64) -> [u8; 8] {
    (number as u64 ^ (1 << 63)).to_be_bytes()
}

/// The bits of a float sort as it does, backwards if it is negative.
fn rising_decimal(number: f64) -> [u8; 8] {
    let bits = (number + 0.0).to_bits();
    let sorted = match bits >> 63 {
        0 => bits ^ (1 << 63),
        _ => !bits,
    };
    sorted.to_be_bytes()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(parts: &[Part<'_>]) -> IndexKey {
        IndexKey::of(parts).unwrap()
    }

    #[test]
    fn what_is_absent_comes_first_and_types_follow() {
        let at = Timestamp::from_micros(i64::MIN);
        let parts = [
            Part::Absent,
            Part::Flag(false),
            Part::Flag(true),
            Part::Number(i64::MIN),
            Part::Number(i64::MAX),
            Part::Decimal(f64::NEG_INFINITY),
            Part::Decimal(f64::INFINITY),
            Part::Time(at),
            Part::Id(Uuid::nil()),
            Part::Text(""),
        ];
        assert!(parts.map(|part| key(&[part])).is_sorted_by(|a, b| a < b));
        assert_eq!(key(&[Part::Decimal(f64::NAN)]), key(&[Part::Absent]));
        assert_eq!(key(&[Part::Decimal(-0.0)]), key(&[Part::Decimal(0.0)]));
        assert_eq!(key(&[Some(7).into()]), key(&[Part::Number(7)]));
        assert_eq!(key(&[None::<&str>.into()]), key(&[Part::Absent]));
    }

    #[test]
    fn a_key_has_so_many_bytes_and_no_nul() {
        let longest = "x".repeat(KEY_MAX - 2);
        assert!(IndexKey::of(&[Part::Text(&longest)]).is_ok());
        let longer = format!("{longest}x");
        let error = IndexKey::of(&[Part::Text(&longer)]).unwrap_err();
        assert_eq!(error.fields()[0].code, "too_long");
        assert!(IndexKey::of(&[Part::Text("a\0b")]).is_err());
    }

    proptest! {
        #[test]
        fn numbers_sort(a in any::<i64>(), b in any::<i64>()) {
            prop_assert_eq!(key(&[a.into()]).cmp(&key(&[b.into()])), a.cmp(&b));
        }

        #[test]
        fn decimals_sort(a in any::<f64>(), b in any::<f64>()) {
            prop_assert_eq!(key(&[a.into()]).partial_cmp(&key(&[b.into()])), a.partial_cmp(&b));
        }

        #[test]
        fn texts_sort_by_their_bytes_whatever_follows(a in "[^\0]{0,8}", b in "[^\0]{0,8}", n in any::<i64>(), m in any::<i64>()) {
            let (one, two) = (key(&[a.as_str().into(), n.into()]), key(&[b.as_str().into(), m.into()]));
            prop_assert_eq!(one.cmp(&two), (a, n).cmp(&(b, m)));
        }

        #[test]
        fn a_beginning_covers_what_begins_with_it(text in "[a-c\u{ffff}]{0,4}", other in "[a-c\u{ffff}]{0,4}", n in any::<i64>()) {
            let begin = IndexKey::beginning(&[n.into()], &text).unwrap();
            let other_key = key(&[n.into(), other.as_str().into()]);
            let covered = begin <= other_key && begin.end().is_none_or(|end| other_key < end);
            prop_assert_eq!(covered, other.starts_with(&text));
        }
    }
}
