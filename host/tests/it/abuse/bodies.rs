//! Bodies that do not come, do not end or are not wanted.

use omnichat_core::clock::SystemClock;
use omnichat_core::id::InboxId;
use reqwest::StatusCode;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{PATIENCE, connect, to_the_end};
use crate::util::running::Running;

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
        let message = json!({ "type": "message", "id": text, "chat": "a", "text": text });
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

/// The head of the next answer on a connection that goes on.
async fn head(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    let read = async {
        while !said.ends_with(b"\r\n\r\n") {
            said.push(stream.read_u8().await.unwrap());
        }
    };
    tokio::time::timeout(PATIENCE, read)
        .await
        .expect("an answer comes");
    String::from_utf8(said).unwrap().to_lowercase()
}

#[tokio::test]
async fn who_is_refused_before_the_body_has_come_is_told_that_the_connection_closes() {
    let app = Running::start().await;
    for path in ["/api/v1/files?name=a.bin", "/api/v1/auth/sign-out"] {
        let mut stream = connect(&app).await;
        let request = format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 3000000\r\n\r\nbeginning");
        stream.write_all(request.as_bytes()).await.unwrap();
        let head = head(&mut stream).await;
        assert!(
            head.starts_with("http/1.1 401") && head.contains("connection: close"),
            "{head}"
        );
        to_the_end(stream).await;
    }
}

#[tokio::test]
async fn who_is_refused_with_a_small_body_goes_on_on_the_same_connection() {
    let app = Running::start().await;
    let mut stream = connect(&app).await;
    let request = "POST /api/v1/auth/sign-out HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{\"a\": 1}\n";
    for _ in 0..3 {
        stream.write_all(request.as_bytes()).await.unwrap();
        let head = head(&mut stream).await;
        assert!(
            head.starts_with("http/1.1 401") && !head.contains("connection: close"),
            "{head}"
        );
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        stream.read_exact(&mut body).await.unwrap();
    }
}
