//! The console's WebSocket: what was missed, what happens, what is of the moment, and how it ends.

use omnichat_core::actor::Role;
use omnichat_core::channel::InboundEvent;
use omnichat_core::messages::{Audience, NewMessage};
use omnichat_core::operators::OperatorPatch;
use serde_json::{Value, json};

use crate::util::running::{Colleague, Running};
use crate::util::socket::Socket;

/// Everything up to an event number, which an owner sees without gaps.
async fn events_to(socket: &mut Socket, last: u64) -> Vec<Value> {
    let mut events = Vec::new();
    while events
        .last()
        .is_none_or(|event: &Value| event["seq"].as_u64() < Some(last))
    {
        events.push(socket.of("event").await);
    }
    events
}

async fn head(app: &Running, of: &Colleague) -> u64 {
    app.state
        .engine
        .ports()
        .tenant(of.operator.tenant)
        .event_head()
        .await
        .unwrap()
}

#[tokio::test]
async fn after_a_drop_every_event_comes_once_and_in_order() {
    let app = Running::start().await;
    let owner = app.tenant("Drop").await;
    let inbox = app.inbox(&owner, "sandbox", json!({})).await;
    let (mut socket, hello) = app.console(&owner, None).await;
    let start = hello["seq"].as_u64().unwrap();
    app.write(inbox, "a", "one").await;
    let first = events_to(&mut socket, head(&app, &owner).await).await;
    // The connection breaks in the middle of what happens, and something happens while it is away.
    app.write(inbox, "a", "two").await;
    drop(socket);
    for n in 0..30 {
        app.write(inbox, &format!("chat {}", n % 7), "while away").await;
    }
    let seen = first.last().unwrap()["seq"].as_u64().unwrap();
    let (mut socket, _) = app.console(&owner, Some(seen)).await;
    app.write(inbox, "a", "back again").await;
    let second = events_to(&mut socket, head(&app, &owner).await).await;
    let numbers: Vec<u64> = first
        .iter()
        .chain(&second)
        .map(|event| event["seq"].as_u64().unwrap())
        .collect();
    let expected: Vec<u64> = (start + 1..=head(&app, &owner).await).collect();
    assert_eq!(numbers, expected);
    let last = second.last().unwrap();
    assert_eq!(last["event"]["type"], "message_created");
    assert_eq!(last["event"]["message"]["text"], "back again");
    assert_eq!(
        last["event"]["conversation"]["last_message"]["preview"],
        "back again"
    );
}

#[tokio::test]
async fn who_missed_too_much_or_comes_from_another_log_fetches_everything_anew() {
    let app = Running::with(|config| config.realtime.missed_max = 5).await;
    let owner = app.tenant("Resync").await;
    let inbox = app.inbox(&owner, "sandbox", json!({})).await;
    for n in 0..10 {
        app.write(inbox, &n.to_string(), "missed").await;
    }
    let seq = head(&app, &owner).await;
    for after in [0, seq + 100] {
        let (mut socket, _) = app.console(&owner, Some(after)).await;
        assert_eq!(socket.frame().await, json!({ "type": "resync", "seq": seq }));
        let (mut other, _) = app.console(&owner, Some(seq)).await;
        socket.say(json!({ "type": "ping" })).await;
        assert_eq!(socket.of("pong").await["type"], "pong");
        other.say(json!({ "type": "ping" })).await;
        assert_eq!(
            other.until(|frame| frame["type"] != "presence").await["type"],
            "pong",
            "nothing was missed"
        );
    }
}

#[tokio::test]
async fn two_tenants_never_see_each_others_events() {
    let app = Running::start().await;
    let (one, two) = (app.tenant("One").await, app.tenant("Two").await);
    let (inbox_one, inbox_two) = (
        app.inbox(&one, "sandbox", json!({})).await,
        app.inbox(&two, "sandbox", json!({})).await,
    );
    let (mut socket, _) = app.console(&two, Some(0)).await;
    let hidden = app.write(inbox_one, "a", "of the first").await;
    app.did(inbox_one, "a", InboundEvent::Typing { on: true }).await;
    let shown = app.write(inbox_two, "a", "of the second").await;
    let events = events_to(&mut socket, head(&app, &two).await).await;
    assert!(
        events
            .iter()
            .any(|event| event["event"]["conversation"]["id"] == shown.to_string())
    );
    let text = Value::from(events).to_string();
    assert!(!text.contains(&hidden.to_string()) && !text.contains(&inbox_one.to_string()));
    // A look at the other's conversation is refused without a word, and typing there reaches nobody.
    let (mut other, _) = app.console(&one, None).await;
    socket
        .say(json!({ "type": "viewing", "conversation_id": hidden, "replying": true }))
        .await;
    socket
        .say(json!({ "type": "typing", "conversation_id": hidden, "on": true }))
        .await;
    socket.say(json!({ "type": "ping" })).await;
    socket.of("pong").await;
    other
        .say(json!({ "type": "viewing", "conversation_id": hidden, "replying": false }))
        .await;
    let viewers = other.until(|frame| frame["type"] != "presence").await;
    assert_eq!(
        viewers["viewers"],
        json!([{ "operator_id": one.operator.id, "replying": false }])
    );
}

#[tokio::test]
async fn a_wrong_token_closes_with_4401() {
    let app = Running::start().await;
    let (owner, stranger) = (app.tenant("Token").await, app.tenant("Stranger").await);
    for token in ["", "rubbish", &format!("{}x", owner.token)] {
        let mut socket = app.socket("/api/v1/ws").await;
        socket
            .say(json!({ "type": "hello", "token": token, "after": null }))
            .await;
        let error = socket.frame().await;
        assert_eq!(
            (&error["type"], &error["problem"]["code"]),
            (&json!("error"), &json!("unauthenticated"))
        );
        assert_eq!(socket.closed().await, 4401);
    }
    let (mut socket, _) = app.console(&owner, None).await;
    socket.say(json!({ "type": "token", "token": owner.token })).await;
    socket.say(json!({ "type": "ping" })).await;
    socket.of("pong").await;
    socket
        .say(json!({ "type": "token", "token": stranger.token }))
        .await;
    assert_eq!(socket.closed().await, 4401);
    let mut socket = app.socket("/api/v1/ws").await;
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.closed().await, 1008, "hello comes first");
}

#[tokio::test]
async fn a_disabled_operator_is_shown_out() {
    let app = Running::start().await;
    let owner = app.tenant("Disabled").await;
    let colleague = app.colleague(&owner, "Boris", Role::Operator).await;
    let (mut socket, _) = app.console(&colleague, None).await;
    let patch = OperatorPatch {
        disabled: Some(true),
        ..OperatorPatch::default()
    };
    app.state
        .engine
        .operators()
        .update(&owner.actor(), colleague.operator.id, patch)
        .await
        .unwrap();
    assert_eq!(socket.closed().await, 4401);
}

/// Time is paused, so it runs to the next thing that waits for it.
#[tokio::test(start_paused = true)]
async fn a_token_that_ends_and_a_client_that_says_nothing_are_let_go() {
    let app = Running::start().await;
    let owner = app.tenant("Ends").await;
    let mut silent = app.socket("/api/v1/ws").await;
    assert_eq!(silent.closed_at_last().await, 4408);
    let (mut socket, _) = app.console(&owner, None).await;
    assert_eq!(socket.closed_at_last().await, 4401);
}

#[tokio::test]
async fn what_an_operator_may_not_manage_does_not_come() {
    let app = Running::start().await;
    let owner = app.tenant("Rights").await;
    let colleague = app.colleague(&owner, "Boris", Role::Operator).await;
    let inbox = app
        .inbox(&owner, "api", json!({ "signing_secret": "0123456789abcdef" }))
        .await;
    let garbled = crate::webhooks::garbled(&app, &owner).await;
    let (mut admin, _) = app.console(&owner, None).await;
    let (mut operator, _) = app.console(&colleague, None).await;
    let response = crate::webhooks::deliver_garbled(&app, garbled).await;
    assert_eq!(response.status(), 200);
    app.write(inbox, "a", "after it").await;
    let event = admin.of("event").await;
    assert_eq!(event["event"]["type"], "quarantine_added");
    let event = operator.of("event").await;
    assert_eq!(event["event"]["type"], "conversation_created", "{event}");
}

#[tokio::test]
async fn colleagues_see_who_looks_who_writes_and_who_is_there() {
    let app = Running::start().await;
    let owner = app.tenant("Moment").await;
    let colleague = app.colleague(&owner, "Boris", Role::Operator).await;
    let inbox = app.inbox(&owner, "sandbox", json!({})).await;
    let conversation = app.write(inbox, "a", "hello").await;
    let (mut mine, _) = app.console(&owner, None).await;
    let (mut theirs, _) = app.console(&colleague, None).await;
    let there = mine
        .until(|f| f["type"] == "presence" && f["operator_id"] == colleague.operator.id.to_string())
        .await;
    assert_eq!(there["connected"], true);

    theirs
        .say(json!({ "type": "viewing", "conversation_id": conversation, "replying": true }))
        .await;
    let viewers = mine.of("viewers").await;
    assert_eq!(viewers["conversation_id"], conversation.to_string());
    assert_eq!(
        viewers["viewers"],
        json!([{ "operator_id": colleague.operator.id, "replying": true }])
    );

    // The same notice again at once is not passed on; the end of it is.
    for on in [true, true, false] {
        theirs
            .say(json!({ "type": "typing", "conversation_id": conversation, "on": on }))
            .await;
    }
    for on in [true, false] {
        let typing = mine.of("typing").await;
        assert_eq!(
            (&typing["on"], &typing["author"]["name"]),
            (&json!(on), &json!("Boris"))
        );
    }
    app.did(inbox, "a", InboundEvent::Typing { on: true }).await;
    assert_eq!(mine.of("typing").await["author"]["kind"], "customer");

    drop(theirs);
    assert_eq!(mine.of("viewers").await["viewers"], json!([]));
}

#[tokio::test]
async fn who_reads_too_slowly_is_let_go_and_can_go_on_from_there() {
    let app = Running::with(|config| config.realtime.behind_max = 10).await;
    let owner = app.tenant("Slow").await;
    let inbox = app.inbox(&owner, "sandbox", json!({})).await;
    let conversation = app.write(inbox, "a", "hello").await;
    let (mut socket, hello) = app.console(&owner, None).await;
    // More than the buffers of both ends of the connection hold.
    let text = "щ".repeat(20_000);
    for n in 0..400 {
        let note = NewMessage {
            client_key: format!("note-key-{n}"),
            audience: Audience::Colleagues,
            text: text.clone(),
            spans: Vec::new(),
            files: Vec::new(),
            buttons: Vec::new(),
            reply_to: None,
            part: None,
        };
        app.state
            .engine
            .messages()
            .send(&owner.actor(), conversation, note)
            .await
            .unwrap();
    }
    let mut seen = hello["seq"].as_u64().unwrap();
    let code = loop {
        match socket.frame_or_close().await {
            Ok(frame) if frame["type"] == "event" => {
                assert_eq!(frame["seq"].as_u64(), Some(seen + 1));
                seen += 1;
            }
            Ok(_) => {}
            Err(code) => break code,
        }
    };
    assert_eq!(code, 4429);
    let head = head(&app, &owner).await;
    assert!(seen < head, "it was let go before the end");
    let (mut socket, _) = app.console(&owner, Some(seen)).await;
    let rest = events_to(&mut socket, head).await;
    assert_eq!(rest.len() as u64, head - seen);
}

#[tokio::test]
async fn a_host_that_goes_down_says_so() {
    let app = Running::start().await;
    let owner = app.tenant("Down").await;
    let (mut socket, _) = app.console(&owner, None).await;
    let closed = tokio::spawn(async move { socket.closed().await });
    drop(app);
    assert_eq!(closed.await.unwrap(), 1001);
}

#[tokio::test]
async fn a_number_from_before_a_restore_means_fetching_anew() {
    let app = Running::start().await;
    let owner = app.tenant("Restored").await;
    let inbox = app.inbox(&owner, "sandbox", json!({})).await;
    app.write(inbox, "a", "one").await;
    let hello_with = async |after: u64, epoch: &Value| {
        let mut socket = app.socket("/api/v1/ws").await;
        socket
            .say(json!({ "type": "hello", "token": owner.token, "after": after, "epoch": epoch }))
            .await;
        let hello = socket.frame().await;
        app.write(inbox, "a", "more").await;
        // Who comes and goes is told as well.
        let first = socket.until(|frame| frame["type"] != "presence").await;
        (hello["epoch"].clone(), first["type"].clone())
    };
    let head = head(&app, &owner).await;
    let (epoch, first) = hello_with(head, &Value::Null).await;
    assert_eq!(first, "event");
    assert_eq!(hello_with(head, &epoch).await.1, "event");
    // A number that was made up begins nothing anew but for whoever named it.
    assert_eq!(hello_with(head + 1_000, &epoch).await.1, "resync");
    assert_eq!(hello_with(head, &json!("made up")).await.1, "resync");
    assert_eq!(hello_with(head, &epoch).await.1, "event");
    // This one was told of what the restored database never heard of.
    let tenants = app.state.engine.tenants();
    let further = tenants.mark(owner.operator.tenant, head + 1_000).await.unwrap();
    let (restored, first) = hello_with(head, &json!(further)).await;
    assert_eq!(first, "resync");
    // That one's number is given out again.
    assert_eq!(hello_with(head, &epoch).await.1, "resync");
    assert_eq!(hello_with(head, &restored).await.1, "event");
}
