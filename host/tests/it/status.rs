//! How the host is doing.

use serde_json::json;

use crate::util::TestApp;
use crate::util::app::config;
use crate::util::scene::conversation;
use omnichat_host::config::Secret;

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
    app.anonymous()
        .get("/status")
        .await
        .problem(401, "unauthenticated");
    for path in ["//health/live", "//health/ready"] {
        assert_eq!(app.anonymous().get(path).await.ok(), json!({ "ok": true }));
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
async fn metrics_are_for_this_machine_or_for_who_has_the_token() {
    let (app, owner) = TestApp::with_owner().await;
    conversation(&owner).await;
    let metrics = app.anonymous().get("//metrics").await;
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
    let forwarded = app
        .anonymous()
        .request(reqwest::Method::GET, "//metrics")
        .header("x-forwarded-for", "192.0.2.1");
    crate::util::Answer::of(forwarded).await.problem(403, "forbidden");

    let mut config = config();
    config.metrics.token = Some(Secret::from("let me see".to_owned()));
    let app = TestApp::with(config, std::sync::Arc::new(omnichat_core::clock::SystemClock)).await;
    app.anonymous()
        .get("//metrics")
        .await
        .problem(401, "unauthenticated");
    app.anonymous()
        .with_token("let me see")
        .get("//metrics")
        .await
        .with_status(200);
}
