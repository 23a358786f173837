//! What requests may hold: the limits of their fields, that nothing else is taken, which bodies are needed, and examples.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::complete::objects;
use super::{bounds, examples};

const JSON: &str = "application/json";
/// Marks what was made by [`super::entities`].
const ENTITY: &str = "x-entity";
const SCHEMAS: &str = "#/components/schemas/";

/// Completes the requests of a document.
pub(super) fn complete(document: &mut Value) {
    for name in bodies(document) {
        let schema = &mut document["components"]["schemas"][&name];
        // Of an entity its kind says so itself.
        if schema[ENTITY] != true {
            bound(&name, schema);
        }
        if !bounds::LENIENT.contains(&name.as_str()) {
            close(schema);
        }
    }
    let schemas = document["components"]["schemas"].clone();
    for (path, item) in objects(&mut document["paths"]) {
        for (_, operation) in objects(item) {
            complete_body(operation, &schemas);
            if operation[ENTITY] != true {
                complete_parameters(path, operation);
            }
        }
    }
}

/// The names of all schemas that a request's JSON body can hold.
pub(super) fn bodies(document: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let operations = document["paths"].as_object().into_iter().flatten();
    let operations = operations.flat_map(|(_, item)| item.as_object().into_iter().flatten());
    let mut open: Vec<String> = operations
        .filter_map(|(_, operation)| body_schema(operation))
        .map(str::to_owned)
        .collect();
    while let Some(name) = open.pop() {
        let mut inside = Vec::new();
        references(&document["components"]["schemas"][&name], &mut inside);
        if found.insert(name) {
            open.extend(inside);
        }
    }
    found
}

/// The name of the schema of an operation's JSON body.
pub(super) fn body_schema(operation: &Value) -> Option<&str> {
    let schema = &operation["requestBody"]["content"][JSON]["schema"];
    schema["$ref"].as_str()?.strip_prefix(SCHEMAS)
}

fn references(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str().filter(|_| name == "$ref") {
                    Some(reference) => found.extend(reference.strip_prefix(SCHEMAS).map(str::to_owned)),
                    None => references(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

/// Writes down what the fields of a schema may hold.
fn bound(name: &str, schema: &mut Value) {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (field, property) in properties.into_iter().flatten() {
        bound_number(property);
        if let Some(bounds) = bounds::field(name, field)
            && property.get("$ref").is_none()
        {
            merge(property, &bounds);
        }
    }
}

fn bound_number(schema: &mut Value) {
    let bounds = schema["format"].as_str().and_then(bounds::number);
    if let Some(bounds) = bounds {
        for (keyword, value) in bounds.as_object().into_iter().flatten() {
            if schema.get(keyword).is_none() {
                schema[keyword] = value.clone();
            }
        }
    }
}

/// Takes no field that is not named.
fn close(schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    if object.contains_key("properties") && !object.contains_key("additionalProperties") {
        object.insert("additionalProperties".to_owned(), json!(false));
    }
    for (_, inner) in object
        .iter_mut()
        .filter(|(name, _)| *name != "additionalProperties")
    {
        match inner {
            Value::Array(parts) => parts.iter_mut().for_each(close),
            inner => {
                close(inner);
            }
        }
    }
}

fn complete_body(operation: &mut Value, schemas: &Value) {
    let Some(name) = body_schema(operation).map(str::to_owned) else {
        return;
    };
    let required = schemas[&name]["required"].as_array();
    // A body in which everything may be left out may itself be left out.
    operation["requestBody"]["required"] = json!(required.is_some_and(|fields| !fields.is_empty()));
    let of_kind = schemas[&name]["examples"].get(0).cloned();
    if let Some(example) = examples::of(&name).or(of_kind) {
        operation["requestBody"]["content"][JSON]["example"] = example;
    }
}

fn complete_parameters(path: &str, operation: &mut Value) {
    let name = operation["operationId"].as_str().unwrap_or_default().to_owned();
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        let of = parameter["name"].as_str().unwrap_or_default().to_owned();
        let bounds = match parameter["in"].as_str() {
            Some("path") => bounds::segment(before(path, &of), &of),
            Some("query") => bounds::parameter(&name, &of),
            _ => None,
        };
        let in_query = parameter["in"] == "query";
        let schema = &mut parameter["schema"];
        bound_number(schema);
        if let Some(bounds) = bounds
            && schema.get("$ref").is_none()
        {
            merge(schema, &bounds);
        }
        if in_query && is_free_text(schema) {
            schema["pattern"] = json!(bounds::NO_NUL);
        }
    }
}

fn is_free_text(schema: &Value) -> bool {
    let kind = &schema["type"];
    let text = kind == "string"
        || kind
            .as_array()
            .is_some_and(|kinds| kinds.contains(&json!("string")));
    text && ["pattern", "format", "enum"]
        .iter()
        .all(|form| schema.get(form).is_none())
}

/// The part of a path before a variable one.
fn before<'a>(path: &'a str, name: &str) -> &'a str {
    let variable = format!("/{{{name}}}");
    let head = path.split(&variable).next().unwrap_or_default();
    head.rsplit('/').next().unwrap_or_default()
}

fn merge(into: &mut Value, from: &Value) {
    for (keyword, value) in from.as_object().into_iter().flatten() {
        if into[keyword].is_object() && value.is_object() {
            merge(&mut into[keyword], value);
        } else {
            into[keyword] = value.clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts of requests that may be of any length, each for its reason.
    const UNBOUNDED: [&str; 0] = [];

    #[test]
    fn every_text_list_and_number_of_a_request_has_its_limits() {
        let document = super::super::document();
        let mut missing = Vec::new();
        for name in bodies(document) {
            if bounds::LENIENT.contains(&name.as_str()) {
                continue;
            }
            let schema = &document["components"]["schemas"][&name];
            for (field, property) in schema["properties"].as_object().into_iter().flatten() {
                let named = format!("{name}.{field}");
                if !limited(property) && !UNBOUNDED.contains(&named.as_str()) {
                    missing.push(named);
                }
            }
        }
        assert!(
            missing.is_empty(),
            "say in openapi/bounds.rs what these may hold: {missing:?}"
        );
    }

    fn limited(schema: &Value) -> bool {
        let has = |names: &[&str]| names.iter().any(|name| schema.get(name).is_some());
        let is = |name: &str| {
            let kind = &schema["type"];
            kind == name || kind.as_array().is_some_and(|kinds| kinds.contains(&json!(name)))
        };
        (!is("string") || has(&["maxLength", "pattern", "format", "enum"]))
            && (!is("array") || has(&["maxItems"]) && limited(&schema["items"]))
            && (!is("integer") && !is("number") || has(&["maximum"]) && has(&["minimum"]))
    }

    #[test]
    fn no_request_takes_fields_that_it_does_not_name() {
        let document = super::super::document();
        for name in bodies(document) {
            let schema = &document["components"]["schemas"][&name];
            if schema.get("properties").is_some() && !bounds::LENIENT.contains(&name.as_str()) {
                assert_eq!(schema["additionalProperties"], false, "{name}");
            }
        }
    }

    #[test]
    fn every_body_has_an_example_that_is_one() {
        let document = super::super::document();
        let mut count = 0;
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let Some(name) = body_schema(operation) else {
                    continue;
                };
                let example = operation["requestBody"]["content"][JSON].get("example");
                let example = example.unwrap_or_else(|| {
                    panic!("{method} {path}: give an example of {name} in openapi/examples.rs")
                });
                super::super::check_body(name, example).unwrap();
                count += 1;
            }
        }
        assert!(count > 30, "{count}");
    }

    #[test]
    fn variable_parts_of_paths_have_a_form() {
        for (path, item) in super::super::document()["paths"].as_object().unwrap() {
            for operation in item.as_object().unwrap().values() {
                for parameter in operation["parameters"].as_array().into_iter().flatten() {
                    let schema = &parameter["schema"];
                    let limited = schema.get("$ref").is_some() || limited(schema);
                    assert!(
                        limited,
                        "say in openapi/bounds.rs what {} of {path} may hold",
                        parameter["name"]
                    );
                }
            }
        }
    }

    #[test]
    fn only_bodies_with_nothing_that_must_be_there_may_be_left_out() {
        let document = super::super::document();
        let required =
            |path: &str, method: &str| document["paths"][path][method]["requestBody"]["required"].clone();
        assert_eq!(required("/api/v1/conversations/{id}/take", "post"), false);
        assert_eq!(required("/api/v1/conversations/{id}/assign", "post"), true);
        assert_eq!(required("/api/v1/auth/sign-in", "post"), true);
    }
}
