//! What a stranger or a bad client may do to connections, memory and disk, and what comes of it.

use std::cell::Cell;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures::future::join_all;
use omnichat_core::actor::Role;
use omnichat_core::clock::SystemClock;
use omnichat_core::id::InboxId;
use omnichat_core::operators::OperatorPatch;
use omnichat_host::boot::Host;
use omnichat_host::config::{Config, Secret};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::util::TestApp;
use crate::util::app::config;
use crate::util::running::{Colleague, Running};
use crate::util::socket::Socket;

/// What does not happen within this time never will.
const PATIENCE: Duration = Duration::from_secs(20);

async fn connect(app: &Running) -> TcpStream {
    let address: SocketAddr = app.url("").trim_start_matches("http://").parse().unwrap();
    TcpStream::connect(address).await.unwrap()
}

/// Everything that the host says until it hangs up.
async fn to_the_end(mut stream: TcpStream) -> String {
    let mut said = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut said));
    read.await.expect("the host hangs up").ok();
    String::from_utf8_lossy(&said).into_owned()
}

/// A host whose metrics can be read.
async fn measured(change: impl FnOnce(&mut Config)) -> Running {
    Running::with(|config| {
        config.metrics.token = Some(Secret::from("let me see".to_owned()));
        change(config);
    })
    .await
}

async fn metrics(app: &Running) -> String {
    let request = app.http.get(app.url("/metrics")).bearer_auth("let me see");
    request.send().await.unwrap().text().await.unwrap()
}

async fn live(app: &Running) -> StatusCode {
    let answer = app.http.get(app.url("/health/live")).send().await;
    answer.unwrap().status()
}

#[tokio::test]
async fn connections_that_say_nothing_or_half_of_it_are_closed() {
    let app = Running::with(|config| config.server.header_seconds = 1).await;
    let silent = connect(&app).await;
    let mut half = connect(&app).await;
    half.write_all(b"GET /health/live HTTP/1.1\r\nhost: x\r\nx-a: ")
        .await
        .unwrap();
    let mut idle = connect(&app).await;
    idle.write_all(b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let ended = join_all([silent, half, idle].map(to_the_end)).await;
    assert!(
        !ended[0].contains("200") && !ended[1].contains("200"),
        "{ended:?}"
    );
    assert!(ended[2].starts_with("HTTP/1.1 200"), "{ended:?}");
    assert_eq!(live(&app).await, StatusCode::OK);
}

#[tokio::test]
async fn an_address_has_so_many_connections() {
    let app = Running::with(|config| config.server.connections_per_address = 3).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut stream = connect(&app).await;
        stream
            .write_all(b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n")
            .await
            .unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        held.push(stream);
    }
    assert_eq!(to_the_end(connect(&app).await).await, "");
    drop(held);
    // What was given up is free again.
    let ask = async {
        while app.http.get(app.url("/health/live")).send().await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, ask).await.unwrap();
}

#[tokio::test]
async fn a_body_that_does_not_come_is_answered_408() {
    let app = Running::with(|config| config.server.stall_seconds = 1).await;
    let owner = app.tenant("Slow").await;
    let inbox = app.inbox(&owner, "sandbox", json!({})).await;
    let bearer = format!("authorization: Bearer {}\r\n", owner.token);
    for (path, header) in [
        ("/api/v1/auth/sign-in", ""),
        ("/api/v1/files?name=a.txt", bearer.as_str()),
        (&format!("/webhooks/{inbox}"), ""),
    ] {
        let mut stream = connect(&app).await;
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\n{header}content-type: application/json\r\ncontent-length: 100\r\n\r\n{{"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let said = to_the_end(stream).await;
        assert!(
            said.starts_with("HTTP/1.1 408") && said.contains("too_slow"),
            "{path}: {said}"
        );
    }
}

#[tokio::test]
async fn a_webhook_of_nobody_is_refused_before_its_body_comes() {
    let app = Running::start().await;
    let unknown = InboxId::generate(&SystemClock);
    let mut stream = connect(&app).await;
    let head = format!("POST /webhooks/{unknown} HTTP/1.1\r\nhost: x\r\ncontent-length: 4000000\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    let read = tokio::time::timeout(PATIENCE / 2, stream.read_exact(&mut answer));
    read.await.expect("it is not waited for").unwrap();
    assert_eq!(&answer, b"HTTP/1.1 404");
}

#[tokio::test]
async fn bodies_that_do_not_end_take_no_more_than_their_room() {
    let app = Running::with(|config| config.server.bodies_max_bytes = 80_000).await;
    let owner = app.tenant("Room").await;
    let secret = "0123456789abcdef";
    let inbox = app
        .inbox(&owner, "api", json!({ "signing_secret": secret }))
        .await;
    let mut held = Vec::new();
    for _ in 0..4 {
        let mut stream = connect(&app).await;
        let head = format!("POST /webhooks/{inbox} HTTP/1.1\r\nhost: x\r\ncontent-length: 9000\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&[b' '; 4_900]).await.unwrap();
        held.push(stream);
    }
    let body = |text: &str| {
        let message = json!({ "type": "message", "id": text, "peer": "a", "text": text });
        format!("{message}{}", " ".repeat(1_000)).into_bytes()
    };
    // They have arrived once there is no room.
    let no_room = async {
        loop {
            let answer = crate::webhooks::deliver(&app, inbox, secret, &body("first")).await;
            if answer.status() == StatusCode::SERVICE_UNAVAILABLE {
                return answer;
            }
        }
    };
    let refused = tokio::time::timeout(PATIENCE, no_room)
        .await
        .expect("it gets full");
    assert_eq!(refused.headers()["retry-after"], "1");
    let sign_in = app.http.post(app.url("/api/v1/auth/sign-in"));
    let long = json!({ "email": "a@example.org", "password": "x".repeat(1_000) });
    let refused = sign_in.json(&long).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    drop(held);
    let room_again = async {
        while crate::webhooks::deliver(&app, inbox, secret, &body("last"))
            .await
            .status()
            != StatusCode::OK
        {}
    };
    tokio::time::timeout(PATIENCE, room_again)
        .await
        .expect("there is room again");
}

#[tokio::test]
async fn who_does_not_take_an_answer_is_let_go() {
    let app = measured(|config| config.server.stall_seconds = 1).await;
    let owner = app.tenant("Large").await;
    let bytes = vec![7; 40_000_000];
    let length = bytes.len();
    let stored = app
        .http
        .post(app.url("/api/v1/files?name=a.bin"))
        .bearer_auth(&owner.token)
        .body(bytes)
        .send()
        .await
        .unwrap();
    let file: Value = stored.json().await.unwrap();
    let mut stream = connect(&app).await;
    let head = format!(
        "GET {} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\r\n",
        file["url"].as_str().unwrap(),
        owner.token
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // The host has given the connection up when its place is free again.
    let given_up = async {
        loop {
            let text = metrics(&app).await;
            let open = text
                .lines()
                .find_map(|line| line.strip_prefix("omnichat_connections "));
            // The one that asks is the other.
            if open.is_some_and(|open| open == "1") {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, given_up)
        .await
        .expect("it is given up");
    assert!(to_the_end(stream).await.len() < length);
}

#[tokio::test]
async fn methods_that_are_made_up_are_one_series() {
    let app = measured(|_| {}).await;
    for n in 0..50 {
        let method = reqwest::Method::from_bytes(format!("BREW{n}").as_bytes()).unwrap();
        app.http
            .request(method, app.url("/api/v1/me"))
            .send()
            .await
            .unwrap();
    }
    let text = metrics(&app).await;
    assert!(text.contains("method=\"other\""), "{text}");
    assert!(!text.contains("BREW"), "{text}");
}

/// A visitor's token for a new widget.
async fn visitor(app: &Running, of: &Colleague) -> (String, String) {
    let inbox = app.inbox(of, "widget", json!({})).await;
    let url = app.url(&format!("/widget/v1/{inbox}/session"));
    let session = app
        .http
        .post(url)
        .json(&json!({ "visitor": {} }))
        .send()
        .await
        .unwrap();
    assert_eq!(session.status(), StatusCode::OK);
    let session: Value = session.json().await.unwrap();
    let token = session["token"].as_str().unwrap().to_owned();
    (format!("/widget/v1/{inbox}/ws"), token)
}

async fn greeted(app: &Running, path: &str, token: &str) -> Socket {
    let mut socket = app.socket(path).await;
    socket
        .say(json!({ "type": "hello", "token": token, "after": null }))
        .await;
    assert_eq!(socket.frame().await["type"], "hello");
    socket
}

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
    let role = |role| OperatorPatch {
        role: Some(role),
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
async fn a_host_of_which_a_part_has_died_says_so_and_ends() {
    let host = Host::start_with(config(), std::sync::Arc::new(SystemClock))
        .await
        .unwrap();
    let url = format!("http://{}/health/ready", host.address().unwrap());
    let vital = host.state().vital.clone();
    let runs = tokio::spawn(host.run(std::future::pending()));
    assert_eq!(reqwest::get(&url).await.unwrap().status(), StatusCode::OK);
    vital.fail("the writer of the store has died");
    let ready = reqwest::get(&url).await.unwrap();
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
    let problem: Value = ready.json().await.unwrap();
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("the writer of the store"),
        "{problem}"
    );
    let ended = tokio::time::timeout(PATIENCE, runs)
        .await
        .expect("it ends")
        .unwrap();
    assert!(ended.unwrap_err().to_string().contains("the writer of the store"));
}

#[tokio::test]
async fn a_full_disk_takes_no_files_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config();
    config.blobs.url = Some(format!("fs:{}", folder.path().display()));
    config.files.free_bytes_min = u64::MAX;
    let app = TestApp::with(config, std::sync::Arc::new(SystemClock)).await;
    let owner = app.found("Example", "owner@example.org").await;
    owner
        .post_bytes("/files?name=a.txt", "text/plain", b"hello".to_vec())
        .await
        .problem(507, "no_room");
    let ready = app.anonymous().get("//health/ready").await.ok();
    assert!(
        ready["warnings"][0].as_str().unwrap().contains("nearly full"),
        "{ready}"
    );
    assert_eq!(owner.get("/status").await.ok()["warnings"], ready["warnings"]);
}

#[tokio::test]
async fn visitors_take_nothing_of_what_operators_may_upload() {
    let app = Running::with(|config| {
        config.files.visitors_files_per_day = 1;
        config.files.operators_files_per_day = 1;
    })
    .await;
    let owner = app.tenant("Pools").await;
    let (path, token) = visitor(&app, &owner).await;
    let upload = async |url: String, token: &str| {
        let request = app
            .http
            .post(url)
            .bearer_auth(token)
            .header("content-type", "text/plain");
        request.body("hello").send().await.unwrap().status()
    };
    let theirs = app.url(&path.replace("/ws", "/files?name=a.txt"));
    let ours = app.url("/api/v1/files?name=a.txt");
    for status in [StatusCode::CREATED, StatusCode::TOO_MANY_REQUESTS] {
        assert_eq!(upload(theirs.clone(), &token).await, status);
    }
    for status in [StatusCode::CREATED, StatusCode::TOO_MANY_REQUESTS] {
        assert_eq!(upload(ours.clone(), &owner.token).await, status);
    }
}

#[tokio::test]
async fn a_visitor_uploads_so_much_in_a_day() {
    let app = Running::with(|config| config.files.visitor_files_per_day = 1).await;
    let owner = app.tenant("Quota").await;
    let (path, token) = visitor(&app, &owner).await;
    let url = app.url(&path.replace("/ws", "/files?name=a.txt"));
    let upload = async || {
        let request = app
            .http
            .post(&url)
            .bearer_auth(&token)
            .header("content-type", "text/plain");
        request.body("hello").send().await.unwrap()
    };
    assert_eq!(upload().await.status(), StatusCode::CREATED);
    let refused = upload().await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers().contains_key("retry-after"));
}
