//! What looks like an attack, in the audit log.

use std::time::Duration;

use omnichat_core::actor::Role;
use serde_json::{Value, json};

use crate::util::scene::sandbox;
use crate::util::{Client, TestApp};

/// The first line of an action in the audit log. It is written beside the answers.
async fn noted(owner: &Client, action: &str) -> Value {
    let looks = async {
        loop {
            let log = owner.get("/audit?limit=100").await.ok();
            let lines = log["items"].as_array().unwrap().clone();
            if let Some(line) = lines.into_iter().find(|line| line["action"] == action) {
                return line;
            }
            tokio::task::yield_now().await;
        }
    };
    let found = tokio::time::timeout(Duration::from_secs(20), looks).await;
    found.unwrap_or_else(|_| panic!("nothing says {action}"))
}

async fn count(owner: &Client, action: &str) -> usize {
    let log = owner.get("/audit?limit=100").await.ok();
    let lines = log["items"].as_array().unwrap().iter();
    lines.filter(|line| line["action"] == action).count()
}

#[tokio::test]
async fn what_was_refused_is_in_the_audit_log_with_its_address() {
    let (app, owner) = TestApp::with_owner().await;
    let mark = app.colleague("mark@example.org", Role::Operator).await;
    let guess = json!({ "email": "mark@example.org", "password": "wrong password" });
    app.anonymous()
        .post("/auth/sign-in", guess)
        .await
        .problem(401, "unauthenticated");
    let line = noted(&owner, "sign_in.refused").await;
    assert_eq!(line["target"], mark.id);
    assert_eq!(line["details"]["address"], "127.0.0.1");
    assert_eq!(line["actor"]["name"], "security");

    mark.get("/quarantine").await.problem(403, "forbidden");
    let line = noted(&owner, "access.refused").await;
    assert_eq!(line["actor"]["id"], mark.id);
    assert_eq!(line["details"]["route"], "/api/v1/quarantine");

    let change = json!({ "current": "not my password", "new": "a new password" });
    mark.post("/auth/password", change).await.wrong_fields();
    assert_eq!(noted(&owner, "password.refused").await["target"], mark.id);

    let tenant = app.tenant("Example").await.id.uuid();
    let token = format!("{}{}", tenant.as_simple(), "0".repeat(80));
    let invite = json!({ "token": token, "password": "a new password" });
    app.anonymous()
        .post("/auth/invite", invite)
        .await
        .problem(401, "unauthenticated");
    noted(&owner, "invitation.refused").await;
}

#[tokio::test]
async fn a_webhook_with_a_wrong_signature_is_noted_and_fifty_are_one_line() {
    let (app, owner) = TestApp::with_owner().await;
    let new = json!({
        "kind": "api", "title": "Shop", "routing": "manual",
        "config": { "signing_secret": "0123456789abcdef" },
    });
    let inbox = owner.post("/inboxes", new).await.with_status(201);
    let id = inbox["id"].as_str().unwrap();
    for _ in 0..50 {
        app.anonymous()
            .post(&format!("//webhooks/{id}"), json!({ "type": "message" }))
            .await
            .problem(401, "unauthenticated");
    }
    let line = noted(&owner, "webhook.refused").await;
    assert_eq!(line["target"], id);
    // Something that comes after all of them, so that they are all written.
    let mark = app.colleague("mark@example.org", Role::Operator).await;
    mark.get("/quarantine").await.problem(403, "forbidden");
    noted(&owner, "access.refused").await;
    assert_eq!(count(&owner, "webhook.refused").await, 1);
}

#[tokio::test]
async fn what_is_counted_is_written_when_the_host_goes_down() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = crate::util::app::config();
    let database = folder.path().join("omnichat.db");
    config.storage.data = folder.path().to_owned();
    config.store.url = Some(format!("sqlite:{}", database.display()).into());
    let clock = || std::sync::Arc::new(omnichat_core::clock::SystemClock);
    let app = TestApp::with(config.clone(), clock()).await;
    let owner = app.found("Example", "owner@example.org").await;
    sandbox(&owner).await;
    let mark = app.colleague("mark@example.org", Role::Operator).await;
    for _ in 0..30 {
        mark.get("/quarantine").await.problem(403, "forbidden");
    }
    app.down().await;
    let app = TestApp::with(config, clock()).await;
    let owner = app.sign_in("owner@example.org").await;
    let line = noted(&owner, "access.refused").await;
    assert_eq!(line["details"]["times"], 29);
}
