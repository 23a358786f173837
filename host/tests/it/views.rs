//! Lists by a condition, and conditions that are kept under a name.

use omnichat_core::actor::Role;
use serde_json::{Value, json};

use crate::util::scene::{customer_writes, id, sandbox};
use crate::util::{Answer, Client, TestApp};

/// A condition as a part of an address.
fn query(condition: &Value) -> String {
    let text = condition.to_string();
    let coded: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("/conversations?filter={coded}")
}

async fn ask(client: &Client, condition: Value) -> Answer {
    client.get(&query(&condition)).await
}

async fn names(client: &Client, condition: Value) -> Vec<String> {
    let page = ask(client, condition).await.ok();
    assert_eq!(page["next"], Value::Null);
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|c| c["customer"]["name"].as_str().unwrap().to_owned())
        .collect()
}

fn test(field: &str, op: &str, value: Value) -> Value {
    json!({ "field": field, "op": op, "value": value })
}

/// Three customers wrote: Ira, Oleg and Vera, in this order.
async fn three(client: &Client) -> [String; 3] {
    let inbox = sandbox(client).await;
    let mut made = Vec::new();
    for name in ["Ira", "Oleg", "Vera"] {
        made.push(customer_writes(client, &inbox, name, "Hello").await);
    }
    made.try_into().unwrap()
}

#[tokio::test]
async fn a_list_is_narrowed_by_a_condition() {
    let (app, owner) = TestApp::with_owner().await;
    let [ira, oleg, vera] = three(&owner).await;
    let patch = async |id: &str, body: Value| owner.patch(&format!("/conversations/{id}"), body).await.ok();
    patch(
        &ira,
        json!({ "priority": "high", "attributes": { "city": "Tver" } }),
    )
    .await;
    patch(
        &oleg,
        json!({ "priority": "urgent", "subject": "Возврат ЗАКАЗА" }),
    )
    .await;
    patch(
        &vera,
        json!({ "tags": ["vip"], "attributes": { "city": "Perm" } }),
    )
    .await;
    owner
        .post(&format!("/conversations/{vera}/take"), json!({}))
        .await
        .ok();

    let hurried = test("priority", "in", json!(["high", "urgent"]));
    assert_eq!(names(&owner, hurried.clone()).await, ["Oleg", "Ira"]);
    assert_eq!(
        names(&owner, test("subject", "contains", json!("возврат заказа"))).await,
        ["Oleg"]
    );
    assert_eq!(
        names(&owner, test("attributes.city", "is", json!("Tver"))).await,
        ["Ira"]
    );
    assert_eq!(
        names(&owner, test("attributes.city", "exists", json!(false))).await,
        ["Oleg"]
    );
    assert_eq!(names(&owner, test("assignee", "is", json!("me"))).await, ["Vera"]);
    let nobodys = test("assignee", "exists", json!(false));
    let either = json!({ "any": [{ "all": [hurried.clone(), test("subject", "exists", json!(true))] }, test("tags", "has", json!("vip"))] });
    assert_eq!(names(&owner, either.clone()).await, ["Vera", "Oleg"]);
    assert_eq!(names(&owner, json!({ "all": [either, nobodys] })).await, ["Oleg"]);
    assert_eq!(names(&owner, json!({ "not": hurried.clone() })).await, ["Vera"]);
    assert_eq!(names(&owner, json!({ "any": [] })).await, [""; 0]);

    // Beside the other parameters, and by whom is asked.
    let with = format!("{}&tag=vip", query(&json!({ "not": hurried })));
    assert_eq!(owner.get(&with).await.ok()["items"].as_array().unwrap().len(), 1);
    let mark = app.colleague("mark@example.org", Role::Operator).await;
    assert_eq!(names(&mark, test("assignee", "is", json!("me"))).await, [""; 0]);
}

#[tokio::test]
async fn a_wrong_condition_is_told_by_its_place() {
    let (_app, owner) = TestApp::with_owner().await;
    let several =
        json!({ "all": [test("mood", "is", json!(1)), { "not": test("unread", "is", json!("no")) }] });
    let wrong = ask(&owner, several).await.wrong_fields();
    assert_eq!(wrong, ["filter.all[0].field", "filter.all[1].not.value"]);
    for (text, field) in [
        ("%7B", "filter"),
        ("%7B%7D", "filter"),
        ("%7B%22all%22:[]%7D]", "filter"),
        ("%7B%22all%22:[%7B%22any%22:7%7D]%7D", "filter.all[0].any"),
        (
            "%7B%22field%22:%22tags%22,%22op%22:%22resembles%22,%22value%22:1%7D",
            "filter.op",
        ),
    ] {
        let answer = owner.get(&format!("/conversations?filter={text}")).await;
        assert_eq!(answer.wrong_fields(), [field], "{text}");
    }
    let long = format!("/conversations?filter={}", "a".repeat(8_001));
    assert_eq!(owner.get(&long).await.wrong_fields(), ["filter"]);
    owner.get("/conversations?filter=").await.ok();
}

#[tokio::test]
async fn a_view_is_kept_and_only_its_owner_sees_an_own_one() {
    let (app, owner) = TestApp::with_owner().await;
    let mark = app.colleague("mark@example.org", Role::Operator).await;
    let filter =
        json!({ "all": [test("priority", "is", json!("high")), test("assignee", "is", json!("me"))] });
    let shared = json!({ "name": "Urgent", "filter": filter, "sort": "waiting" });
    mark.post("/views", shared.clone())
        .await
        .problem(403, "forbidden");
    let made = owner.post("/views", shared.clone()).await.with_status(201);
    assert_eq!(
        (&made["filter"], &made["sort"], &made["owner_id"]),
        (&filter, &json!("waiting"), &Value::Null)
    );
    assert_eq!(owner.post("/views", shared).await.wrong_fields(), ["name"]);
    let own = json!({ "name": "urgent", "filter": { "all": [] }, "owner_id": mark.id });
    let own = mark.post("/views", own).await.with_status(201);
    assert_eq!(own["sort"], "activity");

    let listed = async |client: &Client| client.get("/views").await.ok()["items"].as_array().unwrap().len();
    assert_eq!((listed(&owner).await, listed(&mark).await), (1, 2));
    let path = format!("/views/{}", id(&made));
    let changed = json!({ "filter": { "any": [filter] }, "version": 1 });
    assert_eq!(
        owner.patch(&path, changed).await.ok()["filter"]["any"][0],
        made["filter"]
    );
    mark.patch(&path, json!({ "name": "Mine" }))
        .await
        .problem(403, "forbidden");
    mark.delete(&format!("/views/{}", id(&own)))
        .await
        .with_status(204);
}

#[tokio::test]
async fn a_wrong_view_is_refused_place_by_place() {
    let (_app, owner) = TestApp::with_owner().await;
    let view = |filter: Value| json!({ "name": "A", "filter": filter });
    let wrong = async |body: Value| owner.post("/views", body).await.wrong_fields();
    assert_eq!(wrong(json!({ "name": "A" })).await, ["filter"]);
    assert_eq!(wrong(view(json!([]))).await, ["filter"]);
    assert_eq!(wrong(view(json!({ "some": [] }))).await, ["filter.some"]);
    assert_eq!(
        wrong(view(json!({ "all": [test("tags", "is", json!("vip"))] }))).await,
        ["filter.all[0].op"]
    );
    let many = json!({ "any": vec![test("unread", "is", json!(true)); 200] });
    assert_eq!(wrong(view(many)).await, ["filter.any[79]"]);
    assert_eq!(
        wrong(json!({ "name": "A", "filter": { "all": [] }, "sort": "mood" })).await,
        ["sort"]
    );
    let made = owner
        .post("/views", view(json!({ "all": [] })))
        .await
        .with_status(201);
    let path = format!("/views/{}", id(&made));
    let patched = owner
        .patch(
            &path,
            json!({ "filter": { "not": test("mood", "is", json!(1)) } }),
        )
        .await;
    assert_eq!(patched.wrong_fields(), ["filter.not.field"]);
}
