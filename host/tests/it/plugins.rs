//! Plugins: what administrators do with them, and what inboxes see of it.

use std::sync::Arc;

use omnichat_core::actor::Role;
use omnichat_core::clock::SystemClock;
use serde_json::{Value, json};

use crate::util::TestApp;
use crate::util::app::config;
use crate::util::plugins::{component, install};
use crate::util::scene::id;

const TOKEN: &str = "4453b6ac12345678-e02c5f12174805f9-daec9cbb5448c51f";

fn viber() -> Value {
    json!({ "kind": "viber", "title": "Shop", "config": { "auth_token": TOKEN } })
}

async fn kinds(client: &crate::util::Client) -> Vec<String> {
    let kinds = client.get("/channels").await.ok();
    let names = kinds["items"].as_array().unwrap().iter();
    names
        .map(|kind| kind["kind"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_plugin_runs_only_when_what_it_asks_for_is_granted() {
    let (_app, owner) = TestApp::with_owner().await;
    assert_eq!(owner.get("/plugins").await.ok()["items"], json!([]));
    let path = "/plugins";
    let made = owner
        .post_bytes(path, "application/wasm", component("viber"))
        .await
        .with_status(201);
    assert_eq!(
        (&made["state"], &made["version"]),
        (&json!("waiting"), &json!(null))
    );
    assert!(
        made["waiting"]["asks"].to_string().contains("viber.com"),
        "{made}"
    );
    assert!(!kinds(&owner).await.contains(&"viber".to_owned()));
    assert_eq!(owner.post("/inboxes", viber()).await.wrong_fields(), ["kind"]);

    let decision = json!({ "digest": made["waiting"]["digest"] });
    let approved = owner.post("/plugins/viber/approve", decision).await.ok();
    assert_eq!(
        (&approved["state"], &approved["waiting"]),
        (&json!("running"), &Value::Null)
    );
    assert!(kinds(&owner).await.contains(&"viber".to_owned()));
    let inbox = owner.post("/inboxes", viber()).await.with_status(201);
    assert_eq!(inbox["config"]["auth_token"], json!({ "set": true }));
    let whole = owner.get("/plugins/viber").await.ok();
    assert_eq!(whole["secrets"], json!(["auth_token"]));
    assert_eq!(whole["releases"][0]["digest"].as_str().unwrap().len(), 64);
    assert!(whole["docs"].as_str().unwrap().contains("Viber"));
}

#[tokio::test]
async fn an_inbox_waits_for_its_plugin() {
    let (app, owner) = TestApp::with_owner().await;
    install(&owner, "viber").await;
    let inbox = id(&owner.post("/inboxes", viber()).await.with_status(201));
    let off = owner.post("/plugins/viber/disable", json!({})).await.ok();
    assert_eq!(
        (&off["state"], &off["enabled"]),
        (&json!("disabled"), &json!(false))
    );
    assert_eq!(
        owner.get(&format!("/inboxes/{inbox}")).await.ok()["kind"],
        "viber"
    );
    // The platform is told to try again: nothing that it says is lost.
    let knock = async || {
        let url = format!("{}/webhooks/{inbox}", app.base);
        let request = reqwest::Client::new().post(url).body("{}");
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(knock().await, 503);
    let on = owner.post("/plugins/viber/enable", json!({})).await.ok();
    assert_eq!(on["state"], "running");
    assert_eq!(knock().await, 401, "the plugin checks signatures again");
    assert_eq!(owner.delete("/plugins/viber").await.status, 204);
    assert_eq!(knock().await, 503);
    owner.get("/plugins/viber").await.problem(404, "not_found");
    assert_eq!(owner.get("/plugins").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn a_wrong_file_is_refused_with_a_sentence_and_leaves_nothing() {
    let (_app, owner) = TestApp::with_owner().await;
    let whole = component("viber");
    let half = whole[..whole.len() / 2].to_vec();
    for (body, words) in [
        (b"hello".to_vec(), "no WebAssembly file"),
        (Vec::new(), "no WebAssembly file"),
        (b"\0asm\x01\0\0\0".to_vec(), "core module"),
        (half, "ends in the middle"),
    ] {
        let problem = owner
            .post_bytes("/plugins?approve=true", "application/wasm", body)
            .await
            .problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], "plugin", "{problem}");
        assert!(problem.to_string().contains(words), "{problem}");
    }
    let path = "/plugins?approve=true&signature=nonsense";
    let answer = owner.post_bytes(path, "application/wasm", whole).await;
    assert_eq!(answer.wrong_fields(), ["signature"]);
    assert_eq!(owner.get("/plugins").await.ok()["items"], json!([]));
    for action in ["approve", "decline", "enable", "disable", "rollback"] {
        let path = format!("/plugins/nobody/{action}");
        let body = json!({ "digest": "0".repeat(64) });
        owner.post(&path, body).await.problem(404, "not_found");
    }
}

#[tokio::test]
async fn only_administrators_of_the_first_organisation_see_plugins() {
    let (app, owner) = TestApp::with_owner().await;
    install(&owner, "viber").await;
    let operator = app.colleague("operator@example.org", Role::Operator).await;
    operator.get("/plugins").await.problem(403, "forbidden");
    let admin = app.colleague("admin@example.org", Role::Admin).await;
    assert_eq!(admin.get("/plugins").await.ok()["items"][0]["id"], "viber");
    let other = app.found("Other", "owner@other.example.org").await;
    other.get("/plugins").await.problem(403, "forbidden");
    other
        .post_bytes("/plugins", "application/wasm", component("max"))
        .await
        .problem(403, "forbidden");
    // It may use what runs here.
    other.post("/inboxes", viber()).await.with_status(201);
}

#[tokio::test]
async fn plugins_run_again_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let on_disk = || {
        let mut config = config();
        config.store.url = None;
        config.storage.data = folder.path().to_owned();
        config
    };
    let first = TestApp::with(on_disk(), Arc::new(SystemClock)).await;
    let owner = first.found("Example", "owner@example.org").await;
    install(&owner, "viber").await;
    owner.post("/inboxes", viber()).await.with_status(201);
    drop(owner);
    first.down().await;
    let second = TestApp::with(on_disk(), Arc::new(SystemClock)).await;
    let owner = second.sign_in("owner@example.org").await;
    assert_eq!(owner.get("/plugins").await.ok()["items"][0]["state"], "running");
    assert!(kinds(&owner).await.contains(&"viber".to_owned()));
    second.down().await;
}
