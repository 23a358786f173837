//! What platforms deliver: kept or refused, and never half.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use omnichat_core::channel::{Inbound, InboundEvent, InboundMessage};
use omnichat_core::entities::Stored;
use omnichat_core::id::InboxId;
use omnichat_core::inboxes::InboxPatch;
use omnichat_core::quarantine::Quarantined;
use omnichat_core::testing::{FakeApp, FakeChannel};
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

async fn held(app: &Running, of: &Colleague) -> Vec<Stored<Quarantined>> {
    let held = app.state.engine.quarantine().list(&of.actor(), 10, None).await;
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

/// A host that knows a kind of channel whose webhooks an app brings for many accounts.
async fn with_app() -> Running {
    let app = Running::start().await;
    let channels = &app.state.engine.ports().channels;
    channels.register(Arc::new(FakeApp::default()));
    app
}

/// Delivers to an app's address what its accounts are told, each a text.
async fn deliver_to_app(app: &Running, name: &str, secret: &str, parts: &[(&str, &str)]) -> Response {
    let parts: Vec<_> = parts
        .iter()
        .map(|(account, text)| (*account, vec![said(text)]))
        .collect();
    let request = FakeApp::webhook(secret, &parts);
    let url = app.url(&format!("/webhooks/apps/{}/{name}", FakeApp::KIND));
    let post = app.http.post(url).header(FakeChannel::HEADER, secret);
    post.body(request.body).send().await.unwrap()
}

fn said(text: &str) -> Inbound {
    let message = InboundMessage {
        external_id: text.to_owned(),
        text: text.to_owned(),
        ..InboundMessage::default()
    };
    Inbound::private("user-77", InboundEvent::Message(message))
}

#[tokio::test]
async fn one_delivery_of_an_app_is_for_inboxes_of_several_organisations() {
    let app = with_app().await;
    let (one, other) = (app.tenant("One").await, app.tenant("Other").await);
    app.inbox(&one, FakeApp::KIND, FakeApp::config("1", "page-1", SECRET))
        .await;
    app.inbox(&other, FakeApp::KIND, FakeApp::config("1", "page-2", SECRET))
        .await;
    let parts = [
        ("page-1", "for one"),
        ("page-2", "for the other"),
        ("page-3", "for nobody"),
    ];
    for _ in 0..2 {
        assert_eq!(deliver_to_app(&app, "1", SECRET, &parts).await.status(), 200);
        assert_eq!(texts(&app, &one).await, ["for one"]);
        assert_eq!(texts(&app, &other).await, ["for the other"]);
    }
    let guess = deliver_to_app(&app, "1", "a guess", &[("page-1", "forged")]).await;
    problem(guess, 401, "unauthenticated").await;
    assert_eq!(texts(&app, &one).await, ["for one"]);
}

#[tokio::test]
async fn an_app_answers_its_platform_s_question() {
    let app = with_app().await;
    let owner = app.tenant("Asked").await;
    app.inbox(&owner, FakeApp::KIND, FakeApp::config("1", "page-1", SECRET))
        .await;
    let ask = async |query: &str| {
        let url = app.url(&format!("/webhooks/apps/{}/1?{query}", FakeApp::KIND));
        app.http.get(url).send().await.unwrap()
    };
    assert_eq!(ask(SECRET).await.status(), 200);
    problem(ask("guess").await, 401, "unauthenticated").await;
}

#[tokio::test]
async fn nothing_is_read_for_an_app_that_nobody_has() {
    let app = with_app().await;
    let owner = app.tenant("Nobody's").await;
    let nobody = deliver_to_app(&app, "1", SECRET, &[("page-1", "early")]).await;
    problem(nobody, 404, "not_found").await;
    let inbox = app
        .inbox(&owner, FakeApp::KIND, FakeApp::config("1", "page-1", SECRET))
        .await;
    for path in ["apps", "apps/fake-app/2", "apps/telegram/1", "apps/%00/1"] {
        let url = app.url(&format!("/webhooks/{path}"));
        // More than a webhook may have: whoever reads it says so.
        let large = app.http.post(url).body(vec![b' '; 6_000_000]).send().await;
        if let Ok(answer) = large {
            assert_eq!(answer.status(), 404, "{path}");
        }
    }
    let url = app.url(&format!("/webhooks/apps/{}/1", FakeApp::KIND));
    let large = app.http.post(url).body(vec![b' '; 6_000_000]).send().await;
    if let Ok(answer) = large {
        problem(answer, 413, "too_large").await;
    }
    let patch = InboxPatch {
        enabled: Some(false),
        ..InboxPatch::default()
    };
    let inboxes = app.state.engine.inboxes();
    inboxes.update(&owner.actor(), inbox, patch).await.unwrap();
    let off = deliver_to_app(&app, "1", SECRET, &[("page-1", "late")]).await;
    problem(off, 404, "not_found").await;
    assert!(texts(&app, &owner).await.is_empty());
}

#[tokio::test]
async fn an_inbox_shows_where_its_webhooks_come() {
    let app = with_app().await;
    let owner = app.tenant("Address").await;
    let shown = async |inbox: InboxId| {
        let url = app.url(&format!("/api/v1/inboxes/{inbox}"));
        let request = app.http.get(url).bearer_auth(&owner.token);
        request.send().await.unwrap().json::<Value>().await.unwrap()
    };
    let own = app
        .inbox(&owner, "api", json!({ "signing_secret": SECRET }))
        .await;
    let own_path = shown(own).await;
    assert_eq!(own_path["webhook_path"], format!("/webhooks/{own}"));
    assert_eq!(own_path["available"], true);
    let of_app = app
        .inbox(&owner, FakeApp::KIND, FakeApp::config("1", "page-1", SECRET))
        .await;
    assert_eq!(shown(of_app).await["webhook_path"], "/webhooks/apps/fake-app/1");
    app.state.engine.ports().channels.remove(FakeApp::KIND);
    let switched_off = shown(of_app).await;
    assert_eq!(switched_off["available"], false);
    assert_eq!(switched_off["webhook_path"], "/webhooks/apps/fake-app/1");
    let waits = deliver_to_app(&app, "1", SECRET, &[("page-1", "later")]).await;
    problem(waits, 503, "unavailable").await;
}

/// Platforms that sign the address sign it as they were told it, whatever a proxy says of the host.
#[tokio::test]
async fn a_webhook_is_seen_at_its_public_address() {
    let public = "https://chat.example.org";
    let app = Running::with(|config| config.server.public_url = Some(public.parse().unwrap())).await;
    let owner = app.tenant("Signed address").await;
    let inbox = garbled(&app, &owner).await;
    let url = app.url(&format!("/webhooks/{inbox}?a=1&token=hidden"));
    let request = app
        .http
        .post(url)
        .header("Host", "elsewhere.example.org")
        .header("X-Telegram-Bot-Api-Secret-Token", "a-known-secret");
    assert_eq!(request.body(GARBLED).send().await.unwrap().status(), 200);
    let held = held(&app, &owner).await.remove(0).value.request;
    assert_eq!(held.path, format!("/webhooks/{inbox}"));
    assert_eq!(held.query, "a=1&token=…");
    assert_eq!(held.address, format!("{public}/webhooks/{inbox}?a=1&token=…"));
}
