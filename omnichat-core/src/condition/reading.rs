//! From a condition as it is written to what it means.

use std::time::Duration;

use serde_json::Value as Json;
use uuid::Uuid;

use super::field::{Field, FieldKind, Fields, Names, named};
use super::model::{Condition, Op};
use super::predicate::{Is, Predicate, Test, Value};
use crate::clock::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::id::OperatorId;

/// Most tests and groups of a condition.
pub(super) const PARTS: usize = 100;
/// How deep its groups may lie in one another.
pub(super) const DEPTH: usize = 8;
/// Most tests and groups of a condition that is kept: whoever looks at a list by it can narrow it further.
const KEPT_PARTS: usize = 80;
/// How deep the groups of one may lie in one another.
const KEPT_DEPTH: usize = 6;
/// Longest JSON of one, in bytes: it has to go into addresses.
const KEPT_BYTES: usize = 4_000;
/// Most values of a list.
pub(super) const VALUES: usize = 50;
/// Longest text, in characters: nothing longer can be looked for.
pub const TEXT_MAX: usize = 200;
/// Longest name of an attribute, in characters.
const ATTRIBUTE: usize = crate::limits::ATTRIBUTE_NAME;
/// Furthest that a time may be ago, in seconds: ten years.
pub(super) const LONGEST: u64 = 315_360_000;
/// Largest number: what JSON carries exactly.
pub(super) const NUMBER_MAX: i64 = 1 << 53;
/// Wrong places that are told of at once.
const TOLD: usize = 20;

/// Who asks, and when: what «me» and «within an hour» mean.
#[derive(Clone, Copy, Debug)]
pub struct Asker {
    /// The operator, if it is one.
    pub me: Option<OperatorId>,
    /// The time.
    pub now: Timestamp,
}

impl Condition {
    /// What it means over fields, for who asks now.
    ///
    /// # Errors
    /// `Invalid` with every wrong place, by its path behind the given one: `filter.all[1].value`.
    pub fn over(&self, fields: &'static Fields, asker: Asker, place: &str) -> Result<Predicate> {
        self.read(fields, asker, place, (PARTS, DEPTH))
    }

    fn read(
        &self,
        fields: &'static Fields,
        asker: Asker,
        place: &str,
        (parts_max, depth_max): (usize, usize),
    ) -> Result<Predicate> {
        let mut reader = Reader {
            fields,
            asker,
            parts_max,
            depth_max,
            parts: 0,
            wrong: Vec::new(),
        };
        let predicate = reader.read(self, place, 1);
        Error::invalid_fields(reader.wrong).map_or(Ok(predicate), Err)
    }

    /// Whether it means something over fields, whoever asks, and is small enough to be kept: 80 tests and groups, 6 deep, 4,000 bytes
    /// of JSON.
    ///
    /// # Errors
    /// As [`Condition::over`].
    pub fn check(&self, fields: &'static Fields, place: &str) -> Result<()> {
        let anybody = Asker {
            me: Some(OperatorId::from_uuid(Uuid::nil())),
            now: Timestamp::default(),
        };
        self.read(fields, anybody, place, (KEPT_PARTS, KEPT_DEPTH))?;
        let bytes = serde_json::to_string(self).map_or(0, |text| text.len());
        if bytes > KEPT_BYTES {
            let message = format!(
                "a condition that is kept has at most {KEPT_BYTES} bytes of JSON, and this one {bytes}"
            );
            return Err(Error::invalid_field(place, "too_long", message));
        }
        Ok(())
    }
}

struct Reader {
    fields: &'static Fields,
    asker: Asker,
    parts_max: usize,
    depth_max: usize,
    parts: usize,
    wrong: Vec<(String, &'static str, String)>,
}

/// Why a value is none: a code and a sentence.
type Refusal = (&'static str, String);

impl Reader {
    fn refuse(&mut self, place: String, code: &'static str, message: impl Into<String>) -> Predicate {
        if self.wrong.len() < TOLD {
            self.wrong.push((place, code, message.into()));
        }
        Predicate::default()
    }

    fn read(&mut self, condition: &Condition, place: &str, depth: usize) -> Predicate {
        self.parts += 1;
        let (parts_max, depth_max) = (self.parts_max, self.depth_max);
        if self.parts == parts_max + 1 {
            let message = format!("a condition has at most {parts_max} tests and groups");
            return self.refuse(place.to_owned(), "too_many", message);
        }
        if self.parts > parts_max {
            return Predicate::default();
        }
        if depth > depth_max {
            let message = format!("groups lie at most {depth_max} deep in one another");
            return self.refuse(place.to_owned(), "too_deep", message);
        }
        let mut inner = |parts: &[Condition], name: &str| -> Vec<Predicate> {
            let each = parts.iter().enumerate();
            each.map(|(n, part)| self.read(part, &format!("{place}.{name}[{n}]"), depth + 1))
                .collect()
        };
        match condition {
            Condition::All { all } => Predicate::All(inner(all, "all")),
            Condition::Any { any } => Predicate::Any(inner(any, "any")),
            Condition::Not { not } => self.read(not, &format!("{place}.not"), depth + 1).negated(),
            Condition::Test { field, op, value } => self.test(field, *op, value, place),
        }
    }

    fn test(&mut self, name: &str, op: Op, value: &Json, place: &str) -> Predicate {
        let Some((field, attribute)) = named(self.fields, name) else {
            let known = format!("the fields are {}", Names(self.fields));
            return self.refuse(format!("{place}.field"), "unknown", known);
        };
        if attribute.is_some_and(|name| name.chars().count() > ATTRIBUTE || name.contains('\0')) {
            let message = format!("the name of an attribute has at most {ATTRIBUTE} characters");
            return self.refuse(format!("{place}.field"), "too_long", message);
        }
        if !field.ops().any(|able| able == op) {
            let able: Vec<_> = field.ops().map(Op::name).collect();
            let message = format!("«{}» is compared by {}", field.name, able.join(", "));
            return self.refuse(format!("{place}.op"), "unsupported", message);
        }
        match self.is(field, op, value) {
            Ok((is, negated)) => {
                let test = Predicate::Test(Test {
                    field: field.name,
                    attribute: attribute.map(str::to_owned),
                    is,
                });
                if negated { test.negated() } else { test }
            }
            Err((code, message)) => self.refuse(format!("{place}.value"), code, message),
        }
    }

    /// What the field must be, or must not be.
    fn is(&self, field: &Field, op: Op, value: &Json) -> Result<(Is, bool), Refusal> {
        let one = || Ok(Is::OneOf(vec![self.value(field, value)?]));
        let text = || Ok(self.text(value)?.to_lowercase());
        Ok(match op {
            Op::Is | Op::Has => (one()?, false),
            Op::IsNot | Op::HasNot => (one()?, true),
            Op::In => (self.list(field, value)?, false),
            Op::NotIn => (self.list(field, value)?, true),
            Op::Contains => (Is::Containing(text()?), false),
            Op::StartsWith => (Is::Beginning(text()?), false),
            Op::AtLeast => (Is::AtLeast(number(value)?), false),
            Op::AtMost => (Is::Below(number(value)? + 1), false),
            Op::From => (Is::AtLeast(time(value)?), false),
            Op::Before => (Is::Below(time(value)?), false),
            Op::Within => (Is::AtLeast(self.ago(value)?), false),
            Op::OlderThan => (Is::Below(self.ago(value)?), false),
            Op::Exists => (Is::There, !flag(value)?),
        })
    }

    fn list(&self, field: &Field, value: &Json) -> Result<Is, Refusal> {
        let values = value
            .as_array()
            .filter(|values| !values.is_empty() && values.len() <= VALUES);
        let Some(values) = values else {
            return Err(("format", format!("a list of 1 to {VALUES} values is needed")));
        };
        let values: Result<_, _> = values.iter().map(|value| self.value(field, value)).collect();
        Ok(Is::OneOf(values?))
    }

    fn value(&self, field: &Field, value: &Json) -> Result<Value, Refusal> {
        Ok(match field.kind {
            FieldKind::Choice(names) => {
                let name = value
                    .as_str()
                    .and_then(|name| names.iter().find(|known| **known == name));
                let unknown = || ("unknown", format!("one of {} is needed", names.join(", ")));
                Value::Text((*name.ok_or_else(unknown)?).to_owned())
            }
            FieldKind::Name | FieldKind::Text | FieldKind::Texts | FieldKind::Attributes => {
                Value::Text(self.text(value)?.to_owned())
            }
            FieldKind::Id(prefix) => Value::Id(id(value, prefix)?),
            FieldKind::Operator | FieldKind::Operators => match (value.as_str(), self.asker.me) {
                (Some("me"), Some(me)) => Value::Id(me.uuid()),
                (Some("me"), None) => {
                    return Err(("unsupported", "«me» is an operator, and none asks".to_owned()));
                }
                _ => Value::Id(id(value, OperatorId::PREFIX)?),
            },
            FieldKind::Flag => Value::Flag(flag(value)?),
            FieldKind::Number => Value::Number(number(value)?),
            FieldKind::Time => Value::Number(time(value)?),
        })
    }

    fn text<'a>(&self, value: &'a Json) -> Result<&'a str, Refusal> {
        let text = value
            .as_str()
            .filter(|text| !text.is_empty() && !text.contains('\0'));
        let text = text.ok_or_else(|| ("format", "a text is needed".to_owned()))?;
        match text.chars().count() > TEXT_MAX {
            true => Err(("too_long", format!("a text has at most {TEXT_MAX} characters"))),
            false => Ok(text),
        }
    }

    /// The time that was so many seconds ago, in microseconds.
    fn ago(&self, value: &Json) -> Result<i64, Refusal> {
        let seconds = number(value).ok().and_then(|seconds| u64::try_from(seconds).ok());
        let seconds = seconds.filter(|seconds| (1..=LONGEST).contains(seconds));
        let seconds = seconds.ok_or_else(|| {
            (
                "format",
                format!("a number of seconds from 1 to {LONGEST} is needed"),
            )
        })?;
        Ok(self.asker.now.before(Duration::from_secs(seconds)).micros())
    }
}

fn id(value: &Json, prefix: &str) -> Result<Uuid, Refusal> {
    let wrong = || ("format", format!("an id that begins with «{prefix}_» is needed"));
    let digits = value
        .as_str()
        .and_then(|id| id.strip_prefix(prefix)?.strip_prefix('_'));
    let digits =
        digits.filter(|digits| digits.len() == 32 && !digits.contains(|c: char| c.is_ascii_uppercase()));
    digits
        .and_then(|digits| Uuid::try_parse(digits).ok())
        .ok_or_else(wrong)
}

fn flag(value: &Json) -> Result<bool, Refusal> {
    value
        .as_bool()
        .ok_or_else(|| ("format", "«true» or «false» is needed".to_owned()))
}

fn number(value: &Json) -> Result<i64, Refusal> {
    // A whole number may be written as `5.0`.
    let whole = |number: f64| (number.fract() == 0.0).then_some(number as i64);
    let number = value
        .as_i64()
        .or_else(|| value.as_f64().and_then(whole))
        .filter(|number| (0..=NUMBER_MAX).contains(number));
    number.ok_or_else(|| ("format", "a whole number from 0 is needed".to_owned()))
}

fn time(value: &Json) -> Result<i64, Refusal> {
    let wrong = || {
        (
            "format",
            "a time such as 2026-01-31T12:00:00Z is needed".to_owned(),
        )
    };
    // What else can be told of a time, the name of its zone for one, not everybody reads.
    let is_plain = |text: &&str| {
        text.bytes()
            .all(|b| b.is_ascii_digit() || b"-:.+tTzZ".contains(&b))
    };
    let text = value.as_str().filter(is_plain).ok_or_else(wrong)?;
    let time: Result<Timestamp> = text.parse().map_err(|_| Error::new(ErrorKind::Invalid, "time"));
    time.map(Timestamp::micros).map_err(|_| wrong())
}
