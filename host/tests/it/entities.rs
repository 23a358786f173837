//! Entities by REST, told by quick phrases: every kind has the same addresses.

use omnichat_core::actor::Role;
use reqwest::Method;
use reqwest::header::{ETAG, IF_MATCH};
use serde_json::{Value, json};

use crate::util::scene::{conversation, id};
use crate::util::{Answer, Client, TestApp};

fn hours() -> Value {
    json!({ "shortcut": "hours", "text": "From nine to six." })
}

async fn shortcuts(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("/phrases{query}")).await.ok();
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|item| item["shortcut"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn an_entity_is_made_read_changed_and_deleted() {
    let (_app, owner) = TestApp::with_owner().await;
    let answer = owner.post("/phrases", hours()).await;
    assert_eq!(answer.headers[ETAG], "\"1\"");
    let made = answer.with_status(201);
    let path = format!("/phrases/{}", id(&made));
    assert_eq!(made["owner_id"], Value::Null);
    assert_eq!(owner.get(&path).await.ok(), made);

    let changed = owner.patch(&path, json!({ "text": "Till seven." })).await.ok();
    assert_eq!(
        (&changed["shortcut"], &changed["text"], &changed["version"]),
        (&json!("hours"), &json!("Till seven."), &json!(2))
    );
    assert!(changed["updated_at"].as_str() > made["updated_at"].as_str());
    assert_eq!(changed["created_at"], made["created_at"]);
    let listed = owner.get("/phrases").await.ok();
    assert_eq!(
        listed,
        json!({ "items": [changed], "next": null, "complete": true })
    );

    owner.delete(&path).await.with_status(204);
    owner.get(&path).await.problem(404, "not_found");
    owner.delete(&path).await.problem(404, "not_found");
    owner.get("/phrases/op_1").await.problem(404, "not_found");
}

#[tokio::test]
async fn a_version_may_be_named_by_header_or_body() {
    let (_app, owner) = TestApp::with_owner().await;
    let made = owner.post("/phrases", hours()).await.with_status(201);
    let path = format!("/phrases/{}", id(&made));
    let change = async |method: Method, tag: &str, body: Value| {
        let request = owner.request(method, &path).header(IF_MATCH, tag).json(&body);
        Answer::of(request).await
    };
    let patch = |text: &str| json!({ "text": text });
    change(Method::PATCH, "\"1\"", patch("Two")).await.ok();
    for stale in ["\"1\"", "\"x\"", "2", "W/\"2\""] {
        let answer = change(Method::PATCH, stale, patch("Late")).await;
        answer.problem(412, "precondition_failed");
    }
    let stale = json!({ "text": "Late", "version": 1 });
    owner.patch(&path, stale).await.problem(409, "conflict");
    let fresh = json!({ "text": "Three", "version": 2 });
    assert_eq!(owner.patch(&path, fresh).await.ok()["version"], 3);
    change(Method::PATCH, "*", patch("Four")).await.ok();
    let late = change(Method::DELETE, "\"3\"", json!({})).await;
    late.problem(412, "precondition_failed");
    change(Method::DELETE, "\"4\"", json!({})).await.with_status(204);
}

#[tokio::test]
async fn what_is_wrong_is_refused_by_its_field() {
    let (_app, owner) = TestApp::with_owner().await;
    let owner_of = |id: &str| json!({ "shortcut": "a", "text": "b", "owner_id": id });
    for (body, field) in [
        (json!({ "shortcut": "a" }), "text"),
        (json!({ "shortcut": "a b", "text": "c" }), "shortcut"),
        (json!({ "shortcut": "/a", "text": "c" }), "shortcut"),
        (json!({ "shortcut": "a", "text": " \n" }), "text"),
        (json!({ "shortcut": " ", "text": "c" }), "shortcut"),
        (json!({ "shortcut": "x".repeat(41), "text": "c" }), "shortcut"),
        (json!({ "shortcut": "a", "text": "c".repeat(4_001) }), "text"),
        (json!({ "shortcut": "a", "text": 7 }), "text"),
        (json!({ "shortcut": "a", "text": "b", "colour": "red" }), "colour"),
        (json!({ "shortcut": "a", "text": "b", "version": 1 }), "version"),
        (owner_of("op_1"), "owner_id"),
    ] {
        let answer = owner.post("/phrases", body.clone()).await;
        assert_eq!(answer.wrong_fields(), [field], "{body}");
    }
    let made = owner.post("/phrases", hours()).await.with_status(201);
    assert_eq!(owner.post("/phrases", hours()).await.wrong_fields(), ["shortcut"]);
    let path = format!("/phrases/{}", id(&made));
    for (body, field) in [
        (json!({ "text": null }), "text"),
        (json!({ "id": "phr_1" }), "id"),
        (json!({ "version": -1 }), "version"),
    ] {
        assert_eq!(
            owner.patch(&path, body.clone()).await.wrong_fields(),
            [field],
            "{body}"
        );
    }
    for (query, field) in [
        ("sort=text", "sort"),
        ("limit=0", "limit"),
        ("cursor=zz", "cursor"),
        ("q=hours", "q"),
    ] {
        let answer = owner.get(&format!("/phrases?{query}")).await;
        assert_eq!(answer.wrong_fields(), [field], "{query}");
    }
    assert_eq!(owner.get(&path).await.ok(), made);
}

#[tokio::test]
async fn what_is_everybodys_needs_a_right_and_ones_own_is_nobody_elses() {
    let (app, owner) = TestApp::with_owner().await;
    let anna = app.colleague("anna@example.org", Role::Operator).await;
    anna.post("/phrases", hours()).await.problem(403, "forbidden");
    owner.post("/phrases", hours()).await.with_status(201);
    let mut own = hours();
    own["owner_id"] = json!(anna.id);
    owner
        .post("/phrases", own.clone())
        .await
        .problem(403, "forbidden");
    let own = anna.post("/phrases", own).await.with_status(201);
    let path = format!("/phrases/{}", id(&own));
    owner.get(&path).await.problem(404, "not_found");
    owner.delete(&path).await.problem(404, "not_found");
    assert_eq!(shortcuts(&anna, "").await, ["hours", "hours"]);
    assert_eq!(shortcuts(&owner, "").await, ["hours"]);
    // It may not become everybody's by who may not make those.
    anna.patch(&path, json!({ "owner_id": null }))
        .await
        .problem(403, "forbidden");

    let events = |page: Value| -> Vec<Value> {
        let items = page["items"].as_array().unwrap().iter();
        let events = items.map(|item| item["event"].clone());
        events
            .filter(|event| event["type"].as_str().unwrap().starts_with("entity_"))
            .collect()
    };
    let heard = events(anna.get("/events?after=0").await.ok());
    assert_eq!(heard.len(), 2);
    assert_eq!(
        heard[1],
        json!({ "type": "entity_changed", "kind": "phrase", "entity": own })
    );
    assert_eq!(events(owner.get("/events?after=0").await.ok()).len(), 1);
    anna.delete(&path).await.with_status(204);
    let heard = events(anna.get("/events?after=0").await.ok());
    assert_eq!(
        heard[2],
        json!({ "type": "entity_deleted", "kind": "phrase", "id": own["id"] })
    );

    // What somebody makes their own is gone for everybody else.
    let path = format!("/phrases/{}", id(&owner.get("/phrases").await.ok()["items"][0]));
    owner.patch(&path, json!({ "owner_id": owner.id })).await.ok();
    let last = |heard: Vec<Value>| heard.last().unwrap()["type"].clone();
    assert_eq!(
        last(events(anna.get("/events?after=0").await.ok())),
        "entity_deleted"
    );
    assert_eq!(
        last(events(owner.get("/events?after=0").await.ok())),
        "entity_changed"
    );
    anna.get(&path).await.problem(404, "not_found");

    let audit = owner.get("/audit").await.ok();
    let actions: Vec<_> = audit["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| &line["action"])
        .collect();
    assert_eq!(
        actions
            .iter()
            .filter(|action| **action == "phrase.created")
            .count(),
        2
    );
    assert!(actions.contains(&&json!("phrase.deleted")));
}

#[tokio::test]
async fn pages_lead_from_one_to_the_next_either_way() {
    let (_app, owner) = TestApp::with_owner().await;
    for (shortcut, own) in [("b", false), ("d", true), ("a", false), ("c", true), ("e", false)] {
        let owner_id = own.then(|| owner.id.clone());
        let body = json!({ "shortcut": shortcut, "text": "x", "owner_id": owner_id });
        owner.post("/phrases", body).await.with_status(201);
    }
    for (sort, order) in [("shortcut", "abecd"), ("-shortcut", "dceba")] {
        for limit in 1..=6 {
            let (mut read, mut cursor) = (String::new(), String::new());
            loop {
                let query = format!("/phrases?sort={sort}&limit={limit}&cursor={cursor}");
                let page = owner.get(&query).await.ok();
                let items = page["items"].as_array().unwrap();
                assert!(items.len() <= limit);
                read.extend(items.iter().map(|item| item["shortcut"].as_str().unwrap()));
                let Some(next) = page["next"].as_str() else { break };
                cursor = next.to_owned();
            }
            assert_eq!(read, order, "{sort}, {limit} at a time");
        }
    }
}

#[tokio::test]
async fn an_entity_of_another_organisation_is_not_there() {
    let (app, ours) = TestApp::with_owner().await;
    let theirs = app.found("Other", "other@example.org").await;
    let made = theirs.post("/phrases", hours()).await.with_status(201);
    let path = format!("/phrases/{}", id(&made));
    ours.get(&path).await.problem(404, "not_found");
    ours.patch(&path, json!({ "text": "x" }))
        .await
        .problem(404, "not_found");
    ours.delete(&path).await.problem(404, "not_found");
    assert!(shortcuts(&ours, "").await.is_empty());
    ours.post("/phrases", hours()).await.with_status(201);
}

#[tokio::test]
async fn conversations_follow_a_tag_to_its_new_name() {
    let (app, owner) = TestApp::with_owner().await;
    let anna = app.colleague("anna@example.org", Role::Operator).await;
    let refund = json!({ "name": "refund", "colour": "amber" });
    anna.post("/tags", refund.clone()).await.problem(403, "forbidden");
    let made = owner.post("/tags", refund).await.with_status(201);
    assert_eq!(
        (&made["colour"], &made["description"]),
        (&json!("amber"), &json!(""))
    );
    for (body, field) in [
        (json!({ "name": "REFUND" }), "name"),
        (json!({ "name": " " }), "name"),
        (json!({ "name": "x".repeat(51) }), "name"),
        (json!({ "name": "x", "colour": "#ff0000" }), "colour"),
        (
            json!({ "name": "x", "description": "x".repeat(201) }),
            "description",
        ),
    ] {
        let answer = owner.post("/tags", body.clone()).await;
        assert_eq!(answer.wrong_fields(), [field], "{body}");
    }
    let (_, conversation) = conversation(&owner).await;
    let conversation = format!("/conversations/{conversation}");
    anna.patch(&conversation, json!({ "tags": ["refund", "free"] }))
        .await
        .ok();
    let path = format!("/tags/{}", id(&made));
    owner.patch(&path, json!({ "name": "money back" })).await.ok();
    app.run_pending_work().await;
    let tags = async || anna.get(&conversation).await.ok()["tags"].clone();
    assert_eq!(tags().await, json!(["free", "money back"]));
    assert_eq!(anna.get(&path).await.ok()["name"], "money back");
    owner.delete(&path).await.with_status(204);
    app.run_pending_work().await;
    assert_eq!(tags().await, json!(["free", "money back"]));
}
