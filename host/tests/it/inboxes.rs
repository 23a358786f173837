//! Inboxes and the sandbox customer.

use omnichat_core::actor::Role;
use serde_json::{Value, json};

use crate::util::TestApp;
use crate::util::scene::{answer, conversation, customer_writes, id, messages, sandbox};

fn api(more: Value) -> Value {
    let mut config = json!({ "signing_secret": "0123456789abcdef" });
    config
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    json!({ "kind": "api", "title": "Own system", "config": config })
}

#[tokio::test]
async fn every_kind_describes_itself() {
    let (_app, owner) = TestApp::with_owner().await;
    let kinds = owner.get("/channels").await.ok();
    let names: Vec<&str> = kinds["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|k| k["kind"].as_str().unwrap())
        .collect();
    for kind in ["api", "sandbox", "telegram", "widget"] {
        assert!(names.contains(&kind), "{names:?}");
    }
    for kind in kinds["items"].as_array().unwrap() {
        assert!(
            kind["config_schema"]["properties"].is_object() && !kind["docs"].as_str().unwrap().is_empty()
        );
    }
}

#[tokio::test]
async fn a_secret_goes_in_and_does_not_come_out() {
    let (_app, owner) = TestApp::with_owner().await;
    let made = owner.post("/inboxes", api(json!({}))).await.with_status(201);
    assert_eq!(made["config"]["signing_secret"], json!({ "set": true }));
    let path = format!("/inboxes/{}", id(&made));
    let mut config = made["config"].clone();
    config["presence"] = json!(true);
    let changed = owner
        .patch(&path, json!({ "config": config, "title": "App", "version": 1 }))
        .await
        .ok();
    assert_eq!(changed["config"]["signing_secret"], json!({ "set": true }));
    assert_eq!(
        (&changed["title"], &changed["version"]),
        (&json!("App"), &json!(2))
    );
    assert_eq!(owner.get(&path).await.ok(), changed);
    let everything = owner.get("/inboxes").await;
    assert!(!everything.text.contains("0123456789abcdef"));
}

#[tokio::test]
async fn wrong_settings_are_refused_field_by_field() {
    let (_app, owner) = TestApp::with_owner().await;
    let short = json!({ "kind": "api", "title": "", "config": { "signing_secret": "short" } });
    assert_eq!(owner.post("/inboxes", short).await.wrong_fields(), ["title"]);
    let short = json!({ "kind": "api", "title": "A", "config": { "signing_secret": "short" } });
    assert_eq!(
        owner.post("/inboxes", short).await.wrong_fields(),
        ["config.signing_secret"]
    );
    let unknown = json!({ "kind": "pigeon", "title": "A", "config": {} });
    assert_eq!(owner.post("/inboxes", unknown).await.wrong_fields(), ["kind"]);
    let mut proxied = api(json!({}));
    proxied["proxy_url"] = "gopher://example.org".into();
    assert_eq!(
        owner.post("/inboxes", proxied).await.wrong_fields(),
        ["proxy_url"]
    );
    assert_eq!(owner.get("/inboxes").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn a_proxy_is_shown_without_its_password() {
    let (_app, owner) = TestApp::with_owner().await;
    let mut new = api(json!({}));
    new["proxy_url"] = "socks5://user:hidden@proxy.example.org:1080".into();
    let made = owner.post("/inboxes", new).await.with_status(201);
    assert_eq!(made["proxy_url"], "socks5://…@proxy.example.org:1080");
    let path = format!("/inboxes/{}", id(&made));
    assert_eq!(
        owner.patch(&path, json!({ "title": "X" })).await.ok()["proxy_url"],
        made["proxy_url"]
    );
    assert_eq!(
        owner.patch(&path, json!({ "proxy_url": null })).await.ok()["proxy_url"],
        Value::Null
    );
}

#[tokio::test]
async fn an_inbox_is_tested_and_removed() {
    let (_app, owner) = TestApp::with_owner().await;
    let inbox = sandbox(&owner).await;
    let verdict = owner
        .post(&format!("/inboxes/{inbox}/test"), json!({}))
        .await
        .ok();
    assert_eq!(
        (&verdict["ok"], &verdict["account"]["name"]),
        (&json!(true), &json!("Sandbox"))
    );
    assert_eq!(
        owner.get(&format!("/inboxes/{inbox}")).await.ok()["health"]["state"],
        "ok"
    );
    let trial = owner
        .post("/channels/sandbox/test", json!({ "config": {} }))
        .await
        .ok();
    assert_eq!(trial["ok"], true);
    owner
        .post(&format!("/inboxes/{inbox}/webhook"), json!({}))
        .await
        .problem(422, "rejected");
    owner.delete(&format!("/inboxes/{inbox}")).await.with_status(204);
    owner
        .get(&format!("/inboxes/{inbox}"))
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn a_stale_version_changes_nothing() {
    let (_app, owner) = TestApp::with_owner().await;
    let path = format!("/inboxes/{}", sandbox(&owner).await);
    owner
        .patch(&path, json!({ "title": "First", "version": 1 }))
        .await
        .ok();
    owner
        .patch(&path, json!({ "title": "Second", "version": 1 }))
        .await
        .problem(409, "conflict");
    assert_eq!(owner.get(&path).await.ok()["title"], "First");
}

#[tokio::test]
async fn an_operator_sees_inboxes_and_changes_none() {
    let (app, owner) = TestApp::with_owner().await;
    let path = format!("/inboxes/{}", sandbox(&owner).await);
    let mark = app.colleague("mark@example.org", Role::Operator).await;
    mark.get(&path).await.ok();
    mark.patch(&path, json!({ "enabled": false }))
        .await
        .problem(403, "forbidden");
    mark.delete(&path).await.problem(403, "forbidden");
    mark.post("/inboxes", api(json!({})))
        .await
        .problem(403, "forbidden");
    mark.post(&format!("{path}/test"), json!({}))
        .await
        .problem(403, "forbidden");
}

#[tokio::test]
async fn a_played_customer_does_everything_a_real_one_does() {
    let (_app, owner) = TestApp::with_owner().await;
    let (inbox, conversation) = conversation(&owner).await;
    let path = format!("/inboxes/{inbox}/simulate");
    let act = |action: &str, more: Value| {
        let mut body = json!({ "chat": "Vera", "name": "Vera", "action": action });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        owner.post(&path, body)
    };
    let first = id(&messages(&owner, &conversation).await[0]);
    act("edit", json!({ "target_message_id": first, "text": "Hello!" }))
        .await
        .ok();
    let said = messages(&owner, &conversation).await;
    assert_eq!(
        (&said[0]["text"], &said[0]["revisions"]),
        (&json!("Hello!"), &json!(1))
    );
    act("typing", json!({})).await.ok();
    answer(&owner, &conversation, "key-00001", "Good day").await;
    act("read", json!({})).await.ok();
    let said = messages(&owner, &conversation).await;
    assert_eq!(
        said.iter().find(|m| m["text"] == "Good day").unwrap()["state"],
        "read"
    );
    act("delete", json!({ "target_message_id": first })).await.ok();
    assert!(messages(&owner, &conversation).await[0]["deleted_at"].is_string());

    assert_eq!(
        act("edit", json!({ "text": "?" })).await.wrong_fields(),
        ["target_message_id"]
    );
    assert_eq!(
        act("message", json!({ "text": " " })).await.wrong_fields(),
        ["text"]
    );
    assert_eq!(act("dance", json!({})).await.wrong_fields(), ["action"]);
}

#[tokio::test]
async fn a_played_customer_presses_a_button() {
    let (_app, owner) = TestApp::with_owner().await;
    let (inbox, conversation) = conversation(&owner).await;
    let body = json!({
        "client_key": "key-00001", "kind": "reply", "text": "Which one?",
        "buttons": [[{ "text": "Green", "kind": "reply", "data": "g" }, { "text": "Black", "kind": "reply", "data": "b" }]],
    });
    let asked = owner
        .post(&format!("/conversations/{conversation}/messages"), body)
        .await
        .with_status(202);
    let mut press = json!({ "chat": "Vera", "name": "Vera", "action": "button", "target_message_id": id(&asked), "data": "b" });
    owner
        .post(&format!("/inboxes/{inbox}/simulate"), press.clone())
        .await
        .ok();
    let said = messages(&owner, &conversation).await;
    let last = said.last().unwrap();
    assert_eq!(
        last["part"],
        json!({ "type": "button_press", "data": "b", "title": "Black" })
    );
    press["data"] = "x".into();
    assert_eq!(
        owner
            .post(&format!("/inboxes/{inbox}/simulate"), press)
            .await
            .wrong_fields(),
        ["data"]
    );
}

#[tokio::test]
async fn real_customers_are_not_played() {
    let (_app, owner) = TestApp::with_owner().await;
    let made = owner.post("/inboxes", api(json!({}))).await.with_status(201);
    let body = json!({ "chat": "Vera", "name": "Vera", "action": "message", "text": "Hi" });
    owner
        .post(&format!("/inboxes/{}/simulate", id(&made)), body)
        .await
        .problem(422, "rejected");
    assert_eq!(owner.get("/conversations").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn a_switched_off_inbox_takes_nothing() {
    let (_app, owner) = TestApp::with_owner().await;
    let inbox = sandbox(&owner).await;
    owner
        .patch(&format!("/inboxes/{inbox}"), json!({ "enabled": false }))
        .await
        .ok();
    let body = json!({ "chat": "Vera", "name": "Vera", "action": "message", "text": "Hi" });
    owner
        .post(&format!("/inboxes/{inbox}/simulate"), body)
        .await
        .problem(404, "not_found");
    owner
        .patch(&format!("/inboxes/{inbox}"), json!({ "enabled": true }))
        .await
        .ok();
    customer_writes(&owner, &inbox, "Vera", "Hi").await;
}
