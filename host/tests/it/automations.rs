//! A scenario and a tool, both plugins, answer a customer.

use std::sync::Arc;

use omnichat_core::actor::Role;
use omnichat_core::clock::SystemClock;
use serde_json::{Value, json};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::util::app::config;
use crate::util::plugins::install;
use crate::util::scene::{customer_writes, id, sandbox};
use crate::util::until::{texts, until};
use crate::util::{Client, TestApp};

/// A host whose plugins may call servers on this machine.
async fn host() -> (TestApp, Client) {
    let mut config = config();
    config.egress.allow = vec!["127.0.0.0/8".to_owned()];
    let app = TestApp::with(config, Arc::new(SystemClock)).await;
    let owner = app.found("Example", "owner@example.org").await;
    (app, owner)
}

/// A shop that knows the order 4711.
async fn shop() -> MockServer {
    let shop = MockServer::start().await;
    let found = json!({ "status": "shipped", "eta": "tomorrow" });
    Mock::given(method("GET"))
        .and(path("/orders/4711"))
        .and(header("authorization", "Bearer shop secret"))
        .respond_with(ResponseTemplate::new(200).set_body_json(found))
        .mount(&shop)
        .await;
    shop
}

async fn set_up(owner: &Client, kind: &str, config: Value) -> Value {
    install(owner, kind).await;
    let body = json!({ "kind": kind, "title": kind, "config": config });
    owner.post("/automations", body).await.with_status(201)
}

/// A sandbox on which the order bot answers, with its tool.
async fn bot(owner: &Client, shop: &str) -> String {
    let tool = json!({ "url": format!("{shop}/orders/{{order}}"), "token": "shop secret" });
    set_up(owner, "order-status", tool).await;
    let bot = id(&set_up(owner, "order-bot", json!({})).await);
    let inbox = sandbox(owner).await;
    let path = format!("/inboxes/{inbox}");
    let changed = owner.patch(&path, json!({ "scenario": bot })).await.ok();
    assert_eq!(changed["scenario"], json!(bot));
    inbox
}

fn has(seen: &[Value], text: &str) -> bool {
    texts(seen).iter().any(|said| said.contains(text))
}

#[tokio::test]
async fn a_customer_hears_of_an_order_and_then_meets_a_person() {
    let (app, owner) = host().await;
    let shop = shop().await;
    let inbox = bot(&owner, &shop.uri()).await;

    let conversation = customer_writes(&owner, &inbox, "Vera", "Hello").await;
    let (_, seen) = until(&app, &owner, "the greeting", |seen| {
        has(seen, "What is its number?")
    })
    .await;
    let greeting = &seen[1];
    assert_eq!(
        (&greeting["author"]["kind"], &greeting["author"]["name"]),
        (&json!("bot"), &json!("order-bot"))
    );
    assert_eq!(greeting["buttons"][0][0]["text"], "Talk to a person");
    let path = format!("/conversations/{conversation}");
    let answered = owner.get(&path).await.ok();
    assert_eq!(answered["scenario"]["name"], "order-bot");
    assert_eq!(
        (&answered["waiting_since"], &answered["first_response_at"]),
        (&Value::Null, &Value::Null)
    );

    customer_writes(&owner, &inbox, "Vera", "it is 4711").await;
    let (_, seen) = until(&app, &owner, "the status", |seen| {
        has(seen, "Expected delivery: tomorrow.")
    })
    .await;
    assert!(has(&seen, "Order 4711: shipped."), "{:?}", texts(&seen));

    let under = seen
        .iter()
        .rfind(|message| message["author"]["kind"] == "bot")
        .unwrap();
    let buttons = under["buttons"].as_array().unwrap().iter();
    let person = buttons
        .flat_map(|row| row.as_array().unwrap())
        .find(|button| button["text"] == "Talk to a person")
        .unwrap();
    let press = json!({
        "chat": "Vera", "name": "Vera", "action": "button",
        "target_message_id": under["id"], "data": person["data"],
    });
    owner
        .post(&format!("/inboxes/{inbox}/simulate"), press)
        .await
        .ok();
    until(&app, &owner, "the hand-over", |seen| {
        seen.iter()
            .any(|message| message["part"]["entry"] == "handed_over")
    })
    .await;
    let handed = owner.get(&path).await.ok();
    assert_eq!(handed["scenario"], Value::Null);
    assert!(handed["waiting_since"].is_string(), "{handed}");
}

#[tokio::test]
async fn a_shop_that_is_away_leads_to_a_person() {
    let (app, owner) = host().await;
    let shop = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(401))
        .mount(&shop)
        .await;
    let inbox = bot(&owner, &shop.uri()).await;
    let conversation = customer_writes(&owner, &inbox, "Vera", "4711").await;
    until(&app, &owner, "the apology", |seen| {
        has(seen, "I cannot look it up right now")
    })
    .await;
    let handed = owner.get(&format!("/conversations/{conversation}")).await.ok();
    assert_eq!(handed["scenario"], Value::Null);
}

#[tokio::test]
async fn what_is_set_up_is_seen_and_changed_and_removed() {
    let (_app, owner) = host().await;
    assert_eq!(owner.get("/automations/kinds").await.ok()["items"], json!([]));
    let body = json!({ "kind": "order-status", "title": "Shop", "config": {} });
    let early = owner.post("/automations", body.clone()).await.wrong_fields();
    assert_eq!(early, ["kind"], "its plugin is not there");

    install(&owner, "order-status").await;
    let kinds = owner.get("/automations/kinds").await.ok();
    assert_eq!(
        (&kinds["items"][0]["kind"], &kinds["items"][0]["role"]),
        (&json!("order-status"), &json!("tools"))
    );
    assert_eq!(
        owner.post("/automations", body).await.wrong_fields(),
        ["config.url"],
        "an address is needed"
    );
    let config = json!({ "url": "https://shop.example.org/{order}", "token": "shop secret" });
    let body = json!({ "kind": "order-status", "title": "Shop", "config": config });
    let made = owner.post("/automations", body.clone()).await.with_status(201);
    assert_eq!(made["config"]["token"], json!({ "set": true }));
    assert_eq!(made["tools"][0]["name"], "order-status/order_status");
    assert_eq!(made["tools"][0]["read_only"], json!(true));
    owner.post("/automations", body).await.problem(422, "rejected");

    let path = format!("/automations/{}", id(&made));
    let config = json!({ "url": "https://other.example.org/{order}", "token": { "set": true } });
    let patch = json!({ "title": "Other shop", "config": config, "version": 1 });
    let changed = owner.patch(&path, patch.clone()).await.ok();
    assert_eq!(
        (
            &changed["title"],
            &changed["version"],
            &changed["config"]["token"]
        ),
        (&json!("Other shop"), &json!(2), &json!({ "set": true }))
    );
    owner.patch(&path, patch).await.problem(409, "conflict");

    // A plugin that is off takes its kind away, and brings it back.
    owner.post("/plugins/order-status/disable", json!({})).await.ok();
    assert_eq!(owner.get("/automations/kinds").await.ok()["items"], json!([]));
    assert_eq!(owner.get(&path).await.ok()["tools"], json!([]));
    owner.post("/plugins/order-status/enable", json!({})).await.ok();
    assert_eq!(owner.get(&path).await.ok()["tools"].as_array().unwrap().len(), 1);

    owner.delete(&path).await.with_status(204);
    owner.get(&path).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_scenario_that_answers_somewhere_stays_and_operators_do_not_set_up() {
    let (app, owner) = host().await;
    let inbox = bot(&owner, "https://shop.example.org").await;
    let list = owner.get("/automations").await.ok();
    let bot = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|automation| automation["role"] == "scenario")
        .unwrap();
    let path = format!("/automations/{}", id(bot));
    let refused = owner.delete(&path).await.problem(422, "rejected");
    assert!(
        refused["detail"].as_str().unwrap().contains("«Sandbox»"),
        "{refused}"
    );
    let free = json!({ "scenario": null });
    owner.patch(&format!("/inboxes/{inbox}"), free).await.ok();
    owner.delete(&path).await.with_status(204);

    let operator = app.colleague("robin@example.org", Role::Operator).await;
    operator.get("/automations").await.problem(403, "forbidden");
    operator.get("/automations/kinds").await.problem(403, "forbidden");
}
