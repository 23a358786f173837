//! The document from which clients are made.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::util::TestApp;

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

#[test]
fn every_operation_has_a_name_of_its_own_and_tells_of_its_problems() {
    let document = omnichat_host::router::document();
    let operations = operations(&document);
    assert!(operations.len() > 55, "{}", operations.len());
    let names: BTreeSet<&str> = operations
        .iter()
        .map(|(_, _, o)| o["operationId"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), operations.len());
    for (path, method, operation) in &operations {
        assert!(operation["summary"].is_string(), "{method} {path}");
        let problem =
            &operation["responses"]["default"]["content"]["application/problem+json"]["schema"]["$ref"];
        assert_eq!(problem, "#/components/schemas/Problem", "{method} {path}");
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
    ];
    let app = TestApp::empty().await;
    for (path, method, operation) in operations(&omnichat_host::router::document()) {
        let name = operation["operationId"].as_str().unwrap();
        let is_open = operation["security"] == serde_json::json!([{}]);
        assert_eq!(is_open, open.contains(&name), "{name}");
        if is_open {
            continue;
        }
        let path = format!(
            "/{}",
            path.replace("{id}", "x")
                .replace("{file_id}", "x")
                .replace("{kind}", "x")
        );
        let request = app
            .anonymous()
            .request(method.to_uppercase().parse().unwrap(), &path);
        let request = request.header("content-type", "application/json").body("{");
        crate::util::Answer::of(request)
            .await
            .problem(401, "unauthenticated");
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
