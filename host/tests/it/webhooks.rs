//! What platforms deliver: kept or refused, and never half.

use hmac::{Hmac, KeyInit, Mac};
use omnichat_core::id::InboxId;
use omnichat_core::inboxes::InboxPatch;
use omnichat_core::page::PageRequest;
use omnichat_core::quarantine::Quarantined;
use reqwest::Response;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::util::running::{Colleague, Running};

const SECRET: &str = "0123456789abcdef";

/// Delivers a signed body to an inbox of the API channel.
pub(crate) async fn deliver(app: &Running, inbox: InboxId, secret: &str, body: &[u8]) -> Response {
    let now = app.state.engine.ports().now().micros() / 1_000_000;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{now}.").as_bytes());
    mac.update(body);
    let signature = format!("t={now},v1={}", hex::encode(mac.finalize().into_bytes()));
    let request = app
        .http
        .post(app.url(&format!("/webhooks/{inbox}")))
        .header("X-Omnichat-Signature", signature);
    request.body(body.to_vec()).send().await.unwrap()
}

/// An inbox of a platform whose webhooks nobody can mend, and what it brings that cannot be understood.
pub(crate) async fn garbled(app: &Running, owner: &Colleague) -> InboxId {
    let config = json!({
        "token": "100200300:AAbbCCdd", "mode": "webhook", "base_url": "http://127.0.0.1:9",
        "webhook_secret": "a-known-secret",
    });
    app.inbox(owner, "telegram", config).await
}

/// What [`garbled`] is brought.
pub(crate) const GARBLED: &str = r#"{"update_id":1,"message":{"message_id":"no number ж","chat":7}}"#;

/// Brings it.
pub(crate) async fn deliver_garbled(app: &Running, inbox: InboxId) -> Response {
    let request = app
        .http
        .post(app.url(&format!("/webhooks/{inbox}")))
        .header("X-Telegram-Bot-Api-Secret-Token", "a-known-secret");
    request.body(GARBLED).send().await.unwrap()
}

fn message(id: &str, text: &str) -> Vec<u8> {
    json!({ "type": "message", "id": id, "chat": "user-77", "text": text, "person": { "name": "Ира 🦊" } })
        .to_string()
        .into_bytes()
}

async fn held(app: &Running, of: &Colleague) -> Vec<Quarantined> {
    let page = PageRequest::first(10);
    let held = app.state.engine.quarantine().list(&of.actor(), page).await;
    held.unwrap().items
}

async fn texts(app: &Running, of: &Colleague) -> Vec<String> {
    let store = app.state.engine.ports().tenant(of.operator.tenant);
    let events = store.events_after(0, 100).await.unwrap();
    let texts = events.into_iter().filter_map(|envelope| match envelope.event {
        omnichat_core::event::Event::MessageCreated { message, .. } => Some(message.content.text),
        _ => None,
    });
    texts.collect()
}

async fn problem(response: Response, status: u16, code: &str) -> Value {
    assert_eq!(response.status(), status);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let problem: Value = response.json().await.unwrap();
    assert_eq!(problem["code"], code, "{problem}");
    problem
}

#[tokio::test]
async fn what_is_delivered_twice_is_kept_once() {
    let app = Running::start().await;
    let owner = app.tenant("Twice").await;
    let inbox = app
        .inbox(&owner, "api", json!({ "signing_secret": SECRET }))
        .await;
    for _ in 0..2 {
        let response = deliver(&app, inbox, SECRET, &message("m-1", "Где заказ 77?")).await;
        assert_eq!(response.status(), 200);
    }
    assert_eq!(texts(&app, &owner).await, ["Где заказ 77?"]);
}

#[tokio::test]
async fn a_wrong_or_missing_signature_changes_nothing() {
    let app = Running::start().await;
    let owner = app.tenant("Signature").await;
    let inbox = app
        .inbox(&owner, "api", json!({ "signing_secret": SECRET }))
        .await;
    let wrong = deliver(&app, inbox, "another secret here", &message("m-1", "forged")).await;
    problem(wrong, 401, "unauthenticated").await;
    let url = app.url(&format!("/webhooks/{inbox}"));
    let missing = app
        .http
        .post(url)
        .body(message("m-1", "forged"))
        .send()
        .await
        .unwrap();
    problem(missing, 401, "unauthenticated").await;
    assert!(texts(&app, &owner).await.is_empty());
    assert!(
        held(&app, &owner).await.is_empty(),
        "what is not signed is not kept"
    );
}

#[tokio::test]
async fn a_program_is_told_what_it_has_written_and_nothing_of_it_is_kept() {
    let app = Running::start().await;
    let owner = app.tenant("Strict").await;
    let inbox = app
        .inbox(&owner, "api", json!({ "signing_secret": SECRET }))
        .await;
    let broken = deliver(&app, inbox, SECRET, b"{broken").await;
    problem(broken, 400, "malformed").await;
    let good = |id: &str| json!({ "type": "message", "id": id, "chat": "user-77", "text": "Hello" });
    let strange = json!([good("m-1"), { "type": "from_next_year", "chat": "user-77" }, good("m-2")]);
    let refused = deliver(&app, inbox, SECRET, strange.to_string().as_bytes()).await;
    let refused = problem(refused, 422, "invalid").await;
    assert_eq!(refused["errors"][0]["field"], "[1].type");
    let links = json!({ "type": "message", "id": "m-3", "chat": "user-77", "attachments": [{ "url": "javascript:alert(1)" }] });
    let refused = deliver(&app, inbox, SECRET, links.to_string().as_bytes()).await;
    let refused = problem(refused, 422, "invalid").await;
    assert_eq!(refused["errors"][0]["field"], "attachments[0].url");
    assert!(texts(&app, &owner).await.is_empty());
    assert!(held(&app, &owner).await.is_empty());
}

#[tokio::test]
async fn what_cannot_be_understood_is_kept_and_can_be_tried_again() {
    let app = Running::start().await;
    let owner = app.tenant("Quarantine").await;
    let inbox = garbled(&app, &owner).await;
    assert_eq!(
        deliver_garbled(&app, inbox).await.status(),
        200,
        "the platform need not try again"
    );
    let list = async || {
        let request = app
            .http
            .get(app.url("/api/v1/quarantine"))
            .bearer_auth(&owner.token);
        request.send().await.unwrap().json::<Value>().await.unwrap()["items"].clone()
    };
    let held = list().await;
    assert_eq!(
        (
            held.as_array().unwrap().len(),
            &held[0]["attempts"],
            &held[0]["state"]
        ),
        (1, &json!(1), &json!("held"))
    );
    let id = held[0]["id"].as_str().unwrap();
    let one = app
        .http
        .get(app.url(&format!("/api/v1/quarantine/{id}")))
        .bearer_auth(&owner.token);
    let one: Value = one.send().await.unwrap().json().await.unwrap();
    assert_eq!(one["body"], GARBLED);
    let replay = app
        .http
        .post(app.url(&format!("/api/v1/quarantine/{id}/replay")))
        .bearer_auth(&owner.token);
    assert_eq!(replay.send().await.unwrap().status(), 200);
    assert_eq!(list().await[0]["attempts"], 2);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_however_it_is_sent() {
    let app = Running::start().await;
    let owner = app.tenant("Large").await;
    let inbox = app
        .inbox(&owner, "api", json!({ "signing_secret": SECRET }))
        .await;
    let large = vec![b' '; 10_000_000];
    let refused = deliver(&app, inbox, SECRET, &large).await;
    problem(refused, 413, "too_large").await;
    // Without a length beforehand.
    let chunks = futures::stream::iter((0..100).map(|_| Ok::<_, std::io::Error>(vec![b' '; 100_000])));
    let url = app.url(&format!("/webhooks/{inbox}"));
    let refused = app
        .http
        .post(url)
        .body(reqwest::Body::wrap_stream(chunks))
        .send()
        .await;
    // The host hangs up in the middle; whether the answer is heard before that is up to the client.
    if let Ok(refused) = refused {
        problem(refused, 413, "too_large").await;
    }
    assert_eq!(
        deliver(&app, inbox, SECRET, &message("m-1", "still there"))
            .await
            .status(),
        200
    );
}

#[tokio::test]
async fn an_inbox_that_is_not_there_or_switched_off_takes_nothing() {
    let app = Running::start().await;
    let owner = app.tenant("Off").await;
    let inbox = app
        .inbox(&owner, "api", json!({ "signing_secret": SECRET }))
        .await;
    let patch = InboxPatch {
        enabled: Some(false),
        ..InboxPatch::default()
    };
    app.state
        .engine
        .inboxes()
        .update(&owner.actor(), inbox, patch)
        .await
        .unwrap();
    problem(
        deliver(&app, inbox, SECRET, &message("m-1", "x")).await,
        404,
        "not_found",
    )
    .await;
    let unknown = InboxId::generate(&*app.state.engine.ports().clock);
    problem(
        deliver(&app, unknown, SECRET, &message("m-1", "x")).await,
        404,
        "not_found",
    )
    .await;
    let rubbish = app.http.post(app.url("/webhooks/rubbish")).send().await.unwrap();
    problem(rubbish, 404, "not_found").await;
}

#[tokio::test]
async fn what_could_not_be_stored_is_asked_for_again() {
    let app = Running::start().await;
    let owner = app.tenant("Down").await;
    let inbox = app
        .inbox(&owner, "api", json!({ "signing_secret": SECRET }))
        .await;
    assert_eq!(
        deliver(&app, inbox, SECRET, &message("m-1", "first"))
            .await
            .status(),
        200
    );
    app.state.engine.ports().store.close().await.unwrap();
    let refused = deliver(&app, inbox, SECRET, &message("m-2", "second")).await;
    assert!(refused.headers().contains_key("retry-after"));
    problem(refused, 503, "unavailable").await;
}
