//! The JSON Schema of conditions over a kind of subject: which fields there are, how each is compared and what with.

use std::collections::BTreeMap;

use schemars::{Schema, json_schema};
use serde_json::{Value, json};

use super::field::{Field, FieldKind, Fields};
use super::model::Op;
use super::reading::{DEPTH, LONGEST, NUMBER_MAX, PARTS, TEXT_MAX, VALUES};
use crate::id::OperatorId;
use crate::limits;

/// The schema, in which `itself` is a reference to it.
pub fn schema(fields: &'static Fields, itself: &Schema) -> Schema {
    let several = json!({ "type": "array", "items": itself, "maxItems": PARTS - 1 });
    let object = |description: &str, properties: Value| {
        let required: Vec<&String> = properties
            .as_object()
            .into_iter()
            .flat_map(|all| all.keys())
            .collect();
        json!({
            "type": "object", "description": description, "properties": properties, "required": required,
            "additionalProperties": false
        })
    };
    let mut kinds = vec![
        object("All of these hold.", json!({ "all": several })),
        object("One of these holds, or more.", json!({ "any": several })),
        object("This does not hold.", json!({ "not": itself })),
    ];
    for ((ops, value), names) in alike(fields) {
        let (ops, value): (Value, Value) = (read(&ops), read(&value));
        let description = "A field is as it should be.";
        kinds.push(object(
            description,
            json!({ "field": names, "op": ops, "value": value }),
        ));
    }
    json_schema!({
        "description": format!(
            "What must be true: a tree of conditions over fields. `all` of nothing is true, `any` of nothing is false. It has at most \
             {PARTS} tests and groups, which lie at most {DEPTH} deep in one another. A field that is absent meets `is_not`, `not_in` \
             and `has_not`, and of the others only `exists` with `false`."
        ),
        "oneOf": kinds,
        // What is wrong in a tree is told better by whoever walks it than by a schema of twenty variants.
        "x-own-errors": true
    })
}

/// The ways of comparing and the values of fields, as JSON, each with the fields that are compared so.
fn alike(fields: &'static Fields) -> BTreeMap<(String, String), Value> {
    let mut found: BTreeMap<(String, String), Vec<&Field>> = BTreeMap::new();
    for field in fields {
        let mut ways: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for op in field.ops() {
            ways.entry(value(field.kind, op).to_string())
                .or_default()
                .push(op.name());
        }
        for (value, ops) in ways {
            let ops = json!({ "type": "string", "enum": ops }).to_string();
            found.entry((ops, value)).or_default().push(field);
        }
    }
    let named = |fields: Vec<&Field>| match &fields[..] {
        [
            Field {
                name,
                kind: FieldKind::Attributes,
                ..
            },
        ] => json!({
            "type": "string", "pattern": format!(r"^{name}\.[^\x00]{{1,{}}}$", limits::ATTRIBUTE_NAME),
            "description": format!("`{name}.` and the attribute's name.")
        }),
        fields => {
            json!({ "type": "string", "enum": fields.iter().map(|field| field.name).collect::<Vec<_>>() })
        }
    };
    found
        .into_iter()
        .flat_map(|(way, fields)| {
            let (attributes, others): (Vec<_>, Vec<_>) = fields
                .into_iter()
                .partition(|field| field.kind == FieldKind::Attributes);
            [attributes, others]
                .into_iter()
                .filter(|fields| !fields.is_empty())
                .map(move |fields| (way.clone(), fields))
        })
        .map(|(way, fields)| (way, named(fields)))
        .fold(
            BTreeMap::new(),
            |mut all: BTreeMap<(String, String), Value>, (way, names)| {
                match all.get_mut(&way) {
                    // Attributes and others that are compared alike.
                    Some(held) => *held = json!({ "anyOf": [held.clone(), names] }),
                    None => {
                        all.insert(way, names);
                    }
                }
                all
            },
        )
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// What a kind of field is compared with.
fn value(kind: FieldKind, op: Op) -> Value {
    let text = json!({ "type": "string", "minLength": 1, "maxLength": TEXT_MAX, "pattern": r"^[^\x00]*$" });
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
