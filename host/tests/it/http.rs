//! What is the same for every answer.

use std::sync::Arc;

use omnichat_core::clock::SystemClock;
use reqwest::Method;
use serde_json::json;

use crate::util::app::config;
use crate::util::{Answer, TestApp};

#[tokio::test]
async fn every_answer_is_careful_and_has_an_id() {
    let (app, owner) = TestApp::with_owner().await;
    for path in ["/me", "//health/live", "/nothing/here"] {
        let headers = owner.get(path).await.headers;
        assert!(
            headers["content-security-policy"]
                .to_str()
                .unwrap()
                .contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert!(!headers["x-request-id"].is_empty());
    }
    let named = app
        .anonymous()
        .request(Method::GET, "/me")
        .header("x-request-id", "from-the-proxy-1");
    let problem = Answer::of(named).await.problem(401, "unauthenticated");
    assert_eq!(problem["request_id"], "from-the-proxy-1");
    for strange in ["short", "with space in it", &"x".repeat(65)] {
        let named = app
            .anonymous()
            .request(Method::GET, "/me")
            .header("x-request-id", strange);
        assert_ne!(
            Answer::of(named).await.problem(401, "unauthenticated")["request_id"],
            strange
        );
    }
}

#[tokio::test]
async fn a_condition_that_cannot_hold_changes_nothing() {
    let (_app, owner) = TestApp::with_owner().await;
    let rename = async |tag: Option<&str>, name: &str| {
        let request = owner.request(Method::PATCH, "/me").json(&json!({ "name": name }));
        Answer::of(match tag {
            Some(tag) => request.header("if-match", tag),
            None => request,
        })
        .await
    };
    for tag in ["\"3\"", "W/\"3\"", "3", "\"1\", \"2\""] {
        rename(Some(tag), "Other")
            .await
            .problem(412, "precondition_failed");
    }
    for tag in [None, Some("*")] {
        let me = rename(tag, "Vera").await.ok();
        assert_eq!(me["operator"]["name"], "Vera");
    }
    // Reading changes nothing.
    let read = owner.request(Method::GET, "/me").header("if-match", "\"3\"");
    assert_eq!(Answer::of(read).await.ok()["operator"]["name"], "Vera");
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let (_app, owner) = TestApp::with_owner().await;
    owner.get("/nothing/here").await.problem(404, "not_found");
    owner
        .post("//api/v2/me", json!({}))
        .await
        .problem(404, "not_found");
    owner.delete("/me").await.problem(405, "method_not_allowed");
    owner
        .get("/auth/sign-in")
        .await
        .problem(405, "method_not_allowed");
}

#[tokio::test]
async fn other_sites_may_call_only_when_they_are_named() {
    let preflight = |app: &TestApp| {
        app.anonymous()
            .request(Method::OPTIONS, "/me")
            .header("origin", "https://app.example.org")
            .header("access-control-request-method", "GET")
    };
    let app = TestApp::empty().await;
    assert!(
        !Answer::of(preflight(&app))
            .await
            .headers
            .contains_key("access-control-allow-origin")
    );
    let mut config = config();
    config.server.cors_origins = vec!["https://app.example.org".to_owned()];
    let app = TestApp::with(config, Arc::new(SystemClock)).await;
    let allowed = Answer::of(preflight(&app)).await;
    assert_eq!(
        allowed.headers["access-control-allow-origin"],
        "https://app.example.org"
    );
}

#[tokio::test]
async fn one_address_cannot_ask_without_end() {
    let mut config = config();
    (
        config.server.rate_limit.per_second,
        config.server.rate_limit.burst,
    ) = (1, 1);
    let app = TestApp::with(config, Arc::new(SystemClock)).await;
    let client = app.anonymous();
    let answers = futures::future::join_all((0..30).map(|_| client.get("/setup"))).await;
    let (refused, taken): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 429);
    assert!(
        !taken.is_empty() && refused.len() > taken.len(),
        "{} of 30 refused",
        refused.len()
    );
    for answer in refused {
        assert!(
            answer.problem(429, "rate_limited")["retry_after_ms"]
                .as_u64()
                .unwrap()
                <= 1_000
        );
    }
}

#[tokio::test]
async fn long_answers_are_compressed_for_who_wants_it() {
    let app = TestApp::empty().await;
    let plain = app.anonymous().get("//api/openapi.json").await;
    assert!(!plain.headers.contains_key("content-encoding"));
    let request = app
        .anonymous()
        .request(Method::GET, "//api/openapi.json")
        .header("accept-encoding", "gzip");
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
    assert!(response.bytes().await.unwrap().len() < plain.text.len() / 3);
}
