//! Customers.

use serde_json::{Value, json};

use crate::util::TestApp;
use crate::util::scene::{conversation, customer_writes};

#[tokio::test]
async fn a_customer_is_found_and_changed() {
    let (_app, owner) = TestApp::with_owner().await;
    let (inbox, conversation) = conversation(&owner).await;
    customer_writes(&owner, &inbox, "Oleg", "Hi").await;
    let found = owner.get("/customers?q=ver").await.ok();
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    let vera = &found["items"][0];
    assert_eq!(vera["identities"][0]["channel"], "sandbox");
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
