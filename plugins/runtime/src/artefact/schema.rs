//! Which settings a plugin may have: a part of JSON Schema that every form can draw.
//!
//! An object whose properties are texts, numbers, switches, choices, lists of those, objects of those, or one of several
//! objects told apart by a constant. Secrets are texts at the top, where the host can take them out.

use omnichat_core::error::{Error, Result};
use serde_json::{Map, Value};

use super::refused;

/// Words that say how a value looks or is shown, and need no look inside.
const PLAIN: &[&str] = &[
    "$schema",
    "$id",
    "$comment",
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "const",
    "enum",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "required",
    "additionalProperties",
    "unevaluatedProperties",
];
/// Words that this module looks into.
const STRUCTURE: &[&str] = &[
    "type",
    "properties",
    "items",
    "oneOf",
    "anyOf",
    "$ref",
    "$defs",
    "allOf",
];

/// Checks a schema of settings.
///
/// # Errors
/// `Invalid` on `plugin`, code `schema`, with the place that is outside of the supported part.
pub(crate) fn check(schema: &Value) -> Result<()> {
    jsonschema::meta::validate(schema)
        .map_err(|error| outside("", &format!("it is no JSON Schema: {error}")))?;
    let root = schema.as_object().ok_or_else(|| outside("", "it is no object"))?;
    if type_of(root) != Some("object") {
        return Err(outside("", "settings are an object with properties"));
    }
    let defs = root.get("$defs").and_then(Value::as_object);
    Subset { defs }.object(root, "", Depth::Top)
}

fn outside(path: &str, what: &str) -> Error {
    let place = if path.is_empty() {
        "the schema of its settings".to_owned()
    } else {
        format!("setting «{path}»")
    };
    refused(
        "schema",
        format!(
            "{place} is outside of what forms can show: {what}. Use objects, texts, numbers, switches, choices, lists of \
             those and one level of tagged alternatives"
        ),
    )
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Top,
    Inside,
}

struct Subset<'a> {
    defs: Option<&'a Map<String, Value>>,
}

/// The type, with `null` for "or nothing" taken away.
fn type_of(schema: &Map<String, Value>) -> Option<&str> {
    match schema.get("type")? {
        Value::String(name) => Some(name),
        Value::Array(names) => {
            let mut names = names
                .iter()
                .filter_map(Value::as_str)
                .filter(|name| *name != "null");
            let first = names.next()?;
            names.next().is_none().then_some(first)
        }
        _ => None,
    }
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("null")
}

impl<'a> Subset<'a> {
    fn resolve<'s>(&self, schema: &'s Value, path: &str) -> Result<&'s Map<String, Value>>
    where
        'a: 's,
    {
        let mut schema = schema
            .as_object()
            .ok_or_else(|| outside(path, "it is no object"))?;
        for _ in 0..8 {
            // Generators wrap a reference to add a title to it.
            let target = match (schema.get("$ref"), schema.get("allOf").and_then(Value::as_array)) {
                (Some(target), _) => target.as_str(),
                (None, Some(all)) if all.len() == 1 => all[0].get("$ref").and_then(Value::as_str),
                (None, Some(_)) => return Err(outside(path, "«allOf» of several")),
                (None, None) => return Ok(schema),
            };
            schema = target
                .and_then(|target| target.strip_prefix("#/$defs/"))
                .and_then(|name| self.defs?.get(name)?.as_object())
                .ok_or_else(|| outside(path, "a reference leads nowhere"))?;
        }
        Err(outside(path, "references lead in circles"))
    }

    fn words(schema: &Map<String, Value>, path: &str) -> Result<()> {
        let unknown = schema.keys().find(|word| {
            !PLAIN.contains(&word.as_str()) && !STRUCTURE.contains(&word.as_str()) && !word.starts_with("x-")
        });
        match unknown {
            Some(word) => Err(outside(path, &format!("it uses «{word}»"))),
            None => Ok(()),
        }
    }

    fn object(&self, schema: &'a Map<String, Value>, path: &str, depth: Depth) -> Result<()> {
        Self::words(schema, path)?;
        if schema.get("additionalProperties").is_some_and(Value::is_object) {
            return Err(outside(path, "properties with any name"));
        }
        for word in ["oneOf", "anyOf"] {
            if depth == Depth::Top && schema.contains_key(word) {
                return Err(outside(path, &format!("«{word}» at the top")));
            }
        }
        for (name, property) in schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let path = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            self.property(property, &path, depth)?;
        }
        Ok(())
    }

    fn property(&self, property: &'a Value, path: &str, depth: Depth) -> Result<()> {
        let is_secret = property.get("x-secret").and_then(Value::as_bool) == Some(true);
        let schema = self.resolve(property, path)?;
        Self::words(schema, path)?;
        if is_secret && (depth != Depth::Top || type_of(schema) != Some("string")) {
            return Err(outside(path, "a secret is a text at the top of the settings"));
        }
        let alternatives = ["oneOf", "anyOf"]
            .iter()
            .find_map(|word| schema.get(*word)?.as_array());
        if let Some(alternatives) = alternatives {
            return self.alternatives(alternatives, path, depth);
        }
        match type_of(schema) {
            Some("string" | "integer" | "number" | "boolean") => Ok(()),
            Some("array") => self.items(schema, path),
            Some("object") if depth == Depth::Top => self.object(schema, path, Depth::Inside),
            Some("object") => Err(outside(path, "objects deeper than one level")),
            _ if schema.contains_key("const") || schema.contains_key("enum") => Ok(()),
            _ => Err(outside(path, "it has no type, or several")),
        }
    }

    fn items(&self, schema: &'a Map<String, Value>, path: &str) -> Result<()> {
        let items = schema
            .get("items")
            .ok_or_else(|| outside(path, "a list of anything"))?;
        let items = self.resolve(items, path)?;
        let is_choice = items.contains_key("enum")
            || items
                .get("oneOf")
                .and_then(Value::as_array)
                .is_some_and(|all| all.iter().all(|one| one.get("const").is_some()));
        match type_of(items) {
            Some("string" | "integer" | "number" | "boolean") => Ok(()),
            _ if is_choice => Ok(()),
            _ => Err(outside(
                path,
                "a list of something other than texts, numbers, switches or choices",
            )),
        }
    }

    /// A choice of constants, something or nothing, or objects told apart by a constant.
    fn alternatives(&self, all: &'a [Value], path: &str, depth: Depth) -> Result<()> {
        let some: Vec<&Value> = all.iter().filter(|one| !is_null(one)).collect();
        if some.iter().all(|one| one.get("const").is_some()) {
            return Ok(());
        }
        if let [one] = some[..] {
            return self.property(one, path, depth);
        }
        if depth != Depth::Top {
            return Err(outside(path, "alternatives deeper than one level"));
        }
        for one in some {
            let schema = self.resolve(one, path)?;
            let properties = schema.get("properties").and_then(Value::as_object);
            let is_tagged =
                properties.is_some_and(|all| all.values().any(|property| property.get("const").is_some()));
            if type_of(schema) != Some("object") || !is_tagged {
                return Err(outside(path, "alternatives that no constant tells apart"));
            }
            self.object(schema, path, Depth::Inside)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn with(property: Value) -> Result<()> {
        check(&json!({
            "type": "object",
            "properties": { "x": property },
            "$defs": { "Mode": { "type": "string", "enum": ["a", "b"] }, "Loop": { "$ref": "#/$defs/Loop" } },
        }))
    }

    #[test]
    fn what_forms_can_show_passes() {
        for property in [
            json!({ "type": "string", "format": "uri", "x-secret": true, "x-order": 1 }),
            json!({ "type": ["string", "null"], "default": null }),
            json!({ "type": "integer", "format": "uint32", "minimum": 0 }),
            json!({ "$ref": "#/$defs/Mode" }),
            json!({ "allOf": [{ "$ref": "#/$defs/Mode" }], "title": "Mode" }),
            json!({ "anyOf": [{ "$ref": "#/$defs/Mode" }, { "type": "null" }] }),
            json!({ "oneOf": [{ "const": "a", "title": "A" }, { "const": "b" }] }),
            json!({ "type": "array", "items": { "type": "string" } }),
            json!({ "type": "object", "properties": { "y": { "type": "boolean" } } }),
            json!({ "oneOf": [
                { "type": "object", "properties": { "kind": { "const": "a" }, "n": { "type": "number" } } },
                { "type": "object", "properties": { "kind": { "const": "b" } } },
            ] }),
        ] {
            with(property.clone()).unwrap_or_else(|error| panic!("{property}: {error}"));
        }
    }

    #[test]
    fn what_they_cannot_show_is_refused_by_name() {
        for property in [
            json!({}),
            json!({ "type": ["string", "integer"] }),
            json!({ "type": "integer", "x-secret": true }),
            json!({ "$ref": "#/$defs/None" }),
            json!({ "$ref": "#/$defs/Loop" }),
            json!({ "type": "array" }),
            json!({ "type": "array", "items": { "type": "object" } }),
            json!({ "type": "object", "additionalProperties": { "type": "string" } }),
            json!({ "type": "object", "properties": { "y": { "type": "object" } } }),
            json!({ "type": "object", "properties": { "y": { "type": "string", "x-secret": true } } }),
            json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] }),
            json!({ "type": "string", "patternProperties": {} }),
            json!({ "if": {}, "type": "string" }),
        ] {
            let error = with(property.clone()).expect_err(&property.to_string());
            assert_eq!(error.fields()[0].code, "schema");
            assert!(error.message().contains('x'), "{error}");
        }
        for whole in [
            json!(true),
            json!([]),
            json!({ "type": "string" }),
            json!({ "type": 7 }),
        ] {
            assert!(check(&whole).is_err(), "{whole}");
        }
    }
}
