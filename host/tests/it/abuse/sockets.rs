//! WebSockets: how many, for how long, and what is not taken from them.

use std::cell::Cell;
use std::time::{Duration, Instant};

use omnichat_core::actor::Role;
use omnichat_core::operators::OperatorPatch;
use reqwest::StatusCode;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use super::{connect, greeted, visitor};
use crate::util::running::Running;

#[tokio::test]
async fn the_oldest_socket_of_a_visitor_or_a_sign_in_makes_room() {
    let app = Running::with(|config| {
        config.realtime.sockets_per_visitor = 2;
        config.realtime.sockets_per_session = 2;
    })
    .await;
    let owner = app.tenant("Many").await;
    let (path, token) = visitor(&app, &owner).await;
    for (path, token) in [
        (path.as_str(), token.as_str()),
        ("/api/v1/ws", owner.token.as_str()),
    ] {
        let mut oldest = greeted(&app, path, token).await;
        let mut second = greeted(&app, path, token).await;
        let mut third = greeted(&app, path, token).await;
        assert_eq!(oldest.closed().await, 4409, "{path}");
        for socket in [&mut second, &mut third] {
            socket.say(json!({ "type": "ping" })).await;
            socket.of("pong").await;
        }
    }
}

#[tokio::test]
async fn an_address_has_so_many_sockets() {
    let app = Running::with(|config| config.realtime.sockets_per_address = 2).await;
    let _held = (app.socket("/api/v1/ws").await, app.socket("/api/v1/ws").await);
    let third = app
        .http
        .get(app.url("/api/v1/ws"))
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
        .send()
        .await
        .unwrap();
    assert_eq!(third.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(third.headers().contains_key("retry-after"));
}

#[tokio::test]
async fn a_frame_that_cannot_be_closes_with_its_code() {
    let app = Running::start().await;
    let owner = app.tenant("Frames").await;
    let (path, token) = visitor(&app, &owner).await;
    for (path, token) in [
        (path.as_str(), token.as_str()),
        ("/api/v1/ws", owner.token.as_str()),
    ] {
        for (message, code) in [
            (Message::text("x".repeat(2_000_000)), 1009),
            (
                Message::Frame(Frame::message(vec![0xff, 0xfe], OpCode::Data(Data::Text), true)),
                1007,
            ),
            (
                Message::Frame(Frame::message(vec![], OpCode::Data(Data::Reserved(3)), true)),
                1008,
            ),
            (Message::text("{"), 1008),
            (Message::binary(vec![1]), 1008),
        ] {
            let mut socket = greeted(&app, path, token).await;
            socket.send(message).await;
            let error = socket.of("error").await;
            assert!(error["problem"]["detail"].is_string(), "{error}");
            assert_eq!(socket.closed().await, code, "{path}");
        }
        // Before the hello too.
        let mut socket = app.socket(path).await;
        socket.send(Message::text("x".repeat(2_000_000))).await;
        assert_eq!(socket.closed().await, 1009, "{path}");
    }
}

#[tokio::test]
async fn who_types_on_and_off_all_the_time_is_not_passed_on() {
    let app = Running::start().await;
    let owner = app.tenant("Typing").await;
    let colleague = app.colleague(&owner, "Boris", Role::Operator).await;
    let inbox = app.inbox(&owner, "sandbox", json!({})).await;
    let conversation = app.write(inbox, "a", "hello").await;
    let (mut watching, _) = app.console(&owner, None).await;
    let (mut typing, _) = app.console(&colleague, None).await;
    for n in 0..100 {
        typing
            .say(json!({ "type": "typing", "conversation_id": conversation, "on": n % 2 == 0 }))
            .await;
    }
    typing.say(json!({ "type": "ping" })).await;
    typing.of("pong").await;
    app.write(inbox, "a", "after it").await;
    let passed_on = Cell::new(0);
    watching
        .until(|frame| {
            passed_on.set(passed_on.get() + usize::from(frame["type"] == "typing"));
            frame["event"]["message"]["text"] == "after it"
        })
        .await;
    assert!((1..=10).contains(&passed_on.get()), "{passed_on:?}");
}

#[tokio::test]
async fn a_socket_ends_at_once_with_its_session() {
    let app = Running::start().await;
    let owner = app.tenant("Ends").await;
    let began = Instant::now();
    let (mut socket, _) = app.console(&owner, None).await;
    let url = app.url("/api/v1/auth/sign-out");
    let out = app.http.post(url).bearer_auth(&owner.token).send().await.unwrap();
    assert_eq!(out.status(), StatusCode::NO_CONTENT);
    assert_eq!(socket.closed().await, 4401);
    // Long before it would be looked at in any case.
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn what_an_old_event_says_of_an_operator_is_not_acted_on() {
    let app = Running::start().await;
    let owner = app.tenant("Replay").await;
    let colleague = app.colleague(&owner, "Boris", Role::Operator).await;
    let change = async |patch| {
        let operators = app.state.engine.operators();
        operators
            .update(&owner.actor(), colleague.operator.id, patch)
            .await
            .unwrap();
    };
    let role = |role: Role| OperatorPatch {
        role: Some(role.into()),
        ..OperatorPatch::default()
    };
    let disabled = |disabled| OperatorPatch {
        disabled: Some(disabled),
        ..OperatorPatch::default()
    };
    let inbox = app
        .inbox(&owner, "api", json!({ "signing_secret": "0123456789abcdef" }))
        .await;
    let garbled = crate::webhooks::garbled(&app, &owner).await;
    change(role(Role::Admin)).await;
    // Only who may manage quarantine sees this one.
    crate::webhooks::deliver_garbled(&app, garbled).await;
    change(disabled(true)).await;
    change(disabled(false)).await;
    change(role(Role::Operator)).await;
    // As it is by now: each time it was disabled its sessions ended.
    let store = app.state.engine.ports().tenant(colleague.operator.tenant);
    let operator = store.find_operator(colleague.operator.id).await.unwrap().unwrap();
    let token = app.state.auth.begin(operator, "test").await.unwrap().access;
    let mut socket = app.socket("/api/v1/ws").await;
    socket
        .say(json!({ "type": "hello", "token": token, "after": 0 }))
        .await;
    app.write(inbox, "a", "after it").await;
    let last = socket
        .until(|frame| {
            assert_ne!(frame["type"], "error", "{frame}");
            assert_ne!(frame["event"]["type"], "quarantine_added", "{frame}");
            frame["event"]["message"]["text"] == "after it"
        })
        .await;
    assert_eq!(last["type"], "event");

    // Rights that are narrowed now are narrowed at once, and the socket stays.
    change(role(Role::Admin)).await;
    socket
        .until(|frame| frame["event"]["operator"]["role"] == "admin")
        .await;
    change(role(Role::Operator)).await;
    crate::webhooks::deliver_garbled(&app, garbled).await;
    app.write(inbox, "a", "the end").await;
    socket
        .until(|frame| {
            assert_ne!(frame["event"]["type"], "quarantine_added", "{frame}");
            frame["event"]["message"]["text"] == "the end"
        })
        .await;
}

#[tokio::test]
async fn pieces_of_a_frame_without_an_end_are_read_no_faster_than_anybody_types() {
    let app = Running::start().await;
    let mut stream = connect(&app).await;
    let head = "GET /api/v1/ws HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
        sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 101");
    // The beginning of a text, and then nothing, again and again.
    stream.write_all(&[0x01, 0x80, 0, 0, 0, 0]).await.unwrap();
    let pieces = [0x00, 0x80, 0, 0, 0, 0].repeat(10_000);
    let mut taken = 0;
    while tokio::time::timeout(Duration::from_millis(500), stream.writable())
        .await
        .is_ok()
    {
        match stream.try_write(&pieces) {
            Ok(bytes) => taken += bytes,
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => break,
        }
    }
    // What is read at once, and what the system keeps between the two.
    assert!(taken < 16_000_000, "{taken}");
}
