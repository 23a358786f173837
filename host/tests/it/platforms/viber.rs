//! Viber.

use std::sync::Arc;
use std::time::Duration;

use omnichat_core::clock::{ManualClock, SystemClock};
use omnichat_fakes::{Failure, Media, Viber};
use serde_json::{Value, json};

use super::{
    buttons, customer, host, inbox, open, parts, register, say, state, tells, test, unhurried, upload,
};
use crate::util::scene::{answer, id};
use crate::util::until::{texts, until};
use crate::util::{Client, TestApp};

const TOKEN: &str = "4453b6ac12345678-e02c5f12174805f9-daec9cbb5448c51f";

/// A host with a bot whose webhook is set; its inbox.
async fn bot(viber: &Viber, more: Value) -> (TestApp, Client, String) {
    let (app, owner) = host(Arc::new(SystemClock)).await;
    let mut config = json!({ "auth_token": TOKEN, "base_url": viber.url(), "sender_name": "Shop" });
    for (name, value) in more.as_object().unwrap() {
        config[name] = value.clone();
    }
    let inbox = inbox(&owner, "viber", config).await;
    register(&owner, &inbox).await;
    (app, owner, inbox)
}

#[tokio::test]
async fn viber_holds_a_conversation() {
    let viber = Viber::start(TOKEN).await;
    let clock = Arc::new(ManualClock::default());
    let (app, owner) = host(clock.clone()).await;
    let config = json!({ "auth_token": TOKEN, "base_url": viber.url(), "sender_name": "Shop" });
    let inbox = inbox(&owner, "viber", config).await;
    register(&owner, &inbox).await;
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
async fn viber_carries_buttons_both_ways() {
    let viber = Viber::start(TOKEN).await;
    let (app, owner, _) = bot(&viber, json!({})).await;
    let vera = viber.customer("vera==", "Vera");
    vera.writes("Hello");
    let (conversation, _) = until(&app, &owner, "the first message", |seen| texts(seen) == ["Hello"]).await;

    let content = json!({ "text": "Is it *yours*?", "buttons": buttons(),
        "spans": [{ "start": 0, "length": 2, "style": "bold" }] });
    say(&owner, &conversation, "buttons-one", content.clone()).await;
    let sent = viber.sent().await_len(1).await;
    assert_eq!(sent[0].text.as_deref(), Some("*Is* it *yours*?"));
    vera.presses("Yes");
    let (_, seen) = until(&app, &owner, "the press", |seen| {
        !parts(seen, "button_press").is_empty()
    })
    .await;
    assert_eq!(parts(&seen, "button_press")[0]["data"], "yes");
    assert!(
        texts(&seen).iter().all(|text| !text.contains("omni:")),
        "a press is no text: {seen:#?}"
    );
    vera.presses("My number");
    vera.presses("My place");
    let (_, seen) = until(&app, &owner, "the place", |seen| {
        !parts(seen, "location").is_empty()
    })
    .await;
    assert_eq!(parts(&seen, "contact")[0]["phone"], "79990000001");
    assert_eq!(parts(&seen, "location")[0]["latitude"], 55.75);
    assert!(viber.refusals().is_empty(), "{:#?}", viber.refusals().all());

    // An old Viber would show the data of a button as what the customer wrote.
    vera.has_version(5);
    say(&owner, &conversation, "buttons-two", content).await;
    let sent = viber.sent().await_len(2).await;
    assert!(sent[0].keyboard.is_some() && sent[1].keyboard.is_none());
    assert_eq!(viber.refusals().all()[0].status, 13);
}

#[tokio::test]
async fn viber_welcomes_and_knows_by_which_link() {
    let viber = Viber::start(TOKEN).await;
    let (app, owner, _) = bot(&viber, json!({ "welcome_message": "Hello, {name}!" })).await;
    let vera = viber.customer("vera==", "Vera");
    vera.starts_conversation(Some("order-77"));
    let sent = viber.sent().await_len(1).await;
    assert!(sent[0].welcome);
    assert_eq!(sent[0].text.as_deref(), Some("Hello, Vera!"));
    vera.writes("Where is it?");
    let (conversation, _) = until(&app, &owner, "the first message", |seen| {
        texts(seen) == ["Where is it?"]
    })
    .await;
    let vera = customer(&owner, &conversation).await;
    assert_eq!(vera["attributes"]["link_context"], "order-77", "{vera:#?}");
    assert!(viber.refusals().is_empty(), "{:#?}", viber.refusals().all());
}

#[tokio::test]
async fn viber_loses_its_webhook_and_gets_it_back() {
    let viber = Viber::start(TOKEN).await;
    let (app, owner, inbox) = bot(&viber, json!({})).await;
    viber.customer("vera==", "Vera").writes("Hello");
    let (conversation, _) = until(&app, &owner, "the first message", |seen| texts(seen) == ["Hello"]).await;
    assert_eq!(test(&owner, &inbox).await, (true, "connected as Shop".to_owned()));

    // Somebody removed it: the next message sets it again.
    viber.is_taken_over(None);
    let (works, why) = test(&owner, &inbox).await;
    assert!(!works && why.contains("has been removed"), "{why}");
    answer(&owner, &conversation, "answer-one", "On its way").await;
    viber.sent().await_len(1).await;
    assert!(viber.webhook().unwrap().ends_with(&inbox));
    until(&app, &owner, "the mark", |seen| {
        state(seen, "On its way").as_deref() == Some("sent")
    })
    .await;

    // Another system has it: that is said, and not undone in silence.
    viber.is_taken_over(Some("http://127.0.0.1:9/viber"));
    let (works, why) = test(&owner, &inbox).await;
    assert!(!works && why.contains("another system"), "{why}");
    answer(&owner, &conversation, "answer-two", "It is here").await;
    viber.sent().await_len(2).await;
    assert_eq!(viber.webhook().as_deref(), Some("http://127.0.0.1:9/viber"));
    register(&owner, &inbox).await;
    assert!(test(&owner, &inbox).await.0);
}

#[tokio::test]
async fn viber_brings_again_what_this_host_did_not_take() {
    let viber = Viber::open(unhurried(TOKEN)).unwrap();
    let (app, owner, inbox) = bot(&viber, json!({})).await;
    let handshakes = viber.attempts().len();
    open(&owner, &inbox, false).await;
    viber.customer("vera==", "Vera").writes("Are you there?");
    let refused = viber.attempts().await_len(handshakes + 1).await;
    assert!(!refused[handshakes].taken(), "{refused:#?}");
    open(&owner, &inbox, true).await;
    viber.settled().await;
    let (_, seen) = until(&app, &owner, "the message", |seen| !texts(seen).is_empty()).await;
    assert_eq!(texts(&seen), ["Are you there?"]);
    assert!(viber.attempts().last().unwrap().number > 1);
}

#[tokio::test]
async fn viber_takes_a_message_and_the_line_breaks() {
    let viber = Viber::start(TOKEN).await;
    let (app, owner, _) = bot(&viber, json!({})).await;
    let vera = viber.customer("vera==", "Vera");
    vera.writes("Hello");
    let (conversation, _) = until(&app, &owner, "the first message", |seen| texts(seen) == ["Hello"]).await;
    for (count, failure) in [(1, Failure::Cut), (2, Failure::BrokenJson)] {
        let text = format!("Answer {count}");
        viber.fail_next("send_message", failure);
        answer(&owner, &conversation, &format!("answer-{count}"), &text).await;
        until(&app, &owner, "the doubt", |seen| {
            state(seen, &text).as_deref() == Some("uncertain")
        })
        .await;
        assert_eq!(viber.sent().len(), count, "it arrived, and is not sent again");
    }
    // A customer who left and comes back can be written to.
    vera.unsubscribes();
    until(&app, &owner, "the leave", |seen| tells(seen, "blocked")).await;
    vera.subscribes();
    until(&app, &owner, "the return", |seen| tells(seen, "unblocked")).await;
    answer(&owner, &conversation, "answer-three", "Welcome back").await;
    viber.sent().await_len(3).await;
}
