//! A condition as it is written.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// What must be true: a tree of conditions over fields.
///
/// `{"all": […]}` and `{"any": […]}` join conditions, `{"not": …}` turns one around, and `{"field": "priority", "op": "in",
/// "value": ["high", "urgent"]}` tests a field. `all` of nothing is true, `any` of nothing is false.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, try_from = "Written")]
pub enum Condition {
    /// All of these hold.
    All {
        /// Which.
        all: Vec<Condition>,
    },
    /// One of these holds, or more.
    Any {
        /// Which.
        any: Vec<Condition>,
    },
    /// This does not hold.
    Not {
        /// What.
        not: Box<Condition>,
    },
    /// A field is as it should be.
    Test {
        /// Its name; of an attribute with the attribute's own behind a dot.
        field: String,
        /// How it is compared.
        op: Op,
        /// What with.
        value: Value,
    },
}

impl Default for Condition {
    /// What is always true.
    fn default() -> Self {
        Self::All { all: Vec::new() }
    }
}

/// How a field is compared with a value. What is absent meets `is_not`, `not_in` and `has_not`, and no other but `exists`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// It is this.
    Is,
    /// It is not this.
    IsNot,
    /// It is one of these.
    In,
    /// It is none of these.
    NotIn,
    /// This is among them.
    Has,
    /// This is not among them.
    HasNot,
    /// This text is in it, whatever the case.
    Contains,
    /// It begins with this text, whatever the case.
    StartsWith,
    /// It is this much or more.
    AtLeast,
    /// It is this much or less.
    AtMost,
    /// It is at this time or later.
    From,
    /// It is earlier than this time.
    Before,
    /// It is no longer ago than so many seconds.
    Within,
    /// It is longer ago than so many seconds.
    OlderThan,
    /// There is one, or with `false` none.
    Exists,
}

impl Op {
    /// Every one.
    pub const ALL: [Self; 15] = [
        Self::Is,
        Self::IsNot,
        Self::In,
        Self::NotIn,
        Self::Has,
        Self::HasNot,
        Self::Contains,
        Self::StartsWith,
        Self::AtLeast,
        Self::AtMost,
        Self::From,
        Self::Before,
        Self::Within,
        Self::OlderThan,
        Self::Exists,
    ];

    /// The stable name, as in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Is => "is",
            Self::IsNot => "is_not",
            Self::In => "in",
            Self::NotIn => "not_in",
            Self::Has => "has",
            Self::HasNot => "has_not",
            Self::Contains => "contains",
            Self::StartsWith => "starts_with",
            Self::AtLeast => "at_least",
            Self::AtMost => "at_most",
            Self::From => "from",
            Self::Before => "before",
            Self::Within => "within",
            Self::OlderThan => "older_than",
            Self::Exists => "exists",
        }
    }
}

/// What a condition is read from: an object whose members say which of the four it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default, deserialize_with = "there")]
    all: Option<Vec<Condition>>,
    #[serde(default, deserialize_with = "there")]
    any: Option<Vec<Condition>>,
    #[serde(default, deserialize_with = "there")]
    not: Option<Box<Condition>>,
    #[serde(default, deserialize_with = "there")]
    field: Option<String>,
    #[serde(default, deserialize_with = "there")]
    op: Option<Op>,
    #[serde(default, deserialize_with = "there")]
    value: Option<Value>,
}

/// A member that is there is none that is `null`.
fn there<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

impl TryFrom<Written> for Condition {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let Written {
            all,
            any,
            not,
            field,
            op,
            value,
        } = written;
        match (all, any, not, field, op, value) {
            (Some(all), None, None, None, None, None) => Ok(Self::All { all }),
            (None, Some(any), None, None, None, None) => Ok(Self::Any { any }),
            (None, None, Some(not), None, None, None) => Ok(Self::Not { not }),
            (None, None, None, Some(field), Some(op), Some(value)) => Ok(Self::Test { field, op, value }),
            _ => Err("a condition has either «all», «any» or «not», or «field», «op» and «value»"),
        }
    }
}
