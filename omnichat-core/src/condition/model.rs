//! A condition as it is written.

use serde::{Deserialize, Serialize};
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
    all: Option<Vec<Condition>>,
    any: Option<Vec<Condition>>,
    not: Option<Box<Condition>>,
    field: Option<String>,
    op: Option<Op>,
    #[serde(default)]
    value: Value,
}

impl TryFrom<Written> for Condition {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        match written {
            Written {
                all: Some(all),
                any: None,
                not: None,
                field: None,
                op: None,
                value: Value::Null,
            } => Ok(Self::All { all }),
            Written {
                all: None,
                any: Some(any),
                not: None,
                field: None,
                op: None,
                value: Value::Null,
            } => Ok(Self::Any { any }),
            Written {
                all: None,
                any: None,
                not: Some(not),
                field: None,
                op: None,
                value: Value::Null,
            } => Ok(Self::Not { not }),
            Written {
                all: None,
                any: None,
                not: None,
                field: Some(field),
                op: Some(op),
                value,
            } => Ok(Self::Test { field, op, value }),
            _ => Err("a condition has either «all», «any» or «not», or «field», «op» and «value»"),
        }
    }
}
