//! The document from which clients are made.

use std::collections::BTreeSet;

use omnichat_core::clock::SystemClock;
use omnichat_core::id::{FileId, TenantId};
use serde_json::{Value, json};

use crate::util::{Answer, TestApp};

#[test]
fn the_document_is_as_it_was_agreed() {
    insta::assert_json_snapshot!(omnichat_host::router::document());
}

fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            found.push((path.clone(), method.clone(), operation.clone()));
        }
    }
    found
}

/// A path with something in its variable parts: ids that nobody has, of the right form.
fn filled(path: &str, operation: &Value) -> String {
    let mut path = path.to_owned();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let pattern = parameter["schema"]["pattern"].as_str().unwrap_or_default();
        let prefix = pattern.trim_start_matches('^').split("_[").next().unwrap();
        let id = match pattern.ends_with("_[0-9a-f]{32}$") {
            true => format!("{prefix}_0192f0c1a2b37c4d8e5f60718293a4b5"),
            false => "1".to_owned(),
        };
        path = path.replace(&format!("{{{}}}", parameter["name"].as_str().unwrap()), &id);
    }
    format!("/{path}")
}

#[test]
fn every_operation_has_a_name_of_its_own_and_tells_of_its_problems() {
    let document = omnichat_host::router::document();
    let operations = operations(&document);
    assert!(operations.len() > 75, "{}", operations.len());
    let names: BTreeSet<&str> = operations
        .iter()
        .map(|(_, _, o)| o["operationId"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), operations.len());
    let tags: Vec<&Value> = document["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| &tag["name"])
        .collect();
    for (path, method, operation) in &operations {
        let named = format!("{method} {path}");
        assert!(
            operation["summary"].as_str().is_some_and(|s| s.len() > 5),
            "{named}: say above the handler what it does"
        );
        assert!(tags.contains(&&operation["tags"][0]), "{named}");
        let mut statuses = vec!["400", "422", "429", "500", "503", "504"];
        if operation["security"] != json!([{}]) {
            statuses.extend(["401", "403"]);
        }
        if path.contains('{') {
            statuses.push("404");
        }
        if operation.get("requestBody").is_some() {
            statuses.extend(["401", "403", "409", "413", "415"]);
        }
        let responses = operation["responses"].as_object().unwrap();
        for status in statuses {
            assert!(responses.contains_key(status), "{named}: {status}");
        }
        for (status, response) in responses {
            assert!(
                response["description"]
                    .as_str()
                    .is_some_and(|text| !text.is_empty()),
                "{named}: {status}"
            );
            if status.starts_with(['4', '5']) {
                let problem = &response["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(problem, "#/components/schemas/Problem", "{named}: {status}");
            }
        }
    }
}

#[test]
fn what_only_few_operations_answer_is_told_of() {
    let document = omnichat_host::router::document();
    for (path, method, statuses) in [
        ("/api/v1/events", "get", &["409"][..]),
        // Any method goes to the channel.
        (
            "/webhooks/{inbox_id}",
            "get",
            &["401", "403", "408", "409", "413", "415"],
        ),
    ] {
        for status in statuses {
            let response = &document["paths"][path][method]["responses"][status];
            assert!(response.is_object(), "{method} {path}: {status}");
        }
    }
}

/// Routes that are no part of the API: pages for people and machines' own.
const NOT_DESCRIBED: [&str; 2] = ["/api/openapi.json", "/metrics"];

#[test]
fn no_route_is_left_out_of_the_document() {
    let document = omnichat_host::router::document();
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![source];
    let mut found = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            // Pages are not described, and tests at the end of a file have routes of their own.
            if path.is_dir() && !path.ends_with("frontend") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]").next().unwrap();
                for route in text.split(".route(").skip(1) {
                    let route = route.trim_start().strip_prefix('"').unwrap_or_default();
                    let route = route.split('"').next().unwrap();
                    let known = document["paths"].get(route).is_some() || NOT_DESCRIBED.contains(&route);
                    assert!(
                        known,
                        "{}: the document does not have {route}: add the handler to openapi.rs",
                        path.display()
                    );
                    found += 1;
                }
            }
        }
    }
    assert!(found > 5, "{found}");
}

#[tokio::test]
async fn no_operation_takes_a_parameter_that_it_does_not_name() {
    let (_app, owner) = TestApp::with_owner().await;
    for (path, method, operation) in operations(&omnichat_host::router::document()) {
        if operation["x-any-query"] == true {
            continue;
        }
        let path = format!("{}?unheard_of=1", filled(&path, &operation));
        let request = owner.request(method.to_uppercase().parse().unwrap(), &path);
        let fields = Answer::of(request).await.wrong_fields();
        assert!(
            fields.contains(&"unheard_of".to_owned()),
            "{method} {path}: {fields:?}"
        );
    }
}

#[tokio::test]
async fn what_caches_and_monitors_add_to_an_address_is_left_alone() {
    let (app, _) = TestApp::with_owner().await;
    for path in ["//health/live?nocache=1", "//health/ready?t=17&t=18&%zz"] {
        app.anonymous().get(path).await.ok();
    }
    let (tenant, file) = (TenantId::generate(&SystemClock), FileId::generate(&SystemClock));
    let shared = format!("//shared/{tenant}/{file}/1/00/a.png?v=2");
    app.anonymous().get(&shared).await.problem(403, "forbidden");
}

#[tokio::test]
async fn no_operation_takes_a_body_that_the_document_does_not_allow() {
    let (_app, owner) = TestApp::with_owner().await;
    let mut count = 0;
    for (path, method, operation) in operations(&omnichat_host::router::document()) {
        let body = &operation["requestBody"];
        let mut example = body["content"]["application/json"]["example"].clone();
        // Visitors come with a token of their own; who has none is told so first.
        if !example.is_object() || path.starts_with("/widget/") {
            continue;
        }
        let (path, method): (_, reqwest::Method) =
            (filled(&path, &operation), method.to_uppercase().parse().unwrap());
        let send = async |body: String| {
            let request = owner
                .request(method.clone(), &path)
                .header("content-type", "application/json");
            Answer::of(request.body(body)).await
        };
        example["unheard_of"] = json!(1);
        let fields = send(example.to_string()).await.wrong_fields();
        assert_eq!(fields, ["unheard_of"], "{method} {path}");
        for other in ["[]", "[{}]", "null", "7", "\"text\"", "true"] {
            let fields = send(other.to_owned()).await.wrong_fields();
            assert_eq!(fields, ["body"], "{method} {path}: {other}");
        }
        let nothing = owner.request(method.clone(), &path);
        let nothing = Answer::of(nothing).await;
        if body["required"] == true {
            assert_eq!(nothing.wrong_fields(), ["body"], "{method} {path}");
        } else {
            assert!(nothing.status != 415 && nothing.status != 400, "{method} {path}");
        }
        let other = owner
            .request(method.clone(), &path)
            .header("content-type", "text/plain");
        Answer::of(other.body("{}")).await.problem(415, "unsupported");
        count += 1;
    }
    assert!(count > 30, "{count}");
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let (_app, owner) = TestApp::with_owner().await;
    let document = omnichat_host::router::document();
    for (path, item) in document["paths"].as_object().unwrap() {
        let known = item.as_object().unwrap();
        // Platforms may use any.
        if path.starts_with("/webhooks/") {
            continue;
        }
        let (_, operation) = known.iter().next().unwrap();
        let other = ["DELETE", "PUT", "PATCH", "POST"]
            .into_iter()
            .find(|method| !known.contains_key(&method.to_lowercase()));
        let request = owner.request(other.unwrap().parse().unwrap(), &filled(path, operation));
        let answer = Answer::of(request).await;
        let allow = answer.headers["allow"].to_str().unwrap().to_owned();
        answer.problem(405, "method_not_allowed");
        for method in known.keys() {
            assert!(allow.contains(&method.to_uppercase()), "{path}: {allow}");
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = omnichat_host::router::document();
    let text = document.to_string();
    for reference in text
        .split("\"$ref\":\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
    {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

/// What is named here needs no sign-in, and nothing else.
#[tokio::test]
async fn everything_else_needs_a_sign_in() {
    let open = [
        "sign_in",
        "refresh_session",
        "accept_invite",
        "get_setup",
        "create_setup",
        "get_live",
        "get_ready",
        // The first frame of a WebSocket proves who comes.
        "connect",
        "connect_visitor",
        "get_widget_config",
        "start_session",
        // An address with a seal.
        "download_shared",
        "download_visitor_file",
        // Platforms sign what they send.
        "receive_webhook",
        "confirm_webhook",
        "receive_app_webhook",
        "confirm_app_webhook",
    ];
    let app = TestApp::empty().await;
    for (path, method, operation) in operations(&omnichat_host::router::document()) {
        let name = operation["operationId"].as_str().unwrap();
        let is_open = operation["security"] == serde_json::json!([{}]);
        assert_eq!(is_open, open.contains(&name), "{name}");
        // A visitor needs a widget first.
        if is_open || path.starts_with("/widget/") {
            continue;
        }
        let path = filled(&path, &operation);
        let request = app
            .anonymous()
            .request(method.to_uppercase().parse().unwrap(), &path);
        let request = request.header("content-type", "application/json").body("{");
        Answer::of(request).await.problem(401, "unauthenticated");
    }
}

#[tokio::test]
async fn the_document_and_its_browser_come_from_this_host() {
    let app = TestApp::empty().await;
    let served = app.anonymous().get("//api/openapi.json").await.ok();
    assert_eq!(served, omnichat_host::router::document());
    assert_eq!(served["openapi"], "3.1.0");
    let page = app.anonymous().get("//api/docs/").await;
    assert!(page.status.is_success() && page.text.contains("swagger-ui"));
    assert!(
        !page.text.contains("//cdn") && !page.text.contains("https://"),
        "nothing comes from another host"
    );
    assert!(
        page.headers["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("default-src 'self'")
    );
    assert!(
        app.anonymous()
            .get("//api/docs/swagger-ui-bundle.js")
            .await
            .status
            .is_success()
    );
}
