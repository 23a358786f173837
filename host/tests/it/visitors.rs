//! What ends what a visitor holds: being signed out, another secret, being blocked.

use hmac::{Hmac, KeyInit, Mac};
use omnichat_core::customers::CustomerFilter;
use omnichat_core::page::PageRequest;
use reqwest::StatusCode;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::util::browser::Browser;
use crate::util::running::Running;

#[tokio::test]
async fn everybody_is_signed_out_of_a_widget_and_of_no_other() {
    let app = Running::start().await;
    let owner = app.tenant("Signed out").await;
    let (inbox, other) = (
        app.inbox(&owner, "widget", json!({})).await,
        app.inbox(&owner, "widget", json!({})).await,
    );
    let (mut browser, mut elsewhere) = (Browser::new(&app, inbox), Browser::new(&app, other));
    browser.session(Value::Null).await;
    elsewhere.session(Value::Null).await;
    let (mut live, mut quiet) = (browser.socket(None).await, elsewhere.socket(None).await);
    assert_eq!(live.frame().await["type"], "hello");
    assert_eq!(quiet.frame().await["type"], "hello");
    let url = app.url(&format!("/api/v1/inboxes/{inbox}/sign-out-visitors"));
    let done = app
        .http
        .post(&url)
        .bearer_auth(&owner.token)
        .send()
        .await
        .unwrap();
    assert_eq!(done.status(), StatusCode::OK);
    assert_eq!(live.closed().await, 4401);
    let refused = browser
        .post(
            "messages",
            json!({ "client_key": "visitor-key-1", "text": "still here" }),
        )
        .await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    let refused = browser
        .post("session", json!({ "token": browser.token, "locale": "en" }))
        .await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    let mut again = browser.socket(None).await;
    assert_eq!(again.closed().await, 4401);
    quiet.say(json!({ "type": "ping" })).await;
    assert_eq!(quiet.of("pong").await["type"], "pong");
    elsewhere.send("visitor-key-1", "I am").await;
    browser.token = None;
    browser.session(Value::Null).await;
    browser.send("visitor-key-2", "A stranger now").await;
    // Only a widget has visitors, and only who manages inboxes sends them away.
    let sandbox = app.inbox(&owner, "sandbox", json!({})).await;
    let url = app.url(&format!("/api/v1/inboxes/{sandbox}/sign-out-visitors"));
    let refused = app
        .http
        .post(&url)
        .bearer_auth(&owner.token)
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn another_identity_secret_ends_the_sockets_of_those_whom_it_proved() {
    let app = Running::start().await;
    let owner = app.tenant("Secret").await;
    let (before, after) = ("the first identity secret", "the second identity secret");
    let inbox = app
        .inbox(&owner, "widget", json!({ "identity_secret": before }))
        .await;
    let mut mac = Hmac::<Sha256>::new_from_slice(before.as_bytes()).unwrap();
    mac.update(b"77");
    let hash = hex::encode(mac.finalize().into_bytes());
    let (mut proved, mut stranger) = (Browser::new(&app, inbox), Browser::new(&app, inbox));
    proved.session(json!({ "external_id": "77", "hash": hash })).await;
    stranger.session(Value::Null).await;
    let (mut ends, mut stays) = (proved.socket(None).await, stranger.socket(None).await);
    assert_eq!(ends.frame().await["type"], "hello");
    assert_eq!(stays.frame().await["type"], "hello");
    let patch = omnichat_core::inboxes::InboxPatch {
        config: Some(json!({ "identity_secret": after })),
        ..Default::default()
    };
    let inboxes = app.state.engine.inboxes();
    inboxes.update(&owner.actor(), inbox, patch).await.unwrap();
    assert_eq!(ends.closed().await, 4401);
    assert_eq!(proved.socket(None).await.closed().await, 4401);
    stays.say(json!({ "type": "ping" })).await;
    assert_eq!(stays.of("pong").await["type"], "pong");
}

#[tokio::test]
async fn a_blocked_customer_is_shut_out_and_let_in_again() {
    let app = Running::start().await;
    let owner = app.tenant("Blocked").await;
    let inbox = app.inbox(&owner, "widget", json!({})).await;
    let mut browser = Browser::new(&app, inbox);
    browser.session(Value::Null).await;
    browser.send("visitor-key-1", "Rude words").await;
    let mut live = browser.socket(None).await;
    assert_eq!(live.frame().await["type"], "hello");
    let customer = app
        .state
        .engine
        .customers()
        .list(&owner.actor(), &CustomerFilter::default(), PageRequest::first(10))
        .await
        .unwrap()
        .items[0]
        .customer
        .id;
    let block = |blocked| omnichat_core::customers::CustomerPatch {
        blocked: Some(blocked),
        ..Default::default()
    };
    let service = app.state.engine.customers();
    service
        .update(&owner.actor(), customer, block(true))
        .await
        .unwrap();
    assert_eq!(live.closed().await, 4401);
    let message = json!({ "client_key": "visitor-key-2", "text": "More of them" });
    assert_eq!(
        browser.post("messages", message.clone()).await.status(),
        StatusCode::UNAUTHORIZED
    );
    service
        .update(&owner.actor(), customer, block(false))
        .await
        .unwrap();
    assert_eq!(
        browser.post("messages", message).await.status(),
        StatusCode::ACCEPTED
    );
}
