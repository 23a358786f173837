//! What a stranger or a bad client may do to connections, memory and disk, and what comes of it.

mod bodies;
mod connections;
mod sockets;
mod uploads;

use std::net::SocketAddr;
use std::time::Duration;

use omnichat_host::config::{Config, Secret};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

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
