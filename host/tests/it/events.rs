//! The event log by REST.

use serde_json::{Value, json};

use crate::util::TestApp;
use crate::util::scene::{answer, conversation};

#[tokio::test]
async fn the_state_after_the_events_is_that_of_a_fresh_fetch() {
    let (_app, owner) = TestApp::with_owner().await;
    let (inbox, conversation) = conversation(&owner).await;
    answer(&owner, &conversation, "key-00001", "Good day").await;
    owner
        .post(&format!("/conversations/{conversation}/resolve"), json!({}))
        .await
        .ok();
    owner
        .patch(&format!("/inboxes/{inbox}"), json!({ "title": "Play" }))
        .await
        .ok();
    owner.patch("/me", json!({ "name": "Anna" })).await.ok();

    let (mut after, mut events) = (0, Vec::new());
    loop {
        let page = owner.get(&format!("/events?after={after}&limit=2")).await.ok();
        let items = page["items"].as_array().unwrap().clone();
        if items.is_empty() {
            assert_eq!(page["head"], after);
            break;
        }
        events.extend(items);
        after = page["next"].as_u64().unwrap();
    }
    let numbers: Vec<u64> = events.iter().map(|e| e["seq"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (1..=after).collect::<Vec<_>>());
    let newest = |field: &str| {
        let found = events
            .iter()
            .rev()
            .find_map(|e| e["event"].get(field).filter(|v| v.is_object()).cloned());
        found.unwrap_or(Value::Null)
    };
    assert_eq!(
        newest("conversation"),
        owner.get(&format!("/conversations/{conversation}")).await.ok()
    );
    assert_eq!(
        newest("inbox"),
        owner.get(&format!("/inboxes/{inbox}")).await.ok()
    );
    let operators = owner.get("/operators").await.ok();
    let mut operator = newest("operator");
    operator["load"] = operators["items"][0]["load"].clone();
    assert_eq!(operator, operators["items"][0]);
    assert!(
        !serde_json::to_string(&events).unwrap().contains("argon2"),
        "no password hash leaves the host"
    );
}

#[tokio::test]
async fn a_wrong_stretch_is_refused() {
    let (_app, owner) = TestApp::with_owner().await;
    assert_eq!(owner.get("/events?limit=0").await.wrong_fields(), ["limit"]);
    assert_eq!(owner.get("/events?after=-1").await.wrong_fields(), ["after"]);
    let beyond = owner.get("/events?after=1000000").await.ok();
    assert_eq!((&beyond["items"], &beyond["next"]), (&json!([]), &beyond["head"]));
}

#[tokio::test]
async fn a_number_of_another_epoch_is_refused() {
    let (app, owner) = TestApp::with_owner().await;
    conversation(&owner).await;
    let page = owner.get("/events").await.ok();
    let (epoch, next) = (
        page["epoch"].as_str().unwrap().to_owned(),
        page["next"].as_u64().unwrap(),
    );
    let after =
        async |after: u64, epoch: &str| owner.get(&format!("/events?after={after}&epoch={epoch}")).await;
    after(next, &epoch).await.ok();
    // What is made up is nobody else's matter.
    after(next + 20, &epoch).await.problem(409, "conflict");
    after(next, "made-up").await.problem(409, "conflict");
    after(next, &epoch).await.ok();
    // Whoever was told of more than there is shows that the database was restored; from then on everybody notices.
    let tenant = app.tenant("Example").await.id;
    let further = app.engine().tenants().mark(tenant, next + 20).await.unwrap();
    after(next, &further).await.problem(409, "conflict");
    after(next, &epoch).await.problem(409, "conflict");
    let anew = owner.get("/events").await.ok();
    let anew = anew["epoch"].as_str().unwrap();
    after(next, anew).await.ok();
    app.engine().tenants().restored().await.unwrap();
    after(next, anew).await.problem(409, "conflict");
}
