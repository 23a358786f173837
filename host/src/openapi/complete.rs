//! What is the same for every operation is added here instead of being repeated above each handler: who may call it, which
//! problems it may answer with, and that fields of answers are always there.

use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;

/// Fields of answers that may be absent. All others are there, be it as `null`.
const MAY_BE_ABSENT: [(&str, &str); 7] = [
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
        "access_token": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" }
    });
    // The host's own address, whatever it is.
    document["servers"] = json!([{ "url": "/" }]);
    for (path, item) in objects(&mut document["paths"]) {
        for (method, operation) in objects(item) {
            add_problems(path, method, operation);
        }
    }
    for (name, schema) in objects(&mut document["components"]["schemas"]) {
        // What comes in may leave out what has a default; what goes out is whole.
        if !name.ends_with("In") {
            require_all(name, schema);
        }
    }
    document
}

fn objects(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flatten()
}

fn add_problems(path: &str, method: &str, operation: &mut Value) {
    let open = operation["security"] == json!([{}]);
    let takes_body = operation.get("requestBody").is_some();
    let mut problems = vec![
        ("429", "Too many requests."),
        ("503", "Not available at the moment."),
    ];
    if !open {
        problems.extend([
            ("401", "Nobody is signed in."),
            ("403", "Not allowed for this role."),
        ]);
    } else if takes_body {
        problems.push(("401", "What was given as proof is not valid."));
    }
    if path.contains('{') {
        problems.push(("404", "There is no such thing, or not for the asker."));
    }
    if takes_body {
        problems.push(("400", "The body is not JSON."));
        problems.push(("413", "The body is larger than allowed."));
        problems.push(("415", "The body is of another type."));
    }
    if takes_body || !operation["parameters"].is_null() {
        problems.push(("422", "Something in the request is wrong; `errors` says what."));
    }
    if !open && method != "get" {
        problems.push(("409", "Another was quicker, or the key is taken."));
    }
    problems.push(("default", "Any other problem."));
    if let Some(responses) = operation["responses"].as_object_mut() {
        for (status, description) in problems {
            let problem = json!({
                "description": description,
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
            });
            responses.entry(status).or_insert(problem);
        }
        for response in responses.values_mut() {
            if response["description"] == "" {
                response["description"] = json!("As asked.");
            }
        }
    }
}

/// Makes every field of an answer's schema required.
fn require_all(name: &str, schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    if let Some(properties) = object.get("properties").and_then(Value::as_object) {
        let there = |field: &&String| !MAY_BE_ABSENT.contains(&(name, field.as_str()));
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
