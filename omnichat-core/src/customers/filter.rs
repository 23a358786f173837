//! Which customers a list holds, and in which order.

use super::fields;
use super::model::Customer;
use crate::clock::Timestamp;
use crate::condition::{Is, Predicate, TEXT_MAX, Test, Value, put};
use crate::limits;

/// The order of a list of customers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CustomerSort {
    /// Last seen first.
    #[default]
    Seen,
    /// Newest first.
    Created,
}

impl CustomerSort {
    /// The field that lists are sorted by.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Seen => fields::LAST_SEEN_AT,
            Self::Created => fields::CREATED_AT,
        }
    }
}

impl Customer {
    /// The value that a list is sorted by; it falls.
    pub fn sort_value(&self, sort: CustomerSort) -> i64 {
        match sort {
            CustomerSort::Seen => self.last_seen_at.micros(),
            CustomerSort::Created => self.created_at.micros(),
        }
    }
}

/// Which customers are wanted: all, unless it says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerFilter {
    /// Of which this is true, see [`fields`].
    pub condition: Predicate,
    /// The order.
    pub sort: CustomerSort,
}

impl CustomerFilter {
    /// Those who have a text in their name, e-mail address or phone number, whatever the case; last seen first.
    pub fn with_text(text: &str) -> Self {
        Self {
            condition: with_text(text),
            ..Self::default()
        }
    }
}

/// What is true of customers who have a text in their name, e-mail address or phone number, whatever the case. An empty text is
/// in everybody's.
pub fn with_text(text: &str) -> Predicate {
    if text.is_empty() {
        return Predicate::default();
    }
    let wanted = text.to_lowercase();
    let holds = |field| Predicate::test(field, Is::Containing(wanted.clone()));
    Predicate::Any(SEARCHED.map(holds).to_vec())
}

/// The fields that one index of texts is made of.
const SEARCHED: [&str; 3] = [fields::NAME, fields::EMAIL, fields::PHONE];

/// The parts of a filter that a store has indexes for: every part that is there must hold. What is absent does not restrict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerFacets {
    /// With this label.
    pub tag: Option<String>,
    /// With this attribute of this value.
    pub attribute: Option<(String, String)>,
    /// Only blocked ones.
    pub blocked: bool,
    /// With this text, which is in small letters, in name, e-mail address or phone number. The tests that it was taken from are left
    /// to test: one of them may ask for more.
    pub text: Option<String>,
    /// The time that the list is sorted by is this or later.
    pub from: Option<Timestamp>,
    /// That same time is earlier than this.
    pub to: Option<Timestamp>,
    /// The order, and which time `from` and `to` are about.
    pub sort: CustomerSort,
}

impl CustomerFacets {
    /// The parts of a filter that indexes can answer, and what is left to test.
    pub fn of(filter: &CustomerFilter) -> (Self, Predicate) {
        let mut facets = Self {
            sort: filter.sort,
            ..Self::default()
        };
        let mut rest = Vec::new();
        facets.take(&filter.condition, &mut rest);
        (facets, Predicate::All(rest))
    }

    fn take(&mut self, condition: &Predicate, rest: &mut Vec<Predicate>) {
        if let Predicate::All(all) = condition {
            all.iter().for_each(|one| self.take(one, rest));
            return;
        }
        if matches!(condition, Predicate::Test(test) if self.takes(test)) {
            return;
        }
        if let Some(text) = text_of(condition) {
            // The longest is in the fewest.
            let held = self.text.as_ref().map_or(0, String::len);
            if text.len() > held {
                self.text = Some(text);
            }
        }
        rest.push(condition.clone());
    }

    /// Takes a test in, if there is a place for it that is still free.
    fn takes(&mut self, test: &Test) -> bool {
        match &test.is {
            Is::AtLeast(at) if test.field == self.sort.field() => {
                let at = Timestamp::from_micros(*at);
                self.from = Some(self.from.map_or(at, |from| from.max(at)));
                true
            }
            Is::Below(at) if test.field == self.sort.field() => {
                let at = Timestamp::from_micros(*at);
                self.to = Some(self.to.map_or(at, |to| to.min(at)));
                true
            }
            Is::OneOf(values) => match &values[..] {
                [value] => self.takes_value(test, value),
                _ => false,
            },
            _ => false,
        }
    }

    fn takes_value(&mut self, test: &Test, value: &Value) -> bool {
        match (test.field, value) {
            (fields::TAGS, Value::Text(tag)) if is_found_by(tag) => put(&mut self.tag, tag.clone()),
            (fields::ATTRIBUTES, Value::Text(text)) if is_found_by(text) => {
                let name = test.attribute.clone().unwrap_or_default();
                is_found_by(&name) && put(&mut self.attribute, (name, text.clone()))
            }
            (fields::BLOCKED, Value::Flag(true)) => {
                self.blocked = true;
                true
            }
            _ => false,
        }
    }
}

/// Whether customers are found by an index with this tag, or this name or value of an attribute: nothing else can be asked for.
pub fn is_found_by(text: &str) -> bool {
    text.chars().count() <= TEXT_MAX && !text.contains('\0')
}

/// A text in small letters that everybody of whom a condition is true has in name, e-mail address or phone number, long enough for
/// an index to help.
fn text_of(condition: &Predicate) -> Option<String> {
    let text = match condition {
        Predicate::Test(test) if SEARCHED.contains(&test.field) => match &test.is {
            Is::Containing(text) | Is::Beginning(text) => text.clone(),
            Is::OneOf(values) => match &values[..] {
                [Value::Text(text)] => text.to_lowercase(),
                _ => return None,
            },
            _ => return None,
        },
        // A search in all of them.
        Predicate::Any(any) => {
            let mut texts = any.iter().map(text_of);
            let first = texts.next()??;
            if !texts.all(|text| text.as_ref() == Some(&first)) {
                return None;
            }
            first
        }
        _ => return None,
    };
    (text.chars().count() >= limits::SEARCH_MIN && !text.contains('\0')).then_some(text)
}
