//! What is the same for every operation is added here instead of being repeated above each handler: who may call it, which
//! problems it may answer with, what its fields may hold, that nothing else is taken, that fields of answers are always there,
//! and that rows of lists have a name.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;

use super::{problems, requests};
use crate::auth::cookies::Kept;

/// Fields of answers that are left out when there is nothing to say, and never `null`. All others are there, be it as `null`.
const MAY_BE_ABSENT: [(&str, &str); 8] = [
    ("HealthCheck", "warnings"),
    ("Span", "url"),
    ("Button", "data"),
    ("Button", "url"),
    ("Session", "refresh_token"),
    ("Problem", "detail"),
    ("Problem", "retry_after_ms"),
    ("Problem", "errors"),
];

/// The document with what all operations share.
pub fn complete(document: OpenApi) -> Value {
    let mut document = serde_json::to_value(document).unwrap_or_default();
    document["security"] = json!([{ "access_token": [] }]);
    document["components"]["securitySchemes"] = json!({
        "access_token": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
        "access_cookie": {
            "type": "apiKey", "in": "cookie", "name": Kept::Access.name(false),
            "description": format!("Over HTTPS it is called `{}`.", Kept::Access.name(true)),
        },
        "visitor_token": {
            "type": "http",
            "scheme": "bearer",
            "description": "A visitor's token: `token` of the answer to `start_session`."
        }
    });
    // The host's own address, whatever it is.
    document["servers"] = json!([{ "url": "/" }]);
    name_rows(&mut document["components"]["schemas"]);
    write_out_variants(&mut document["components"]["schemas"]);
    for (name, schema) in objects(&mut document["components"]["schemas"]) {
        // What comes in may leave out what has a default; what goes out is whole.
        // A condition goes both ways as it was written.
        if !name.ends_with("In") && schema["x-own-errors"] != true {
            require_all(name, schema);
        }
    }
    requests::complete(&mut document);
    problems::add(&mut document);
    document
}

pub(super) fn objects(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flatten()
}

/// Makes every field of an answer's schema required.
fn require_all(name: &str, schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
        for (field, property) in properties.iter_mut() {
            if MAY_BE_ABSENT.contains(&(name, field)) {
                never_null(property);
            }
        }
        // Rows that cannot be shown are named only where there are some.
        let there =
            |field: &&String| !MAY_BE_ABSENT.contains(&(name, field.as_str())) && field.as_str() != "damaged";
        let required: Vec<Value> = properties
            .keys()
            .filter(there)
            .cloned()
            .map(Value::String)
            .collect();
        if required.is_empty() {
            object.remove("required");
        } else {
            object.insert("required".to_owned(), Value::Array(required));
        }
    }
    for part in ["oneOf", "allOf"] {
        if let Some(parts) = object.get_mut(part).and_then(Value::as_array_mut) {
            parts.iter_mut().for_each(|part| require_all(name, part));
        }
    }
    nested(name, object);
}

/// A type of several, without `null`.
fn never_null(property: &mut Value) {
    let Some(types) = property["type"].as_array_mut() else {
        return;
    };
    types.retain(|name| name != "null");
    if let [only] = types.as_slice() {
        property["type"] = only.clone();
    }
}

/// Lists are generic here and their rows written out in each; a row with a schema of its own is told by its name.
fn name_rows(schemas: &mut Value) {
    let named: BTreeSet<String> = objects(schemas).map(|(name, _)| name.clone()).collect();
    for (list, schema) in objects(schemas) {
        let row = list
            .strip_prefix("PageView_")
            .or_else(|| list.strip_prefix("ListView_"));
        if let Some(row) = row.filter(|row| named.contains(*row)) {
            schema["properties"]["items"]["items"] = json!({ "$ref": format!("#/components/schemas/{row}") });
        }
    }
}

/// A variant that is another schema and its own name is written out: generators of clients do not understand it otherwise.
fn write_out_variants(schemas: &mut Value) {
    let all = schemas.clone();
    for (_, schema) in objects(schemas) {
        let variants = schema.get_mut("oneOf").and_then(Value::as_array_mut);
        for variant in variants.into_iter().flatten() {
            let Some(parts) = variant.get("allOf").and_then(Value::as_array).cloned() else {
                continue;
            };
            let mut whole = json!({ "type": "object", "properties": {}, "required": [] });
            for part in parts {
                let named = part["$ref"].as_str().and_then(|name| name.rsplit('/').next());
                let part = named.map_or(&part, |name| &all[name]);
                let properties = part["properties"].as_object().into_iter().flatten();
                for (field, property) in properties {
                    whole["properties"][field] = property.clone();
                }
                if let Some(required) = whole["required"].as_array_mut() {
                    required.extend(part["required"].as_array().into_iter().flatten().cloned());
                }
            }
            whole["description"] = variant["description"].take();
            *variant = whole;
        }
    }
}

/// Schemas written inside others.
fn nested(name: &str, object: &mut Map<String, Value>) {
    if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
        for property in properties.values_mut() {
            if let Some(items) = property.get_mut("items") {
                require_all(name, items);
            }
            require_all(name, property);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_absent_is_never_null() {
        let document = crate::router::document();
        for (name, field) in MAY_BE_ABSENT {
            let schema = &document["components"]["schemas"][name];
            let property = &schema["properties"][field];
            assert!(property["type"].is_string(), "{name}.{field}: {property}");
            let required = schema["required"].as_array().unwrap();
            assert!(!required.contains(&json!(field)), "{name}.{field}");
        }
    }

    #[test]
    fn rows_of_lists_are_told_by_their_name() {
        let document = crate::router::document();
        let schemas = document["components"]["schemas"].as_object().unwrap();
        let lists = schemas
            .iter()
            .filter_map(|(name, schema)| Some((name.split_once("View_")?.1, schema)));
        let mut count = 0;
        for (row, list) in lists {
            let items = &list["properties"]["items"]["items"];
            assert_eq!(*items, json!({ "$ref": format!("#/components/schemas/{row}") }));
            count += 1;
        }
        assert!(count > 7, "{count}");
    }
}
