//! What conditions can be about.

use std::fmt;

use super::model::Op;

/// Something of a subject that a condition may test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name, as in the API.
    pub name: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// A subject may have none.
    pub optional: bool,
}

/// What a field holds, which says how it may be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One of these names.
    Choice(&'static [&'static str]),
    /// A name that not everybody knows, such as a channel's.
    Name,
    /// An id with this prefix.
    Id(&'static str),
    /// An operator's id, or `me`.
    Operator,
    /// Several operators.
    Operators,
    /// Several texts.
    Texts,
    /// A text.
    Text,
    /// Texts under names of their own: the field is the name behind a dot, `attributes.city`.
    Attributes,
    /// Yes or no.
    Flag,
    /// A whole number.
    Number,
    /// A time.
    Time,
}

/// The fields of a kind of subject.
pub type Fields = [Field];

impl Field {
    /// One that every subject has.
    pub const fn new(name: &'static str, kind: FieldKind) -> Self {
        Self {
            name,
            kind,
            optional: false,
        }
    }

    /// One that a subject may be without.
    pub const fn optional(name: &'static str, kind: FieldKind) -> Self {
        Self {
            name,
            kind,
            optional: true,
        }
    }

    /// How it may be compared.
    pub fn ops(&self) -> impl Iterator<Item = Op> {
        let ops: &[Op] = match self.kind {
            FieldKind::Choice(_) | FieldKind::Name | FieldKind::Id(_) | FieldKind::Operator => {
                &[Op::Is, Op::IsNot, Op::In, Op::NotIn]
            }
            FieldKind::Operators | FieldKind::Texts => &[Op::Has, Op::HasNot],
            FieldKind::Text | FieldKind::Attributes => {
                &[Op::Is, Op::IsNot, Op::In, Op::NotIn, Op::Contains, Op::StartsWith]
            }
            FieldKind::Flag => &[Op::Is],
            FieldKind::Number => &[Op::Is, Op::AtLeast, Op::AtMost],
            FieldKind::Time => &[Op::From, Op::Before, Op::Within, Op::OlderThan],
        };
        ops.iter().copied().chain(self.optional.then_some(Op::Exists))
    }
}

/// Finds the field that a condition names, and the name behind the dot where it is one of [`FieldKind::Attributes`].
pub(super) fn named<'a>(fields: &'static Fields, name: &'a str) -> Option<(&'static Field, Option<&'a str>)> {
    let is = |wanted: &str, has_names: bool| {
        fields
            .iter()
            .find(|field| field.name == wanted && (field.kind == FieldKind::Attributes) == has_names)
    };
    match name.split_once('.') {
        None => is(name, false).map(|field| (field, None)),
        Some((_, "")) => None,
        Some((of, attribute)) => is(of, true).map(|field| (field, Some(attribute))),
    }
}

/// The names of all fields, for an error.
pub(super) struct Names(pub(super) &'static Fields);

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, field) in self.0.iter().enumerate() {
            let between = if n == 0 { "" } else { ", " };
            let behind = if field.kind == FieldKind::Attributes {
                ".NAME"
            } else {
                ""
            };
            write!(f, "{between}{}{behind}", field.name)?;
        }
        Ok(())
    }
}
