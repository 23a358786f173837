//! Connections that say nothing, take nothing, or are too many.

use futures::future::join_all;
use omnichat_core::clock::SystemClock;
use omnichat_host::boot::Host;
use reqwest::StatusCode;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{PATIENCE, connect, live, measured, metrics, to_the_end};
use crate::util::app::config;
use crate::util::running::Running;

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
    has_three_places(Running::with(|config| config.server.connections_per_address = 3).await).await;
}

#[tokio::test]
async fn all_addresses_together_have_so_many_connections() {
    has_three_places(Running::with(|config| config.server.connections = 3).await).await;
}

async fn has_three_places(app: Running) {
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
