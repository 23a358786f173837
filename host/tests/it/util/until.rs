//! Waiting for what a host does by itself: by its bus, not by the clock.

use std::time::Duration;

use serde_json::Value;

use super::scene::messages;
use super::{Client, TestApp};

/// Waits until the messages of the newest conversation are as they should be; gives its id and the messages.
pub(crate) async fn until(
    app: &TestApp,
    owner: &Client,
    what: &str,
    holds: impl Fn(&[Value]) -> bool,
) -> (String, Vec<Value>) {
    // Before the first look, so that nothing happens unseen between the two.
    let mut signals = app.engine().ports().bus.subscribe();
    let mut seen = Vec::new();
    let looks = async {
        loop {
            let list = owner.get("/conversations").await.ok();
            if let Some(conversation) = list["items"][0]["id"].as_str() {
                seen = messages(owner, conversation).await;
                if holds(&seen) {
                    return conversation.to_owned();
                }
            }
            // Lagging behind is a signal too.
            signals.recv().await.ok();
        }
    };
    match tokio::time::timeout(Duration::from_secs(20), looks).await {
        Ok(conversation) => (conversation, seen),
        Err(_) => panic!("{what} does not come; there is {seen:#?}"),
    }
}

/// What customers, operators and scenarios wrote.
pub(crate) fn texts(messages: &[Value]) -> Vec<&str> {
    let said = messages
        .iter()
        .filter(|message| message["author"]["kind"] != "system");
    said.map(|message| message["text"].as_str().unwrap_or_default())
        .collect()
}
