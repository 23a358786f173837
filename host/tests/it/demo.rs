//! The living example.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::util::TestApp;

#[tokio::test]
async fn the_example_shows_something_of_everything() {
    let app = TestApp::empty().await;
    let told = omnichat_host::demo::fill(&app.state).await.unwrap().join("\n");
    let password = told
        .lines()
        .find_map(|l| l.split_once("admin@example.org  "))
        .unwrap()
        .1;
    let body = json!({ "email": "admin@example.org", "password": password, "transport": "body" });
    let admin = app
        .anonymous()
        .signed_in(&app.anonymous().post("/auth/sign-in", body).await.ok());
    assert_eq!(
        app.anonymous().get("/setup").await.ok(),
        json!({ "needed": false })
    );

    let conversations = admin.get("/conversations?limit=100").await.ok();
    let conversations = conversations["items"].as_array().unwrap();
    assert!(conversations.len() >= 40, "{}", conversations.len());
    let statuses: BTreeSet<&str> = conversations
        .iter()
        .map(|c| c["status"].as_str().unwrap())
        .collect();
    for status in ["new", "open", "snoozed", "resolved", "closed", "spam"] {
        assert!(statuses.contains(status), "{status} in {statuses:?}");
    }
    let channels: BTreeSet<&str> = conversations
        .iter()
        .map(|c| c["channel"].as_str().unwrap())
        .collect();
    assert_eq!(channels, ["api", "sandbox", "widget"].into());
    assert!(conversations.iter().any(|c| c["unread_count"].as_u64() > Some(1)));
    assert!(conversations.iter().any(|c| c["assignee_id"].is_null()));

    let mut said: Vec<Value> = Vec::new();
    for conversation in conversations {
        let path = format!("/conversations/{}/messages", conversation["id"].as_str().unwrap());
        said.extend(admin.get(&path).await.ok()["items"].as_array().unwrap().clone());
    }
    let any = |what: &dyn Fn(&Value) -> bool| said.iter().any(what);
    assert!(
        any(&|m| m["direction"] == "note")
            && any(&|m| m["state"] == "failed")
            && any(&|m| m["state"] == "read")
    );
    assert!(any(&|m| m["deleted_at"].is_string()) && any(&|m| m["edited_at"].is_string()));
    assert!(any(&|m| m["part"]["type"] == "location"));
    let picture = said
        .iter()
        .find(|m| m["attachments"][0]["kind"] == "image")
        .unwrap();
    let url = picture["attachments"][0]["url"].as_str().unwrap();
    assert_eq!(
        admin.get(&format!("/{url}")).await.headers["content-type"],
        "image/png"
    );

    let again = omnichat_host::demo::fill(&app.state).await.unwrap().join("\n");
    assert!(again.contains("was not added"));
    assert_eq!(
        admin.get("/operators").await.ok()["items"]
            .as_array()
            .unwrap()
            .len(),
        5
    );
}
