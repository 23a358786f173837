//! Things that many tests need: an inbox, a customer who writes, an answer.

use serde_json::{Value, json};

use super::Client;

/// Adds a sandbox, where nobody is routed.
pub(crate) async fn sandbox(client: &Client) -> String {
    let body = json!({ "kind": "sandbox", "title": "Sandbox", "config": {}, "routing": "manual" });
    id(&client.post("/inboxes", body).await.with_status(201))
}

/// A customer writes; the conversation's id.
pub(crate) async fn customer_writes(client: &Client, inbox: &str, chat: &str, text: &str) -> String {
    let body = json!({ "chat": chat, "name": chat, "action": "message", "text": text });
    let result = client
        .post(&format!("/inboxes/{inbox}/simulate"), body)
        .await
        .ok();
    result["conversation_id"].as_str().unwrap().to_owned()
}

/// A sandbox with a conversation; the ids of both.
pub(crate) async fn conversation(client: &Client) -> (String, String) {
    let inbox = sandbox(client).await;
    let conversation = customer_writes(client, &inbox, "Vera", "Hello").await;
    (inbox, conversation)
}

/// An operator answers.
pub(crate) async fn answer(client: &Client, conversation: &str, key: &str, text: &str) -> Value {
    let body = json!({ "client_key": key, "kind": "reply", "text": text });
    client
        .post(&format!("/conversations/{conversation}/messages"), body)
        .await
        .with_status(202)
}

/// The messages of a conversation, oldest first.
pub(crate) async fn messages(client: &Client, conversation: &str) -> Vec<Value> {
    let page = client
        .get(&format!("/conversations/{conversation}/messages"))
        .await
        .ok();
    page["items"].as_array().unwrap().clone()
}

/// The id of a thing.
pub(crate) fn id(thing: &Value) -> String {
    thing["id"].as_str().unwrap().to_owned()
}
