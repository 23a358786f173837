//! Customers.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::util::TestApp;
use crate::util::scene::{conversation, customer_writes, id};

#[tokio::test]
async fn a_customer_is_found_and_changed() {
    let (_app, owner) = TestApp::with_owner().await;
    let (inbox, conversation) = conversation(&owner).await;
    customer_writes(&owner, &inbox, "Oleg", "Hi").await;
    let found = owner.get("/customers?q=ver").await.ok();
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    let vera = &found["items"][0];
    let (chat, contact) = (&vera["chats"][0], &vera["contacts"][0]);
    assert_eq!(
        (&chat["channel"], &chat["kind"], &chat["external_id"]),
        (&json!("sandbox"), &json!("private"), &json!("Vera"))
    );
    assert_eq!(chat["contact_id"], contact["id"]);
    assert_eq!(
        (&contact["scope"], &contact["external_id"], &contact["claimed"]),
        (&json!("inbox"), &json!("Vera"), &json!(false))
    );
    let path = format!("/customers/{}", vera["id"].as_str().unwrap());
    assert_eq!(&owner.get(&path).await.ok(), vera);

    let patch = json!({
        "name": "Vera V.", "email": "vera@example.org", "phone": "+1 555 0100", "note": "Likes green tea",
        "tags": ["regular"], "attributes": { "plan": "gold" }, "version": vera["version"],
    });
    let changed = owner.patch(&path, patch.clone()).await.ok();
    for field in ["name", "email", "phone", "note", "tags", "attributes"] {
        assert_eq!(changed[field], patch[field], "{field}");
    }
    owner.patch(&path, patch).await.problem(409, "conflict");
    assert_eq!(
        owner.patch(&path, json!({ "email": null })).await.ok()["email"],
        Value::Null
    );
    assert_eq!(
        owner
            .patch(&path, json!({ "email": "nowhere" }))
            .await
            .wrong_fields(),
        ["email"]
    );
    assert_eq!(
        owner.patch(&path, json!({ "name": "" })).await.wrong_fields(),
        ["name"]
    );
    assert_eq!(
        owner
            .patch(&path, json!({ "attributes": { "n": 1 } }))
            .await
            .wrong_fields(),
        ["attributes.n"]
    );
    assert_eq!(
        owner.patch(&path, json!({ "blocked": true })).await.ok()["blocked"],
        true
    );

    let theirs = owner.get(&format!("{path}/conversations")).await.ok();
    assert_eq!(theirs["items"][0]["id"], conversation);
    assert_eq!(theirs["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_search_takes_no_pattern() {
    let (_app, owner) = TestApp::with_owner().await;
    conversation(&owner).await;
    for q in ["%25%25%25", "___", "%27%20OR%201=1", "***"] {
        assert_eq!(
            owner.get(&format!("/customers?q={q}")).await.ok()["items"],
            json!([]),
            "{q}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_who_change_one_thing_at_once_and_name_no_version_all_get_through() {
    let (_app, owner) = TestApp::with_owner().await;
    let (inbox, _) = conversation(&owner).await;
    let customer = id(&owner.get("/customers").await.ok()["items"][0]);
    let before = owner.get(&format!("/inboxes/{inbox}")).await.ok();
    let customers = (0..20).map(|n| {
        let (owner, path) = (&owner, format!("/customers/{customer}"));
        async move {
            owner
                .patch(&path, json!({ "note": format!("note {n}") }))
                .await
                .ok()
        }
    });
    let inboxes = (0..20).map(|n| {
        let (owner, path) = (&owner, format!("/inboxes/{inbox}"));
        async move {
            owner
                .patch(&path, json!({ "title": format!("Title {n}") }))
                .await
                .ok()
        }
    });
    let (customers, inboxes) = tokio::join!(join_all(customers), join_all(inboxes));
    assert_eq!((customers.len(), inboxes.len()), (20, 20));
    let now = owner.get(&format!("/inboxes/{inbox}")).await.ok();
    let version = |inbox: &Value| inbox["version"].as_u64().unwrap();
    assert_eq!(version(&now), version(&before) + 20, "each has written");
    let path = format!("/inboxes/{inbox}");
    let stale = json!({ "title": "Late", "version": before["version"] });
    owner.patch(&path, stale).await.problem(409, "conflict");
}
