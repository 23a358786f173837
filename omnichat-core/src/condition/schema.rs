//! The JSON Schema of conditions over a kind of subject.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::generate::SchemaGenerator;
use schemars::{JsonSchema, Schema, json_schema};
use serde_json::{Value, json};

use super::field::{Field, FieldKind, Fields};
use super::model::Op;
use super::predicate::Subject;
use super::reading::{DEPTH, LONGEST, NUMBER_MAX, PARTS, TEXT_MAX, VALUES};
use crate::id::OperatorId;
use crate::limits;

/// The schema of conditions over a kind of subject, under the name that the kind gives it; no value has this type.
#[derive(Debug)]
pub struct Over<S>(PhantomData<fn() -> S>);

impl<S: Subject> JsonSchema for Over<S> {
    fn schema_name() -> Cow<'static, str> {
        S::SCHEMA.into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let itself = generator.subschema_for::<Self>();
        schema(S::FIELDS, &itself)
    }
}

/// The schema, in which `itself` is a reference to it.
///
/// A condition is one object with members that may be left out: generators of clients cannot read a union that is made of itself. Which
/// fields there are, how each is compared and what with is under `x-fields`: a list of `field`, a pattern where it stands for many, and
/// `compared`, the schema of the value by each `op`.
fn schema(fields: &'static Fields, itself: &Schema) -> Schema {
    let several =
        |what: &str| json!({ "type": "array", "items": itself, "maxItems": PARTS - 1, "description": what });
    let names: Vec<String> = fields.iter().map(name).collect();
    json_schema!({
        "type": "object",
        "description": format!(
            "What must be true: a tree of conditions. Each is one of `all`, `any` and `not`, which join conditions, or a test: `field`, \
             `op` and `value`. `all` of nothing is true, `any` of nothing is false. A condition has at most {PARTS} tests and groups, \
             which lie at most {DEPTH} deep in one another; one that is kept has fewer. A field that is absent meets `is_not`, `not_in` \
             and `has_not`, and of the others only `exists` with `false`. The fields: `{}`. What each is compared with is under \
             `x-fields`.", names.join("`, `")
        ),
        "properties": {
            "all": several("All of these hold."),
            "any": several("One of these holds, or more."),
            "not": itself,
            "field": {
                "type": "string", "minLength": 1, "maxLength": limits::ATTRIBUTE_NAME + 20,
                "description": "The name of the field that is tested."
            },
            "op": { "type": "string", "enum": Op::ALL.map(Op::name), "description": "How it is compared." },
            "value": {
                "description": "What with: a text, an id, a time, a number, a flag, or a list.",
                "oneOf": [
                    { "type": "string" }, { "type": "number" }, { "type": "boolean" },
                    { "type": "array", "items": { "type": "string" }, "maxItems": VALUES }
                ]
            }
        },
        "minProperties": 1,
        "additionalProperties": false,
        "x-fields": fields.iter().map(described).collect::<Vec<Value>>(),
        // What is wrong in a tree is told better by whoever walks it.
        "x-own-errors": true
    })
}

fn name(field: &Field) -> String {
    match field.kind {
        FieldKind::Attributes => format!("{}.NAME", field.name),
        _ => field.name.to_owned(),
    }
}

fn described(field: &Field) -> Value {
    let compared: serde_json::Map<String, Value> = field
        .ops()
        .map(|op| (op.name().to_owned(), value(field.kind, op)))
        .collect();
    json!({ "field": name(field), "compared": compared })
}

/// What a kind of field is compared with.
fn value(kind: FieldKind, op: Op) -> Value {
    let text = json!({ "type": "string", "minLength": 1, "maxLength": TEXT_MAX });
    let id = |prefix: &str, or: &str| json!({ "type": "string", "pattern": format!("^({or}{prefix}_[0-9a-f]{{32}})$") });
    let one = match kind {
        FieldKind::Choice(names) => json!({ "type": "string", "enum": names }),
        FieldKind::Id(prefix) => id(prefix, ""),
        FieldKind::Operator | FieldKind::Operators => id(OperatorId::PREFIX, "me|"),
        FieldKind::Name | FieldKind::Text | FieldKind::Texts | FieldKind::Attributes => text,
        FieldKind::Flag => json!({ "type": "boolean" }),
        FieldKind::Number => json!({ "type": "integer", "minimum": 0, "maximum": NUMBER_MAX }),
        FieldKind::Time => json!({ "type": "string", "format": "date-time" }),
    };
    match op {
        Op::In | Op::NotIn => json!({ "type": "array", "items": one, "minItems": 1, "maxItems": VALUES }),
        Op::Within | Op::OlderThan => {
            json!({ "type": "integer", "minimum": 1, "maximum": LONGEST, "description": "Seconds." })
        }
        Op::Exists => json!({ "type": "boolean" }),
        _ => one,
    }
}
