//! Colleagues.

use omnichat_core::actor::Role;
use serde_json::json;

use crate::util::TestApp;

#[tokio::test]
async fn an_administrator_looks_after_colleagues() {
    let (_app, owner) = TestApp::with_owner().await;
    let new = json!({ "name": "Mark", "email": "mark@example.org", "role": "operator", "capacity": 3 });
    let made = owner.post("/operators", new.clone()).await.with_status(201);
    let id = made["operator"]["id"].as_str().unwrap().to_owned();
    assert_eq!(owner.post("/operators", new).await.wrong_fields(), ["email"]);
    let listed = owner.get("/operators").await.ok();
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);

    let path = format!("/operators/{id}");
    let changed = owner
        .patch(&path, json!({ "name": "Marcus", "capacity": 7, "version": 1 }))
        .await
        .ok();
    assert_eq!(
        (&changed["name"], &changed["capacity"], &changed["version"]),
        (&json!("Marcus"), &json!(7), &json!(2))
    );
    owner
        .patch(&path, json!({ "name": "Late", "version": 1 }))
        .await
        .problem(409, "conflict");
    assert_eq!(
        owner
            .patch(&path, json!({ "capacity": 100_000 }))
            .await
            .wrong_fields(),
        ["capacity"]
    );
    assert_eq!(
        owner
            .patch(&path, json!({ "role": "emperor" }))
            .await
            .wrong_fields(),
        ["role"]
    );

    let again = owner.post(&format!("{path}/invite"), json!({})).await.ok();
    assert_ne!(again["invite_url"], made["invite_url"]);
    owner
        .patch(&format!("/operators/{}", owner.id), json!({ "disabled": true }))
        .await
        .problem(422, "rejected");
}

#[tokio::test]
async fn an_operator_manages_nobody() {
    let (app, owner) = TestApp::with_owner().await;
    let mark = app.colleague("mark@example.org", Role::Operator).await;
    let new = json!({ "name": "Eve", "email": "eve@example.org", "role": "owner", "capacity": 3 });
    mark.post("/operators", new).await.problem(403, "forbidden");
    mark.patch(&format!("/operators/{}", owner.id), json!({ "disabled": true }))
        .await
        .problem(403, "forbidden");
    mark.patch(&format!("/operators/{}", mark.id), json!({ "role": "owner" }))
        .await
        .problem(403, "forbidden");
    mark.post(&format!("/operators/{}/invite", owner.id), json!({}))
        .await
        .problem(403, "forbidden");
    assert_eq!(
        mark.get("/operators").await.ok()["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn only_an_owner_makes_owners() {
    let (app, owner) = TestApp::with_owner().await;
    let admin = app.colleague("admin@example.org", Role::Admin).await;
    let new = json!({ "name": "Eve", "email": "eve@example.org", "role": "owner", "capacity": 3 });
    admin.post("/operators", new).await.problem(403, "forbidden");
    admin
        .patch(&format!("/operators/{}", owner.id), json!({ "disabled": true }))
        .await
        .problem(403, "forbidden");
    admin
        .post(&format!("/operators/{}/invite", owner.id), json!({}))
        .await
        .problem(403, "forbidden");
}
