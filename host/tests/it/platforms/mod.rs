//! Conversations by plugins, with platforms that sign, repeat and fail as the real ones do.

mod max;
mod viber;

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use omnichat_core::clock::Clock;
use omnichat_fakes::{Media, Start};
use serde_json::{Value, json};

use crate::util::app::config;
use crate::util::plugins::install;
use crate::util::scene::id;
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

/// An inbox of a plugin whose platform does not know this host's address.
async fn inbox(owner: &Client, kind: &str, config: Value) -> String {
    install(owner, kind).await;
    let body = json!({ "kind": kind, "title": kind, "config": config, "routing": "manual" });
    id(&owner.post("/inboxes", body).await.with_status(201))
}

/// Has the platform know this host's address.
async fn register(owner: &Client, inbox: &str) {
    let path = format!("/inboxes/{inbox}/webhook");
    owner.post(&path, json!({})).await.ok();
}

/// What the test of the connection says: whether it works, and a sentence.
async fn test(owner: &Client, inbox: &str) -> (bool, String) {
    let path = format!("/inboxes/{inbox}/test");
    let said = owner.post(&path, json!({})).await.ok();
    (
        said["ok"] == true,
        said["message"].as_str().unwrap_or_default().to_owned(),
    )
}

/// Opens an inbox or closes it: a closed one answers webhooks with an error.
async fn open(owner: &Client, inbox: &str, enabled: bool) {
    let path = format!("/inboxes/{inbox}");
    owner.patch(&path, json!({ "enabled": enabled })).await.ok();
}

/// An operator sends a message of any content.
async fn say(owner: &Client, conversation: &str, key: &str, content: Value) {
    let mut body = json!({ "client_key": key, "kind": "reply" });
    for (name, value) in content.as_object().unwrap() {
        body[name] = value.clone();
    }
    let path = format!("/conversations/{conversation}/messages");
    owner.post(&path, body).await.with_status(202);
}

async fn upload(owner: &Client, name: &str, media: &Media) -> String {
    let path = format!("/files?name={name}");
    let answer = owner
        .post_bytes(&path, &media.content_type, media.bytes.to_vec())
        .await;
    id(&answer.with_status(201))
}

/// The customer of a conversation.
async fn customer(owner: &Client, conversation: &str) -> Value {
    let conversation = owner.get(&format!("/conversations/{conversation}")).await.ok();
    let id = conversation["customer"]["id"].as_str().unwrap();
    owner.get(&format!("/customers/{id}")).await.ok()
}

fn state(messages: &[Value], text: &str) -> Option<String> {
    let message = messages.iter().find(|message| message["text"] == text)?;
    message["state"].as_str().map(str::to_owned)
}

/// What messages are besides text, by the type: `location`, `button_press`, ...
fn parts<'a>(messages: &'a [Value], kind: &str) -> Vec<&'a Value> {
    let parts = messages.iter().map(|message| &message["part"]);
    parts.filter(|part| part["type"] == kind).collect()
}

/// Whether the time line holds an entry.
fn tells(messages: &[Value], entry: &str) -> bool {
    parts(messages, "system")
        .iter()
        .any(|part| part["entry"] == entry)
}

/// A platform slow enough for a test to act between two of its attempts: the pauses are from tenths of a second on.
fn unhurried(token: &str) -> Start {
    Start {
        second: Duration::from_millis(20),
        ..Start::token(token)
    }
}

/// Rows of buttons for each thing that a button can do.
fn buttons() -> Value {
    json!([
        [{ "text": "Yes", "kind": "reply", "data": "yes" }, { "text": "No", "kind": "reply", "data": "no" }],
        [{ "text": "My number", "kind": "contact" }],
        [{ "text": "My place", "kind": "location" }],
    ])
}
