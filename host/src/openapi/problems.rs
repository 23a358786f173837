//! Which problems an operation can answer with, each with the one schema, and words for the answers that have none.

use serde_json::{Value, json};

use super::complete::objects;

/// Adds to every operation the problems that it can answer with.
pub(super) fn add(document: &mut Value) {
    for (path, item) in objects(&mut document["paths"]) {
        for (method, operation) in objects(item) {
            add_to(path, method, operation);
        }
    }
}

fn add_to(path: &str, method: &str, operation: &mut Value) {
    let open = operation["security"] == json!([{}]);
    // A webhook takes any method: what one may be answered, all may.
    let webhook = operation["x-any-query"] == true;
    let takes_body = webhook || operation.get("requestBody").is_some();
    let reads = method == "get" && !webhook;
    let mut problems = vec![
        (
            "400",
            "The request cannot be read: its body is not JSON, or its query is not percent-encoded.",
        ),
        (
            "422",
            "Something in the request is wrong or not known here; `errors` says what.",
        ),
        (
            "429",
            "Too many requests; `retry_after_ms` says when to come back.",
        ),
        (
            "500",
            "Something went wrong in the host. Its log has more under `request_id`.",
        ),
        ("503", "Not available at the moment; come back later."),
        ("504", "It took too long; it may or may not have taken effect."),
    ];
    if !open || takes_body {
        problems.push((
            "401",
            "Nobody is signed in, or what was given as proof is not valid.",
        ));
    }
    if !open || !reads {
        problems.push((
            "403",
            "Not allowed: for this role, or for a page of another site.",
        ));
    }
    if path.contains('{') {
        problems.push(("404", "There is no such thing, or not for the asker."));
    }
    if takes_body {
        problems.push(("408", "The body came too slowly and was given up."));
        problems.push(("413", "The body is larger than allowed."));
        problems.push(("415", "The body is of another type."));
    }
    if !reads {
        problems.push(("409", "Another was quicker, or the key is taken."));
    }
    if !reads && !webhook {
        problems.push((
            "412",
            match operation["x-entity"] == true {
                true => "`If-Match` names another version than the stored one.",
                false => {
                    "`If-Match` names an entity tag, and there are none: name the `version` that you saw in the body."
                }
            },
        ));
    }
    if operation["operationId"] == "list_events" {
        problems.push(("409", "The epoch is over: fetch everything anew."));
    }
    let Some(responses) = operation["responses"].as_object_mut() else {
        return;
    };
    for (status, description) in problems {
        responses.entry(status).or_insert(problem(description));
    }
    for (status, response) in responses.iter_mut() {
        let said = response["description"].as_str().unwrap_or_default();
        if said.is_empty() {
            response["description"] = json!(usual(status));
        }
    }
}

fn problem(description: &str) -> Value {
    json!({
        "description": description,
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
    })
}

/// What an answer without words of its own means.
fn usual(status: &str) -> &'static str {
    match status {
        "201" => "Made.",
        "202" => "Taken: it is stored and will be done.",
        "204" => "Done; there is nothing to say.",
        "101" => "The connection becomes a WebSocket.",
        _ => "As asked.",
    }
}
