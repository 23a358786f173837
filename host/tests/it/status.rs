//! How the host is doing.

use std::sync::Arc;

use omnichat_core::actor::Role;
use omnichat_core::clock::SystemClock;
use omnichat_host::boot::Host;
use omnichat_host::config::Secret;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::util::app::config;
use crate::util::scene::conversation;
use crate::util::{Client, TestApp};

#[tokio::test]
async fn the_status_and_the_health_are_told() {
    let (app, owner) = TestApp::with_owner().await;
    conversation(&owner).await;
    let status = owner.get("/status").await.ok();
    assert_eq!(
        (&status["store"], &status["connections"]),
        (&json!("memory"), &json!(0))
    );
    assert!(status["head_seq"].as_u64().unwrap() > 2);
    assert!(status["jobs"]["due"].is_u64());
    // How busy the others are is for who looks after the host.
    let colleague = app.colleague("mark@example.org", Role::Operator).await;
    for other in [colleague, app.found("Second", "second@example.org").await] {
        let status = other.get("/status").await.ok();
        assert_eq!(
            (&status["jobs"], &status["connections"]),
            (&Value::Null, &Value::Null)
        );
    }
    app.anonymous()
        .get("/status")
        .await
        .problem(401, "unauthenticated");
    for path in ["//health/live", "//health/ready"] {
        assert_eq!(
            app.anonymous().get(path).await.ok(),
            json!({ "ok": true, "warnings": [] })
        );
    }
    app.state.closing.cancel();
}

#[tokio::test]
async fn a_host_that_goes_down_is_not_ready_and_finishes() {
    let (app, owner) = TestApp::with_owner().await;
    owner.get("/me").await.ok();
    app.engine().ports().store.close().await.unwrap();
    app.anonymous().get("//health/live").await.ok();
    app.anonymous()
        .get("//health/ready")
        .await
        .problem(503, "unavailable");
    owner.get("/conversations").await.problem(503, "unavailable");
}

#[tokio::test]
async fn metrics_are_for_who_has_the_token() {
    let mut config = config();
    config.metrics.token = Some(Secret::from("let me see".to_owned()));
    let app = TestApp::with(config, Arc::new(SystemClock)).await;
    let owner = app.found("Example", "owner@example.org").await;
    conversation(&owner).await;
    app.anonymous()
        .get("//metrics")
        .await
        .problem(401, "unauthenticated");
    let metrics = app.anonymous().with_token("let me see").get("//metrics").await;
    assert!(metrics.status.is_success());
    for name in [
        "omnichat_http_request_seconds",
        "omnichat_jobs_due",
        "omnichat_resident_bytes",
    ] {
        assert!(metrics.text.contains(name), "{name} in {}", metrics.text);
    }
    assert!(
        metrics.text.contains(r#"route="/api/v1/inboxes/{id}/simulate""#),
        "templates, not paths"
    );
}

#[tokio::test]
async fn without_a_token_metrics_are_at_an_address_of_their_own_alone() {
    // What comes from this machine may come through a proxy on it, which need not say so.
    let app = TestApp::empty().await;
    app.anonymous().get("//metrics").await.problem(403, "forbidden");

    let mut config = config();
    config.metrics.listen = Some("127.0.0.1:0".parse().unwrap());
    let host = Host::start_with(config, Arc::new(SystemClock)).await.unwrap();
    let alone = host.metrics_address().unwrap().unwrap();
    let (client, other) = (
        Client::new(&format!("http://{alone}")),
        Client::new(&format!("http://{}", host.address().unwrap())),
    );
    let stop = CancellationToken::new();
    let runs = tokio::spawn(host.run(stop.clone().cancelled_owned()));
    let metrics = client.get("//metrics").await;
    assert!(metrics.text.contains("omnichat_jobs_due"), "{}", metrics.text);
    client.get("/me").await.problem(404, "not_found");
    other.get("//metrics").await.problem(403, "forbidden");
    stop.cancel();
    runs.await.unwrap().unwrap();
}
