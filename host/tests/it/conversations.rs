//! Conversations: lists and what is done with them.

use omnichat_core::actor::Role;
use omnichat_core::clock::{Clock, SystemClock};
use serde_json::{Value, json};
use std::time::Duration;

use crate::util::scene::{answer, conversation, customer_writes, messages, sandbox};
use crate::util::{Client, TestApp};

async fn act(client: &Client, id: &str, action: &str, body: Value) -> crate::util::Answer {
    client.post(&format!("/conversations/{id}/{action}"), body).await
}

async fn ids(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("/conversations{query}")).await.ok();
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_conversation_goes_from_hand_to_hand() {
    let (app, owner) = TestApp::with_owner().await;
    let mark = app.colleague("mark@example.org", Role::Operator).await;
    let (_, id) = conversation(&owner).await;
    let fresh = owner.get(&format!("/conversations/{id}")).await.ok();
    assert_eq!(
        (&fresh["status"], &fresh["unread_count"]),
        (&json!("new"), &json!(1))
    );
    assert!(fresh["waiting_since"].is_string() && fresh["assignee_id"].is_null());
    assert_eq!(fresh["last_message"]["preview"], "Hello");

    assert_eq!(
        act(&mark, &id, "take", json!({})).await.ok()["assignee_id"],
        mark.id
    );
    act(&owner, &id, "take", json!({})).await.problem(409, "conflict");
    assert_eq!(act(&owner, &id, "read", json!({})).await.ok()["unread_count"], 0);
    let invited = act(&mark, &id, "invite", json!({ "operator_id": owner.id }))
        .await
        .ok();
    assert_eq!(invited["participant_ids"], json!([owner.id]));
    assert_eq!(
        act(&owner, &id, "leave", json!({})).await.ok()["participant_ids"],
        json!([])
    );
    let transferred = act(
        &mark,
        &id,
        "transfer",
        json!({ "operator_id": owner.id, "comment": "yours" }),
    )
    .await
    .ok();
    assert_eq!(transferred["assignee_id"], owner.id);
    assert_eq!(
        act(&owner, &id, "assign", json!({ "operator_id": mark.id }))
            .await
            .ok()["assignee_id"],
        mark.id
    );
    assert_eq!(
        act(&owner, &id, "assign", json!({ "operator_id": null }))
            .await
            .ok()["assignee_id"],
        Value::Null
    );

    let entries: Vec<String> = messages(&owner, &id)
        .await
        .iter()
        .filter_map(|m| m["part"]["entry"].as_str().map(str::to_owned))
        .collect();
    for entry in [
        "joined",
        "invited",
        "left",
        "transferred",
        "assigned",
        "unassigned",
    ] {
        assert!(entries.iter().any(|e| e == entry), "{entry} in {entries:?}");
    }
}

#[tokio::test]
async fn a_conversation_ends_and_begins_again() {
    let (_app, owner) = TestApp::with_owner().await;
    let (inbox, id) = conversation(&owner).await;
    assert_eq!(
        act(&owner, &id, "resolve", json!({})).await.ok()["status"],
        "resolved"
    );
    assert_eq!(
        customer_writes(&owner, &inbox, "Vera", "One more thing").await,
        id
    );
    let open = owner.get(&format!("/conversations/{id}")).await.ok();
    assert!(["new", "open"].contains(&open["status"].as_str().unwrap()));
    let until = SystemClock.now().after(Duration::from_secs(86_400)).to_string();
    assert_eq!(
        act(&owner, &id, "snooze", json!({ "until": until })).await.ok()["snoozed_until"],
        until.as_str()
    );
    assert_eq!(
        act(&owner, &id, "reopen", json!({})).await.ok()["snoozed_until"],
        Value::Null
    );
    assert_eq!(act(&owner, &id, "spam", json!({})).await.ok()["status"], "spam");
    assert_eq!(act(&owner, &id, "reopen", json!({})).await.ok()["status"], "open");
    assert_eq!(
        act(&owner, &id, "close", json!({})).await.ok()["status"],
        "closed"
    );
    assert_ne!(customer_writes(&owner, &inbox, "Vera", "A new matter").await, id);
    act(&owner, &id, "reopen", json!({}))
        .await
        .problem(409, "conflict");
    assert_eq!(
        act(&owner, &id, "snooze", json!({ "until": "2001-01-01T00:00:00Z" }))
            .await
            .wrong_fields(),
        ["until"]
    );
    assert_eq!(
        act(&owner, &id, "snooze", json!({ "until": "tomorrow" }))
            .await
            .wrong_fields(),
        ["until"]
    );
}

#[tokio::test]
async fn an_action_on_a_stale_version_changes_nothing() {
    let (_app, owner) = TestApp::with_owner().await;
    let (_, id) = conversation(&owner).await;
    let before = owner.get(&format!("/conversations/{id}")).await.ok();
    let stale = json!({ "version": before["version"].as_u64().unwrap() + 7 });
    for action in ["take", "resolve", "close", "spam", "leave"] {
        if action != "leave" {
            act(&owner, &id, action, stale.clone())
                .await
                .problem(409, "conflict");
        }
    }
    let patch = json!({ "priority": "high", "version": 999 });
    owner
        .patch(&format!("/conversations/{id}"), patch)
        .await
        .problem(409, "conflict");
    assert_eq!(owner.get(&format!("/conversations/{id}")).await.ok(), before);
    let fresh = json!({ "priority": "high", "version": before["version"] });
    assert_eq!(
        owner.patch(&format!("/conversations/{id}"), fresh).await.ok()["priority"],
        "high"
    );
}

#[tokio::test]
async fn actions_name_somebody_who_is_there() {
    let (_app, owner) = TestApp::with_owner().await;
    let (_, id) = conversation(&owner).await;
    let nobody = "op_00000000000000000000000000000000";
    for action in ["assign", "transfer", "invite"] {
        assert_eq!(
            act(&owner, &id, action, json!({ "operator_id": nobody }))
                .await
                .wrong_fields(),
            ["operator_id"]
        );
        assert_eq!(
            act(&owner, &id, action, json!({ "operator_id": "me" }))
                .await
                .wrong_fields(),
            ["operator_id"]
        );
        assert_eq!(
            act(&owner, &id, action, json!({})).await.wrong_fields(),
            ["operator_id"]
        );
    }
}

#[tokio::test]
async fn lists_are_filtered_and_paged() {
    let (_app, owner) = TestApp::with_owner().await;
    let inbox = sandbox(&owner).await;
    let mut all = Vec::new();
    for n in 0..7 {
        all.insert(
            0,
            customer_writes(&owner, &inbox, &format!("chat {n}"), "Hi").await,
        );
    }
    assert_eq!(ids(&owner, "").await, all);
    assert_eq!(
        ids(&owner, "?sort=waiting").await,
        all.iter().rev().cloned().collect::<Vec<_>>()
    );

    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = owner
            .get(&format!("/conversations?limit=3&cursor={cursor}"))
            .await
            .ok();
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|c| c["id"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    assert_eq!(seen, all);

    act(&owner, &all[0], "take", json!({})).await.ok();
    act(&owner, &all[1], "resolve", json!({})).await.ok();
    owner
        .patch(
            &format!("/conversations/{}", all[2]),
            json!({ "tags": ["tea", "gift"], "priority": "urgent" }),
        )
        .await
        .ok();
    answer(&owner, &all[3], "key-00001", "Hello").await;
    assert_eq!(ids(&owner, "?assignee=me").await.len(), 2);
    assert_eq!(ids(&owner, &format!("?assignee={}", owner.id)).await.len(), 2);
    assert_eq!(
        ids(&owner, "?assignee=none&status=new,open,pending").await.len(),
        4
    );
    assert_eq!(ids(&owner, "?status=resolved").await, [all[1].clone()]);
    assert_eq!(ids(&owner, "?tag=gift&priority=urgent").await, [all[2].clone()]);
    assert_eq!(ids(&owner, "?unread=true").await.len(), 5);
    assert_eq!(ids(&owner, "?unanswered=true&channel=sandbox").await.len(), 5);
    assert_eq!(
        ids(
            &owner,
            &format!("?inbox_id={inbox}&from=2001-01-01T00:00:00Z&to=2002-01-01T00:00:00Z")
        )
        .await
        .len(),
        0
    );
    // A range is about the time that the list is sorted by.
    let one = owner.get(&format!("/conversations/{}", all[3])).await.ok();
    for (sort, time) in [("activity", "last_activity_at"), ("created", "created_at")] {
        let at = one[time].as_str().unwrap().replace('+', "%2B");
        assert!(
            ids(&owner, &format!("?sort={sort}&from={at}"))
                .await
                .contains(&all[3]),
            "{sort}"
        );
        assert!(
            !ids(&owner, &format!("?sort={sort}&to={at}"))
                .await
                .contains(&all[3]),
            "{sort}"
        );
    }
    let counts = owner.get("/conversations/counts").await.ok();
    assert_eq!(
        (&counts["mine"], &counts["open"], &counts["unassigned"]),
        (&json!(2), &json!(6), &json!(4))
    );
}

#[tokio::test]
async fn a_wrong_query_is_refused_by_name() {
    let (_app, owner) = TestApp::with_owner().await;
    for (query, field) in [
        ("status=asleep", "status"),
        ("assignee=somebody", "assignee"),
        ("participant=somebody", "participant"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=many", "limit"),
        ("cursor=rubbish", "cursor"),
        ("sort=colour", "sort"),
        ("priority=asap", "priority"),
        ("from=yesterday", "from"),
        ("inbox_id=1", "inbox_id"),
        ("unread=perhaps", "unread"),
        ("tag=%00", "query"),
    ] {
        assert_eq!(
            owner.get(&format!("/conversations?{query}")).await.wrong_fields(),
            [field],
            "{query}"
        );
    }
}

#[tokio::test]
async fn labels_and_titles_are_checked() {
    let (_app, owner) = TestApp::with_owner().await;
    let (_, id) = conversation(&owner).await;
    let path = format!("/conversations/{id}");
    let changed = owner
        .patch(&path, json!({ "tags": [" b ", "a", "a"], "subject": "Tea" }))
        .await
        .ok();
    assert_eq!(
        (&changed["tags"], &changed["subject"]),
        (&json!(["a", "b"]), &json!("Tea"))
    );
    assert_eq!(
        owner.patch(&path, json!({ "subject": null })).await.ok()["subject"],
        Value::Null
    );
    assert_eq!(
        owner
            .patch(&path, json!({ "tags": ["x".repeat(51)] }))
            .await
            .wrong_fields(),
        ["tags[0]"]
    );
    assert_eq!(
        owner.patch(&path, json!({ "tags": "x" })).await.wrong_fields(),
        ["tags"]
    );
    assert_eq!(
        owner
            .patch(&path, json!({ "subject": "x".repeat(201) }))
            .await
            .wrong_fields(),
        ["subject"]
    );
}
