//! What a condition means, once it is known who asks and when.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::field::Fields;

/// What must be true of a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Predicate {
    /// All of these hold.
    All(Vec<Predicate>),
    /// One of these holds, or more.
    Any(Vec<Predicate>),
    /// This does not hold.
    Not(Box<Predicate>),
    /// A field is as it should be.
    Test(Test),
}

impl Default for Predicate {
    /// What is true of everything.
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

/// A test of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// The field's name.
    pub field: &'static str,
    /// Which of its attributes, where it has some.
    pub attribute: Option<String>,
    /// What it must be.
    pub is: Is,
}

/// What a field must be. A field of several values must have one that is so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Is {
    /// There, whatever it is.
    There,
    /// One of these.
    OneOf(Vec<Value>),
    /// A text with this in it; in small letters.
    Containing(String),
    /// A text that begins with this; in small letters.
    Beginning(String),
    /// This or more.
    AtLeast(i64),
    /// Less than this.
    Below(i64),
}

/// What fields are compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text or a name.
    Text(String),
    /// An id.
    Id(Uuid),
    /// Yes or no.
    Flag(bool),
    /// A number; of a time its microseconds.
    Number(i64),
}

/// What a subject has in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// Nothing.
    Nothing,
    /// Something that equals no value that can be named.
    Something,
    /// A text or a name.
    Text(&'a str),
    /// Several texts.
    Texts(&'a [String]),
    /// An id.
    Id(Uuid),
    /// Several ids of operators.
    Operators(&'a [crate::id::OperatorId]),
    /// Yes or no.
    Flag(bool),
    /// A number; of a time its microseconds.
    Number(i64),
}

/// What a predicate can be asked about.
pub trait Subject {
    /// What can be asked of it.
    const FIELDS: &'static Fields;
    /// What the schema of conditions over it is called, see [`super::Over`].
    const SCHEMA: &'static str;

    /// What it has in a field, and of attributes in the one of this name.
    fn field(&self, name: &str, attribute: Option<&str>) -> Found<'_>;
}

impl Predicate {
    /// Whether it is true of a subject.
    pub fn matches(&self, subject: &impl Subject) -> bool {
        self.holds(subject, &mut Lowered::default())
    }

    fn holds<'a>(&'a self, subject: &impl Subject, lowered: &mut Lowered<'a>) -> bool {
        match self {
            Self::All(all) => all.iter().all(|one| one.holds(subject, lowered)),
            Self::Any(any) => any.iter().any(|one| one.holds(subject, lowered)),
            Self::Not(one) => !one.holds(subject, lowered),
            Self::Test(test) => {
                let found = subject.field(test.field, test.attribute.as_deref());
                match (&test.is, found) {
                    (Is::Containing(part), Found::Text(text)) => {
                        lowered.of(test, text).contains(part.as_str())
                    }
                    (Is::Beginning(part), Found::Text(text)) => {
                        lowered.of(test, text).starts_with(part.as_str())
                    }
                    (is, found) => is.of(found),
                }
            }
        }
    }

    /// A field is one of these values.
    pub fn one_of(field: &'static str, values: impl IntoIterator<Item = Value>) -> Self {
        Self::test(field, Is::OneOf(values.into_iter().collect()))
    }

    /// A test of a field without attributes.
    pub fn test(field: &'static str, is: Is) -> Self {
        Self::Test(Test {
            field,
            attribute: None,
            is,
        })
    }

    /// The opposite.
    #[must_use]
    pub fn negated(self) -> Self {
        Self::Not(Box::new(self))
    }

    /// Whether it is true of everything, as far as can be seen.
    pub fn is_always(&self) -> bool {
        match self {
            Self::All(all) => all.iter().all(Self::is_always),
            _ => false,
        }
    }
}

/// Texts of one subject in small letters: each is made once, however many tests look into it.
#[derive(Default)]
struct Lowered<'a>(BTreeMap<(&'static str, Option<&'a str>), String>);

impl<'a> Lowered<'a> {
    /// The text that a test has found, in small letters.
    fn of(&mut self, test: &'a Test, text: &str) -> &str {
        let place = (test.field, test.attribute.as_deref());
        self.0.entry(place).or_insert_with(|| text.to_lowercase())
    }
}

impl Is {
    /// Whether what was found is so. What is looked for in small letters is tested before, see [`Lowered`].
    fn of(&self, found: Found<'_>) -> bool {
        match (self, found) {
            (_, Found::Nothing | Found::Texts([]) | Found::Operators([])) => false,
            (Self::There, _) => true,
            (_, Found::Something) => false,
            (Self::OneOf(values), Found::Texts(texts)) => texts.iter().any(|text| text_among(values, text)),
            (Self::OneOf(values), Found::Text(text)) => text_among(values, text),
            (Self::OneOf(values), Found::Operators(ids)) => {
                ids.iter().any(|id| values.contains(&Value::Id(id.uuid())))
            }
            (Self::OneOf(values), Found::Id(id)) => values.contains(&Value::Id(id)),
            (Self::OneOf(values), Found::Flag(flag)) => values.contains(&Value::Flag(flag)),
            (Self::OneOf(values), Found::Number(number)) => values.contains(&Value::Number(number)),
            (Self::AtLeast(least), Found::Number(number)) => number >= *least,
            (Self::Below(end), Found::Number(number)) => number < *end,
            _ => false,
        }
    }
}

fn text_among(values: &[Value], text: &str) -> bool {
    values
        .iter()
        .any(|value| matches!(value, Value::Text(wanted) if wanted == text))
}

/// Puts a part of a predicate in its place among those that an index answers; whether that was free, or held the same.
pub(crate) fn put<T: PartialEq>(place: &mut Option<T>, value: T) -> bool {
    match place {
        Some(held) => *held == value,
        None => {
            *place = Some(value);
            true
        }
    }
}
