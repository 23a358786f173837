//! MAX.

use std::sync::Arc;

use omnichat_core::clock::SystemClock;
use omnichat_fakes::{Failure, Max, Media};
use serde_json::json;

use super::{
    buttons, customer, host, inbox, open, parts, register, say, state, tells, test, unhurried, upload,
};
use crate::util::scene::answer;
use crate::util::until::{texts, until};
use crate::util::{Client, TestApp};

const TOKEN: &str = "a-token-of-max";

/// A host with a bot; its inbox. The webhook is set unless the bot polls.
async fn bot(max: &Max, mode: &str) -> (TestApp, Client, String) {
    let (app, owner) = host(Arc::new(SystemClock)).await;
    let config = json!({ "token": TOKEN, "base_url": max.url(), "mode": mode });
    let inbox = inbox(&owner, "max", config).await;
    if mode != "polling" {
        register(&owner, &inbox).await;
    }
    (app, owner, inbox)
}

#[tokio::test]
async fn max_holds_a_conversation() {
    let max = Max::start(TOKEN).await;
    let (app, owner) = host(Arc::new(SystemClock)).await;
    let config = json!({ "token": TOKEN, "base_url": max.url(), "mode": "webhook" });
    let inbox = inbox(&owner, "max", config).await;
    register(&owner, &inbox).await;
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

#[tokio::test]
async fn max_carries_buttons_both_ways() {
    let max = Max::start(TOKEN).await;
    let (app, owner, _) = bot(&max, "webhook").await;
    let vera = max.customer(77, "Vera");
    vera.writes("Hello");
    let (conversation, _) = until(&app, &owner, "the first message", |seen| texts(seen) == ["Hello"]).await;

    let content = json!({ "text": "Is it yours?", "buttons": buttons() });
    say(&owner, &conversation, "buttons-one", content).await;
    max.sent().await_len(1).await;
    vera.presses("Yes").unwrap();
    let (_, seen) = until(&app, &owner, "the press", |seen| {
        !parts(seen, "button_press").is_empty()
    })
    .await;
    let press = parts(&seen, "button_press")[0];
    assert_eq!((&press["data"], &press["title"]), (&json!("yes"), &json!("Yes")));
    // The sign of waiting on the button ends, and nothing is shown.
    let answered = |calls: &[omnichat_fakes::journal::Call]| {
        let mut answers = calls.iter().filter(|call| call.method == "POST /answers");
        answers.any(|call| call.body == json!({ "notification": "" }))
    };
    max.calls().await_that("the answer to the press", answered).await;
    vera.presses("My number").unwrap();
    vera.presses("My place").unwrap();
    let (_, seen) = until(&app, &owner, "the place", |seen| {
        !parts(seen, "location").is_empty()
    })
    .await;
    assert_eq!(parts(&seen, "contact")[0]["phone"], "+79990000001");
    assert_eq!(parts(&seen, "location")[0]["longitude"], 37.62);
    assert_eq!(customer(&owner, &conversation).await["phone"], "+79990000001");
    assert!(max.refusals().is_empty(), "{:#?}", max.refusals().all());

    // Of a message that is gone MAX does not tell the chat: who pressed is answered all the same.
    vera.presses_late("yes");
    let (late, _) = until(&app, &owner, "the late press", |seen| {
        seen.iter().all(|message| message["text"] != "Hello") && !parts(seen, "button_press").is_empty()
    })
    .await;
    answer(&owner, &late, "answer-one", "That is over").await;
    let sent = max.sent().await_len(2).await;
    assert_eq!((sent[1].user_id, sent[1].chat_id), (77, vera.chat_id()));
}

#[tokio::test]
async fn max_begins_with_start_and_ends_with_the_dialog() {
    let max = Max::start(TOKEN).await;
    let (app, owner, _) = bot(&max, "webhook").await;
    let vera = max.customer(77, "Vera");
    max.deliver_twice(true);
    vera.starts(Some("order-77"));
    max.settled().await;
    let (conversation, seen) = until(&app, &owner, "the start", |seen| !texts(seen).is_empty()).await;
    assert_eq!(texts(&seen), ["/start order-77"]);
    let known = customer(&owner, &conversation).await;
    assert_eq!(known["attributes"]["link_context"], "order-77", "{known:#?}");
    answer(&owner, &conversation, "answer-one", "Hello").await;
    max.sent().await_len(1).await;

    // An emptied dialog is still one, a removed one is none.
    vera.clears_dialog();
    vera.removes_dialog();
    until(&app, &owner, "the end", |seen| tells(seen, "blocked")).await;
    let body = json!({ "client_key": "answer-two", "kind": "reply", "text": "Are you there?" });
    let path = format!("/conversations/{conversation}/messages");
    owner.post(&path, body).await.problem(422, "rejected");
    vera.starts(None);
    until(&app, &owner, "the return", |seen| tells(seen, "unblocked")).await;
    answer(&owner, &conversation, "answer-three", "Welcome back").await;
    max.sent().await_len(2).await;
    assert!(max.refusals().is_empty(), "{:#?}", max.refusals().all());
}

#[tokio::test]
async fn max_needs_time_for_a_file() {
    let max = Max::start(TOKEN).await;
    let (app, owner, _) = bot(&max, "webhook").await;
    max.customer(77, "Vera").writes("Hello");
    let (conversation, _) = until(&app, &owner, "the first message", |seen| texts(seen) == ["Hello"]).await;
    max.not_ready(1);
    let file = upload(&owner, "label.png", &Media::photo()).await;
    say(
        &owner,
        &conversation,
        "answer-one",
        json!({ "text": "See", "file_ids": [file] }),
    )
    .await;
    let sent = max.sent().await_len(1).await;
    assert_eq!(sent[0].files[0].bytes, Media::photo().bytes);
    assert!(max.refusals().all()[0].why.contains("attachment.not.ready"));
    let calls = max.calls().all();
    let uploads = calls.iter().filter(|call| call.method == "POST /upload");
    assert_eq!(uploads.count(), 1, "what is there is not brought again");
}

#[tokio::test]
async fn max_takes_a_message_and_the_line_breaks() {
    let max = Max::start(TOKEN).await;
    let (app, owner, _) = bot(&max, "webhook").await;
    max.customer(77, "Vera").writes("Hello");
    let (conversation, _) = until(&app, &owner, "the first message", |seen| texts(seen) == ["Hello"]).await;
    for (count, failure) in [(1, Failure::Cut), (2, Failure::BrokenJson), (3, Failure::TimeOut)] {
        let text = format!("Answer {count}");
        let arrives = failure != Failure::TimeOut;
        let before = max.sent().len();
        max.fail_next("POST /messages", failure);
        answer(&owner, &conversation, &format!("answer-{count}"), &text).await;
        until(&app, &owner, "the doubt", |seen| {
            state(seen, &text).as_deref() == Some("uncertain")
        })
        .await;
        assert_eq!(
            max.sent().len(),
            before + usize::from(arrives),
            "it is not sent again"
        );
    }
}

#[tokio::test]
async fn max_brings_again_what_this_host_did_not_take() {
    let max = Max::open(unhurried(TOKEN)).unwrap();
    let (app, owner, inbox) = bot(&max, "webhook").await;
    open(&owner, &inbox, false).await;
    max.customer(77, "Vera").writes("Are you there?");
    let refused = max.attempts().await_len(1).await;
    assert!(!refused[0].taken(), "{refused:#?}");
    open(&owner, &inbox, true).await;
    max.settled().await;
    let (_, seen) = until(&app, &owner, "the message", |seen| !texts(seen).is_empty()).await;
    assert_eq!(texts(&seen), ["Are you there?"]);
    assert!(max.attempts().last().unwrap().number > 1);
}

#[tokio::test]
async fn max_drops_a_webhook_and_takes_it_anew() {
    let max = Max::start(TOKEN).await;
    let (app, owner, inbox) = bot(&max, "webhook").await;
    assert!(test(&owner, &inbox).await.0);
    max.drop_subscriptions();
    let (works, why) = test(&owner, &inbox).await;
    assert!(!works && why.contains("8 hours"), "{why}");

    // This host was elsewhere before; another system stays where it is.
    let elsewhere = format!("http://127.0.0.1:9/webhooks/{inbox}");
    for url in [elsewhere.as_str(), "http://127.0.0.1:9/max"] {
        let subscribe = reqwest::Client::new()
            .post(format!("{}/subscriptions", max.url()))
            .header("Authorization", TOKEN)
            .body(json!({ "url": url }).to_string());
        assert!(subscribe.send().await.unwrap().status().is_success());
    }
    register(&owner, &inbox).await;
    register(&owner, &inbox).await;
    let subscriptions = max.subscriptions();
    assert_eq!(subscriptions.len(), 2, "{subscriptions:?}");
    assert!(!subscriptions.contains(&elsewhere), "{subscriptions:?}");
    assert!(test(&owner, &inbox).await.0);
    max.customer(77, "Vera").writes("Hello");
    until(&app, &owner, "the message", |seen| texts(seen) == ["Hello"]).await;
}

#[tokio::test]
async fn max_is_polled() {
    let max = Max::start(TOKEN).await;
    let (app, owner, _) = bot(&max, "polling").await;
    let asked =
        |calls: &[omnichat_fakes::journal::Call]| calls.iter().any(|call| call.method == "GET /updates");
    max.calls().await_that("a poll", asked).await;
    let vera = max.customer(77, "Vera");
    vera.writes("Hello");
    let (conversation, _) = until(&app, &owner, "the first message", |seen| texts(seen) == ["Hello"]).await;
    vera.sends_location(55.75, 37.62);
    vera.sends_voice(Media::new("voice.ogg", "audio/ogg", *b"OggS"));
    let (_, seen) = until(&app, &owner, "the place and the voice", |seen| {
        !parts(seen, "location").is_empty()
            && seen
                .iter()
                .any(|message| message["attachments"][0]["file_id"].is_string())
    })
    .await;
    assert_eq!(texts(&seen).len(), 3, "each came once: {seen:#?}");
    answer(&owner, &conversation, "answer-one", "Thank you").await;
    max.sent().await_len(1).await;
}
