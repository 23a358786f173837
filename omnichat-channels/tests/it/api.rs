//! The API channel against somebody's own system.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use omnichat_core::channel::{Action, Channel, Outbound, OutboundFile, WebhookRequest};
use omnichat_core::clock::ManualClock;
use omnichat_core::error::{ErrorKind, Retry};
use omnichat_core::messages::{AttachmentKind, Part, Span, SpanStyle};
use omnichat_net::egress::Egress;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::support::{Lost, Platform, account, file, open, outbound, registry_with, text, with_files};

const SECRET: &str = "0123456789abcdef";
const INBOX: &str = "inb_0192f0c1000070008000000000000001";
const MESSAGE: &str = "msg_0192f0c1000070008000000000000002";

fn api(platform: &Platform, more: Value) -> Arc<dyn Channel> {
    let url = format!("{}/omnichat?team=1", platform.server.uri());
    let mut config = json!({ "signing_secret": SECRET, "outgoing_url": url });
    config
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    open("api", config)
}

fn answers(code: u16, body: Value) -> ResponseTemplate {
    ResponseTemplate::new(code).set_body_json(body)
}

/// Sends a message and gives what the other system got.
async fn sent_body(message: Outbound) -> Value {
    let platform = Platform::start().await;
    platform.will_answer(answers(200, json!({})));
    api(&platform, json!({})).send(&message).await.unwrap();
    platform.calls().await.remove(0).params
}

#[tokio::test]
async fn a_request_is_signed_and_carries_the_settings_headers() {
    let platform = Platform::start().await;
    platform.will_answer(answers(201, json!({ "id": "their-5" })));
    let channel = api(
        &platform,
        json!({ "headers": ["X-Team: support"], "authorization": "Bearer abc" }),
    );
    let receipt = channel.send(&text("Привет 😀")).await.unwrap();
    assert_eq!(receipt.external_ids, ["their-5"]);
    let request = platform.server.received_requests().await.unwrap().remove(0);
    let header = |name: &str| request.headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(request.url.query(), Some("team=1"));
    assert_eq!(header("idempotency-key"), MESSAGE);
    assert_eq!(header("content-type"), "application/json");
    assert_eq!(header("x-team"), "support");
    assert_eq!(header("authorization"), "Bearer abc");
    // What we send we would accept: the signature is the same in both directions.
    let echo = WebhookRequest::post(request.body.clone())
        .with_header("x-omnichat-signature", &header("x-omnichat-signature"));
    channel.accept(&echo).await.unwrap();
    let forged = WebhookRequest {
        body: "{}".into(),
        ..echo
    };
    assert_eq!(
        channel.accept(&forged).await.unwrap_err().kind(),
        ErrorKind::Unauthenticated
    );
}

#[tokio::test]
async fn a_signature_expires_by_the_clock() {
    let clock = Arc::new(ManualClock::default());
    let registry = registry_with(Egress::public_only(), clock.clone());
    let channel = registry
        .get("api")
        .unwrap()
        .open(account(json!({ "signing_secret": SECRET })))
        .unwrap();
    // HMAC-SHA256 of `1767268800.{}`, made with another program.
    let v1 = "82330ea5e3ac98b4b461dc0d698404ef1e68356819346410bebe11e41c413b5f";
    let request =
        WebhookRequest::post("{}").with_header("x-omnichat-signature", &format!("t=1767268800,v1={v1}"));
    channel.accept(&request).await.unwrap();
    clock.advance(Duration::from_secs(301));
    assert_eq!(
        channel.accept(&request).await.unwrap_err().kind(),
        ErrorKind::Unauthenticated
    );
    let get = WebhookRequest {
        method: "GET".to_owned(),
        ..request
    };
    assert_eq!(
        channel.accept(&get).await.unwrap_err().kind(),
        ErrorKind::Unauthenticated
    );
}

#[tokio::test]
async fn a_text_has_only_what_is_set() {
    assert_eq!(
        sent_body(text("Hello")).await,
        json!({
            "type": "message", "inbox_id": INBOX, "id": MESSAGE, "chat": "5512340001", "author_name": "Front desk",
            "text": "Hello",
        })
    );
}

#[tokio::test]
async fn a_full_message_has_everything() {
    let message = Outbound {
        route: BTreeMap::from([("shard".to_owned(), "eu-1".to_owned())]),
        spans: vec![Span {
            start: 0,
            length: 5,
            style: SpanStyle::Bold,
            url: None,
        }],
        reply_to: Some("m-1".to_owned()),
        part: Some(Part::Contact {
            name: "Courier".to_owned(),
            phone: "+79990000002".to_owned(),
        }),
        files: vec![file(AttachmentKind::Document, "label.pdf", "application/pdf")],
        ..text("Hello")
    };
    assert_eq!(
        sent_body(message).await,
        json!({
            "type": "message", "inbox_id": INBOX, "id": MESSAGE, "chat": "5512340001", "author_name": "Front desk",
            "text": "Hello", "route": { "shard": "eu-1" }, "reply_to": "m-1",
            "spans": [{ "start": 0, "length": 5, "style": "bold" }],
            "contact": { "name": "Courier", "phone": "+79990000002" },
            "attachments": [{
                "kind": "document", "name": "label.pdf", "content_type": "application/pdf", "size": 9,
                "sha256": "digest of label.pdf", "data": "bGFiZWwucGRm",
            }],
        })
    );
    let part = Part::Location {
        latitude: 59.5,
        longitude: 30.25,
        title: None,
        address: None,
        live: None,
    };
    let place = sent_body(Outbound {
        part: Some(part),
        ..outbound()
    })
    .await;
    assert_eq!(
        place["location"],
        json!({ "latitude": 59.5, "longitude": 30.25, "title": null, "address": null })
    );
}

#[tokio::test]
async fn files_that_are_too_large_or_lost_are_not_sent() {
    let platform = Platform::start().await;
    let channel = api(&platform, json!({}));
    let of_size = |size| OutboundFile {
        size,
        ..file(AttachmentKind::Document, "a.bin", "application/octet-stream")
    };
    let lost = OutboundFile {
        source: Arc::new(Lost),
        ..of_size(5)
    };
    for files in [
        vec![of_size(10 * 1024 * 1024 + 1)],
        vec![of_size(9 * 1024 * 1024); 3],
        vec![lost],
    ] {
        let error = channel.send(&with_files(files)).await.unwrap_err();
        assert!(error.is_surely_not_sent(), "{error}");
    }
    assert!(platform.calls().await.is_empty());
}

#[tokio::test]
async fn the_other_systems_id_is_taken_if_it_is_usable() {
    for (answer, id) in [
        (answers(200, json!({ "id": 77 })), "77"),
        (answers(200, json!({ "id": "" })), MESSAGE),
        (answers(200, json!({ "id": "x".repeat(300) })), MESSAGE),
        (answers(200, json!({ "id": { "a": 1 } })), MESSAGE),
        (answers(200, json!("fine")), MESSAGE),
        (ResponseTemplate::new(204), MESSAGE),
        (
            ResponseTemplate::new(200).set_body_string("x".repeat(100_000)),
            MESSAGE,
        ),
        // It has seen the key before.
        (answers(409, json!({ "id": "their-5" })), "their-5"),
    ] {
        let platform = Platform::start().await;
        platform.will_answer(answer);
        let receipt = api(&platform, json!({})).send(&text("x")).await.unwrap();
        assert_eq!(receipt.external_ids, [id]);
    }
}

#[tokio::test]
async fn each_status_has_its_class() {
    let later = || ResponseTemplate::new(503).insert_header("Retry-After", "17");
    let seventeen = Retry::After(Duration::from_secs(17));
    for (answer, kind, retry, not_sent) in [
        (later(), ErrorKind::Unavailable, seventeen, false),
        (
            ResponseTemplate::new(429).insert_header("Retry-After", "17"),
            ErrorKind::RateLimited,
            seventeen,
            true,
        ),
        (
            ResponseTemplate::new(429),
            ErrorKind::RateLimited,
            Retry::Later,
            true,
        ),
        (
            ResponseTemplate::new(500),
            ErrorKind::Unavailable,
            Retry::Later,
            false,
        ),
        (
            ResponseTemplate::new(401),
            ErrorKind::AccountBroken,
            Retry::Never,
            true,
        ),
        (
            ResponseTemplate::new(410),
            ErrorKind::Unreachable,
            Retry::Never,
            true,
        ),
        (
            answers(422, json!({ "detail": "no such user" })),
            ErrorKind::Rejected,
            Retry::Never,
            true,
        ),
        (
            ResponseTemplate::new(302).insert_header("Location", "/elsewhere"),
            ErrorKind::AccountBroken,
            Retry::Never,
            true,
        ),
    ] {
        let platform = Platform::start().await;
        platform.will_answer(answer);
        let error = api(&platform, json!({})).send(&text("x")).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.retry(), error.is_surely_not_sent()),
            (kind, retry, not_sent)
        );
        assert_eq!(platform.calls().await.len(), 1, "a redirect was followed");
    }
}

#[tokio::test]
async fn actions_are_events_too() {
    let platform = Platform::start().await;
    let (chat, route) = ("u1".to_owned(), BTreeMap::new());
    let channel = api(&platform, json!({ "presence": true }));
    for (action, body) in [
        (
            Action::Edit {
                chat: chat.clone(),
                route: route.clone(),
                external_id: "their-5".to_owned(),
                text: "New".to_owned(),
                spans: Vec::new(),
                buttons: Vec::new(),
                is_caption: false,
            },
            json!({ "type": "edited", "inbox_id": INBOX, "id": "their-5", "chat": "u1", "text": "New" }),
        ),
        (
            Action::Delete {
                chat: chat.clone(),
                route: route.clone(),
                external_ids: vec!["their-5".to_owned()],
            },
            json!({ "type": "deleted", "inbox_id": INBOX, "ids": ["their-5"], "chat": "u1" }),
        ),
        (
            Action::Typing {
                chat: chat.clone(),
                route: route.clone(),
            },
            json!({ "type": "typing", "inbox_id": INBOX, "chat": "u1" }),
        ),
        (
            Action::MarkRead {
                chat: chat.clone(),
                route: route.clone(),
                external_id: "m-1".to_owned(),
            },
            json!({ "type": "read", "inbox_id": INBOX, "id": "m-1", "chat": "u1" }),
        ),
    ] {
        platform.will_answer(ResponseTemplate::new(204));
        channel.perform(&action).await.unwrap();
        assert_eq!(platform.calls().await.pop().unwrap().params, body);
    }
    channel
        .perform(&Action::AcknowledgeButton {
            external_id: "p-1".to_owned(),
        })
        .await
        .unwrap();
    assert_eq!(platform.calls().await.len(), 4);
    platform.will_answer(ResponseTemplate::new(409));
    let conflict = Action::Delete {
        chat,
        route,
        external_ids: vec!["x".to_owned()],
    };
    assert_eq!(
        channel.perform(&conflict).await.unwrap_err().kind(),
        ErrorKind::Rejected
    );
}

#[tokio::test]
async fn the_check_asks_the_other_system() {
    let platform = Platform::start().await;
    platform
        .will_answer(ResponseTemplate::new(204))
        .will_answer(ResponseTemplate::new(403));
    let channel = api(&platform, json!({}));
    assert_eq!(channel.check().await.unwrap().name, "127.0.0.1");
    assert_eq!(
        platform.calls().await[0].params,
        json!({ "type": "ping", "inbox_id": INBOX })
    );
    assert_eq!(
        channel.check().await.unwrap_err().kind(),
        ErrorKind::AccountBroken
    );
}

#[tokio::test]
async fn without_an_address_what_is_stored_has_arrived() {
    let channel = open("api", json!({ "signing_secret": SECRET }));
    assert!(channel.capabilities().local && !channel.capabilities().delivery_receipts);
    assert_eq!(channel.send(&text("x")).await.unwrap().external_ids, [MESSAGE]);
    channel.check().await.unwrap();
}
