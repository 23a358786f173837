//! What conditions can ask of a customer.

use super::model::Customer;
use crate::condition::{Field, FieldKind, Fields, Found, Subject};

/// Its name.
pub const NAME: &str = "name";
/// Its e-mail address.
pub const EMAIL: &str = "email";
/// Its phone number.
pub const PHONE: &str = "phone";
/// What operators want to remember.
pub const NOTE: &str = "note";
/// Labels.
pub const TAGS: &str = "tags";
/// Free attributes, from forms and from the page around the widget.
pub const ATTRIBUTES: &str = "attributes";
/// Whether its messages are kept as spam.
pub const BLOCKED: &str = "blocked";
/// When it first appeared.
pub const CREATED_AT: &str = "created_at";
/// When it was last heard of.
pub const LAST_SEEN_AT: &str = "last_seen_at";

/// All of them.
pub const FIELDS: &Fields = &[
    Field::new(NAME, FieldKind::Text),
    Field::optional(EMAIL, FieldKind::Text),
    Field::optional(PHONE, FieldKind::Text),
    Field::optional(NOTE, FieldKind::Text),
    Field::optional(TAGS, FieldKind::Texts),
    Field::optional(ATTRIBUTES, FieldKind::Attributes),
    Field::new(BLOCKED, FieldKind::Flag),
    Field::new(CREATED_AT, FieldKind::Time),
    Field::new(LAST_SEEN_AT, FieldKind::Time),
];

impl Subject for Customer {
    const FIELDS: &'static Fields = FIELDS;
    const SCHEMA: &'static str = "CustomerCondition";

    fn field(&self, name: &str, attribute: Option<&str>) -> Found<'_> {
        match name {
            NAME => Found::Text(&self.name),
            EMAIL => text(self.email.as_ref()),
            PHONE => text(self.phone.as_ref()),
            // An empty one is none.
            NOTE => text(Some(&self.note).filter(|note| !note.is_empty())),
            TAGS => Found::Texts(&self.tags),
            ATTRIBUTES => text(attribute.and_then(|name| self.attributes.get(name))),
            BLOCKED => Found::Flag(self.blocked),
            CREATED_AT => Found::Number(self.created_at.micros()),
            LAST_SEEN_AT => Found::Number(self.last_seen_at.micros()),
            _ => Found::Nothing,
        }
    }
}

fn text(text: Option<&String>) -> Found<'_> {
    text.map_or(Found::Nothing, |text| Found::Text(text))
}
