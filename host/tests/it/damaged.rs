//! A host whose database has damaged rows goes on, and says which they are.

use std::sync::Arc;

use omnichat_core::clock::SystemClock;
use omnichat_host::config::Secret;
use serde_json::json;

use crate::util::TestApp;
use crate::util::app::config;
use crate::util::scene::{conversation, customer_writes, sandbox};

async fn on_sqlite(folder: &tempfile::TempDir) -> TestApp {
    let mut config = config();
    config.store.url = Some(Secret::from(format!(
        "sqlite:{}",
        folder.path().join("omnichat.db").display()
    )));
    TestApp::with(config, Arc::new(SystemClock)).await
}

fn spoil(folder: &tempfile::TempDir, statement: &str) {
    let file = rusqlite::Connection::open(folder.path().join("omnichat.db")).unwrap();
    assert_eq!(file.execute(statement, []).unwrap(), 1);
}

#[tokio::test]
async fn a_damaged_conversation_hides_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let app = on_sqlite(&folder).await;
    let owner = app.found("Example", "owner@example.org").await;
    let (inbox, damaged) = conversation(&owner).await;
    let sound = customer_writes(&owner, &inbox, "Oleg", "Hi").await;
    let id = damaged.rsplit('_').next().unwrap().to_uppercase();
    spoil(
        &folder,
        &format!(
            "UPDATE conversations SET body = replace(body, '\"created_at\":\"', '\"created_at\":\"x') WHERE hex(id) = '{id}'"
        ),
    );
    let list = owner.get("/conversations").await.ok();
    assert_eq!(
        (&list["items"][0]["id"], &list["damaged"]),
        (&json!(sound), &json!([damaged]))
    );
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let problem = owner
        .get(&format!("/conversations/{damaged}"))
        .await
        .problem(500, "damaged");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("this conversation is damaged")
    );
    // Other customers are heard as before.
    customer_writes(&owner, &inbox, "Oleg", "Still there?").await;
    app.down().await;
}

#[tokio::test]
async fn a_damaged_event_stops_no_follower() {
    let folder = tempfile::tempdir().unwrap();
    let app = on_sqlite(&folder).await;
    let owner = app.found("Example", "owner@example.org").await;
    conversation(&owner).await;
    spoil(
        &folder,
        "UPDATE events SET body = '{' WHERE key = (SELECT min(key) + 1 FROM events)",
    );
    let page = owner.get("/events").await.ok();
    let items = page["items"].as_array().unwrap();
    assert_eq!(items.last().unwrap()["seq"], page["head"]);
    let types: Vec<&str> = items
        .iter()
        .filter_map(|item| item["event"]["type"].as_str())
        .collect();
    assert_eq!(types.iter().filter(|one| **one == "damaged").count(), 1);
    app.down().await;
}

#[tokio::test]
async fn filters_for_a_channel_without_an_inbox_find_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let app = on_sqlite(&folder).await;
    let owner = app.found("Example", "owner@example.org").await;
    sandbox(&owner).await;
    for more in [
        "priority=low",
        "unread=true&status=closed",
        "tag=vip&sort=waiting",
        "assignee=none",
        "unanswered=true",
    ] {
        let found = owner
            .get(&format!("/conversations?channel=telegram&{more}"))
            .await
            .ok();
        assert_eq!(found["items"], json!([]), "{more}");
    }
    app.down().await;
}
