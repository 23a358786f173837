//! Conversations by plugins, with platforms that sign, repeat and fail as the real ones do.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use omnichat_core::clock::{Clock, ManualClock, SystemClock};
use omnichat_fakes::{Failure, Max, Media, Viber};
use serde_json::{Value, json};

use crate::util::app::config;
use crate::util::plugins::install;
use crate::util::scene::{answer, id};
use crate::util::until::{texts, until};
use crate::util::{Client, TestApp};

/// A host that platforms on this machine reach and that may reach them.
async fn host(clock: Arc<dyn Clock>) -> (TestApp, Client) {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut config = config();
    config.server.listen = port;
    config.server.public_url = Some(format!("http://{port}").parse().unwrap());
    config.egress.allow = vec!["127.0.0.0/8".to_owned()];
    let app = TestApp::with(config, clock).await;
    let owner = app.found("Example", "owner@example.org").await;
    (app, owner)
}

/// An inbox of a plugin whose platform knows this host's address.
async fn inbox(owner: &Client, kind: &str, config: Value) -> String {
    install(owner, kind).await;
    let body = json!({ "kind": kind, "title": kind, "config": config, "routing": "manual" });
    let made = id(&owner.post("/inboxes", body).await.with_status(201));
    owner
        .post(&format!("/inboxes/{made}/webhook"), json!({}))
        .await
        .ok();
    made
}

fn state(messages: &[Value], text: &str) -> Option<String> {
    let message = messages.iter().find(|message| message["text"] == text)?;
    message["state"].as_str().map(str::to_owned)
}

async fn upload(owner: &Client, name: &str, media: &Media) -> String {
    let path = format!("/files?name={name}");
    let answer = owner
        .post_bytes(&path, &media.content_type, media.bytes.to_vec())
        .await;
    id(&answer.with_status(201))
}

#[tokio::test]
async fn viber_holds_a_conversation() {
    let token = "4453b6ac12345678-e02c5f12174805f9-daec9cbb5448c51f";
    let viber = Viber::start(token).await;
    let clock = Arc::new(ManualClock::default());
    let (app, owner) = host(clock.clone()).await;
    let config = json!({ "auth_token": token, "base_url": viber.url(), "sender_name": "Shop" });
    let inbox = inbox(&owner, "viber", config).await;
    assert!(viber.webhook().unwrap().ends_with(&inbox));

    viber.deliver_twice(true);
    let vera = viber.customer("vera==", "Vera");
    vera.writes("Where is my parcel?");
    viber.settled().await;
    let (conversation, seen) = until(&app, &owner, "the first message", |seen| !texts(seen).is_empty()).await;
    assert_eq!(
        texts(&seen),
        ["Where is my parcel?"],
        "repeated deliveries are one message"
    );
    vera.sends_photo(Media::photo(), Some("this one"));
    let (_, seen) = until(&app, &owner, "the photo", |seen| {
        seen.iter()
            .any(|message| message["attachments"][0]["file_id"].is_string())
    })
    .await;
    assert!(texts(&seen).contains(&"this one"), "{seen:#?}");

    answer(&owner, &conversation, "answer-one", "On its way").await;
    let sent = viber.sent().await_len(1).await;
    assert_eq!(
        (sent[0].text.as_deref(), sent[0].receiver.as_str()),
        (Some("On its way"), "vera==")
    );
    viber.seen(sent[0].token);
    until(&app, &owner, "the mark", |seen| {
        state(seen, "On its way").as_deref() == Some("read")
    })
    .await;

    // Nobody knows whether it arrived: it is not sent again unless somebody says so.
    viber.fail_next("send_message", Failure::Http(503));
    let second = id(&answer(&owner, &conversation, "answer-two", "It is here").await);
    until(&app, &owner, "the doubt", |seen| {
        state(seen, "It is here").as_deref() == Some("uncertain")
    })
    .await;
    assert_eq!(viber.sent().len(), 1);
    // The platform asks for fewer requests: it goes out when that time is over, once.
    viber.fail_next("send_message", Failure::Status(12));
    let calls = viber.calls().len();
    owner
        .post(&format!("/messages/{second}/retry"), json!({}))
        .await
        .ok();
    viber.calls().await_len(calls + 1).await;
    until(&app, &owner, "the pause", |seen| {
        state(seen, "It is here").as_deref() == Some("queued")
    })
    .await;
    clock.advance(Duration::from_secs(3_600));
    let owner = app.sign_in("owner@example.org").await;
    app.run_pending_work().await;
    viber.sent().await_len(2).await;
    let file = upload(&owner, "label.png", &Media::photo()).await;
    let body = json!({ "client_key": "answer-three", "kind": "reply", "text": "", "file_ids": [file] });
    owner
        .post(&format!("/conversations/{conversation}/messages"), body)
        .await
        .with_status(202);
    let sent = viber.sent().await_len(3).await;
    let said: Vec<Option<&str>> = sent.iter().map(|sent| sent.text.as_deref()).collect();
    assert_eq!(said[..2], [Some("On its way"), Some("It is here")]);
    assert_eq!(sent[2].media.as_ref().unwrap().bytes, Media::photo().bytes);

    // Who has unsubscribed cannot be written to.
    vera.unsubscribes();
    viber.settled().await;
    let body = json!({ "client_key": "answer-four", "kind": "reply", "text": "Are you there?" });
    let path = format!("/conversations/{conversation}/messages");
    owner.post(&path, body).await.problem(422, "rejected");
    assert_eq!(viber.sent().len(), 3);
}

#[tokio::test]
async fn max_holds_a_conversation() {
    let max = Max::start("a-token-of-max").await;
    let (app, owner) = host(Arc::new(SystemClock)).await;
    let config = json!({ "token": "a-token-of-max", "base_url": max.url(), "receive": "webhook" });
    inbox(&owner, "max", config).await;
    assert_eq!(max.subscriptions().len(), 1);

    max.deliver_twice(true);
    let vera = max.customer(77, "Vera");
    vera.starts(None);
    let first = vera.writes("Where is my parcel?");
    max.settled().await;
    let (conversation, seen) = until(&app, &owner, "the first message", |seen| {
        texts(seen).contains(&"Where is my parcel?")
    })
    .await;
    assert_eq!(
        texts(&seen)
            .iter()
            .filter(|text| **text == "Where is my parcel?")
            .count(),
        1
    );
    vera.edits(&first, "Where is my parcel 1234?");
    until(&app, &owner, "the edit", |seen| {
        texts(seen).contains(&"Where is my parcel 1234?")
    })
    .await;
    vera.sends_photo(Media::photo(), None);
    until(&app, &owner, "the photo", |seen| {
        seen.iter()
            .any(|message| message["attachments"][0]["file_id"].is_string())
    })
    .await;

    max.fail_next("POST /messages", Failure::Status(429));
    answer(&owner, &conversation, "answer-one", "On its way").await;
    let sent = max.sent().await_len(1).await;
    assert_eq!(sent[0].text.as_deref(), Some("On its way"));
    let file = upload(&owner, "label.png", &Media::photo()).await;
    let body = json!({ "client_key": "answer-two", "kind": "reply", "text": "See", "file_ids": [file] });
    owner
        .post(&format!("/conversations/{conversation}/messages"), body)
        .await
        .with_status(202);
    let sent = max.sent().await_len(2).await;
    assert_eq!(sent[1].files[0].bytes, Media::photo().bytes);
    let (_, seen) = until(&app, &owner, "both marks", |seen| {
        state(seen, "See").as_deref() == Some("sent")
    })
    .await;
    assert_eq!(state(&seen, "On its way").as_deref(), Some("sent"));

    vera.removes(&first);
    until(&app, &owner, "the removal", |seen| {
        seen.iter().any(|message| message["deleted_at"].is_string())
    })
    .await;
}
