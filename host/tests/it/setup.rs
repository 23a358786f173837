//! The first start.

use std::sync::Arc;

use omnichat_core::clock::ManualClock;
use serde_json::{Value, json};

use crate::util::TestApp;
use crate::util::app::config;

fn body(token: &str) -> Value {
    json!({
        "token": token, "organisation": "Example", "name": "Anna", "email": "Anna@Example.org",
        "password": "correct horse battery", "locale": "ru",
    })
}

#[tokio::test]
async fn the_link_makes_the_first_owner_once() {
    let app = TestApp::empty().await;
    let client = app.anonymous();
    assert_eq!(client.get("/setup").await.ok(), json!({ "needed": true }));
    let token = app.state.setup.open(app.engine()).await.unwrap().unwrap();

    client
        .post("/setup", body("wrong"))
        .await
        .problem(401, "unauthenticated");
    let mut weak = body(&token);
    weak["password"] = "short".into();
    assert_eq!(client.post("/setup", weak).await.wrong_fields(), ["password"]);
    let mut nameless = body(&token);
    nameless["organisation"] = " ".into();
    assert_eq!(
        client.post("/setup", nameless).await.wrong_fields(),
        ["organisation"]
    );
    assert_eq!(
        client.get("/setup").await.ok(),
        json!({ "needed": true }),
        "a refused try leaves nothing behind"
    );

    let session = client.post("/setup", body(&token)).await.with_status(201);
    assert_eq!(session["me"]["tenant"]["name"], "Example");
    assert_eq!(session["me"]["operator"]["role"], "owner");
    assert_eq!(session["me"]["operator"]["email"], "anna@example.org");
    assert_eq!(
        client.clone().signed_in(&session).get("/me").await.ok(),
        session["me"]
    );

    assert_eq!(client.get("/setup").await.ok(), json!({ "needed": false }));
    client
        .post("/setup", body(&token))
        .await
        .problem(403, "forbidden");
    assert_eq!(app.state.setup.open(app.engine()).await.unwrap(), None);
    assert_eq!(app.engine().tenants().list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn two_who_use_the_link_at_once_make_one_organisation() {
    let app = TestApp::empty().await;
    let token = app.state.setup.open(app.engine()).await.unwrap().unwrap();
    let client = app.anonymous();
    let (a, b) = tokio::join!(
        client.post("/setup", body(&token)),
        client.post("/setup", body(&token))
    );
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 403]);
    assert_eq!(app.engine().tenants().list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_link_cannot_be_guessed_for_ever() {
    let mut config = config();
    config.auth.hold_seconds = 0;
    let app = TestApp::with(config, Arc::new(ManualClock::default())).await;
    let token = app.state.setup.open(app.engine()).await.unwrap().unwrap();
    for _ in 0..5 {
        app.anonymous()
            .post("/setup", body("guess"))
            .await
            .problem(401, "unauthenticated");
    }
    let problem = app
        .anonymous()
        .post("/setup", body(&token))
        .await
        .problem(429, "rate_limited");
    assert_eq!(problem["retry_after_ms"], 1_000);
}
