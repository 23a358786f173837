//! Customers.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::util::scene::{conversation, customer_writes, id, sandbox};
use crate::util::{Answer, Client, TestApp};

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

/// A condition as a part of an address.
async fn ask(client: &Client, condition: &Value, more: &str) -> Answer {
    let text = condition.to_string();
    let coded: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    client.get(&format!("/customers?filter={coded}{more}")).await
}

fn test(field: &str, op: &str, value: Value) -> Value {
    json!({ "field": field, "op": op, "value": value })
}

/// Ira, Oleg and Vera wrote, in this order.
async fn three(owner: &Client) -> [String; 3] {
    let inbox = sandbox(owner).await;
    for name in ["Ira", "Oleg", "Vera"] {
        customer_writes(owner, &inbox, name, "Hello").await;
    }
    let page = owner.get("/customers?sort=created").await.ok();
    let mut ids: Vec<String> = page["items"].as_array().unwrap().iter().map(id).collect();
    ids.reverse();
    ids.try_into().unwrap()
}

#[tokio::test]
async fn customers_are_listed_by_a_condition() {
    let (_app, owner) = TestApp::with_owner().await;
    let [ira, oleg, vera] = three(&owner).await;
    let patch = async |id: &str, body: Value| owner.patch(&format!("/customers/{id}"), body).await.ok();
    patch(&ira, json!({ "attributes": { "city": "Tver" }, "tags": ["vip"] })).await;
    patch(&oleg, json!({ "email": "Oleg@Example.org", "blocked": true })).await;
    patch(
        &vera,
        json!({ "note": "Likes green tea", "attributes": { "city": "Perm" } }),
    )
    .await;
    let names = async |condition: Value, more: &str| {
        let page = ask(&owner, &condition, more).await.ok();
        assert_eq!(page["next"], Value::Null);
        let items = page["items"].as_array().unwrap().iter();
        let names = items.map(|row| row["name"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    let newest = "&sort=created";
    for (condition, wanted) in [
        (test("tags", "has", json!("vip")), vec!["Ira"]),
        (test("tags", "has_not", json!("vip")), vec!["Vera", "Oleg"]),
        (test("attributes.city", "is", json!("Tver")), vec!["Ira"]),
        (test("attributes.city", "exists", json!(false)), vec!["Oleg"]),
        (test("email", "contains", json!("oleg@EXAMPLE")), vec!["Oleg"]),
        (test("blocked", "is", json!(true)), vec!["Oleg"]),
        (test("note", "starts_with", json!("likes")), vec!["Vera"]),
        (
            test("created_at", "within", json!(86_400)),
            vec!["Vera", "Oleg", "Ira"],
        ),
        (test("last_seen_at", "older_than", json!(86_400)), vec![]),
        (
            json!({ "any": [test("name", "is", json!("Ira")), test("name", "is", json!("Vera"))] }),
            vec!["Vera", "Ira"],
        ),
        (
            json!({ "not": { "any": [test("name", "is", json!("Ira"))] } }),
            vec!["Vera", "Oleg"],
        ),
        // What no customer has any more is no mistake.
        (test("attributes.gone", "is", json!("x")), vec![]),
        (json!({ "any": [] }), vec![]),
    ] {
        assert_eq!(names(condition.clone(), newest).await, wanted, "{condition}");
    }
    let in_town = test("attributes.city", "exists", json!(true));
    assert_eq!(names(in_town.clone(), "&q=ver").await, ["Vera"]);
    // Page by page.
    let first = ask(&owner, &in_town, "&sort=created&limit=1").await.ok();
    assert_eq!(first["items"][0]["name"], "Vera");
    let next = format!("&sort=created&limit=1&cursor={}", first["next"].as_str().unwrap());
    let second = ask(&owner, &in_town, &next).await.ok();
    assert_eq!(
        (&second["items"][0]["name"], &second["next"]),
        (&json!("Ira"), &Value::Null)
    );
}

#[tokio::test]
async fn a_wrong_condition_over_customers_is_told_by_its_place() {
    let (_app, owner) = TestApp::with_owner().await;
    let several = json!({ "all": [
        test("mood", "is", json!(1)),
        // A field of conversations is none of customers.
        test("assignee", "is", json!("me")),
        test("blocked", "has", json!(true)),
        { "not": test("created_at", "before", json!("yesterday")) }
    ] });
    assert_eq!(
        ask(&owner, &several, "").await.wrong_fields(),
        [
            "filter.all[0].field",
            "filter.all[1].field",
            "filter.all[2].op",
            "filter.all[3].not.value"
        ]
    );
    let mut deep = test("blocked", "is", json!(true));
    for _ in 0..8 {
        deep = json!({ "not": deep });
    }
    let place = format!("filter{}", ".not".repeat(8));
    assert_eq!(ask(&owner, &deep, "").await.wrong_fields(), [place]);
    let many = json!({ "any": vec![json!({ "all": [] }); 100] });
    assert_eq!(ask(&owner, &many, "").await.wrong_fields(), ["filter.any[99]"]);
    for (text, field, code) in [
        ("%7B", "filter", "format"),
        ("%7B%7D", "filter", "type"),
        ("%7B%22all%22:[]%7D]", "filter", "format"),
        ("%7B%22all%22:[%7B%22any%22:7%7D]%7D", "filter.all[0].any", "type"),
    ] {
        let answer = owner.get(&format!("/customers?filter={text}")).await;
        let problem = answer.problem(422, "invalid");
        let error = &problem["errors"][0];
        assert_eq!(
            (&error["field"], &error["code"]),
            (&json!(field), &json!(code)),
            "{text}"
        );
    }
    let long = format!("/customers?filter={}", "a".repeat(8_001));
    assert_eq!(owner.get(&long).await.wrong_fields(), ["filter"]);
    assert_eq!(owner.get("/customers?sort=name").await.wrong_fields(), ["sort"]);
    owner.get("/customers?filter=").await.ok();
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
