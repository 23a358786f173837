//! Two organisations on one host: whatever is asked for by id is not there for the other.

use omnichat_core::clock::{Clock, SystemClock};
use serde_json::{Value, json};
use std::time::Duration;

use crate::util::TestApp;
use crate::util::scene::{answer, conversation, id, messages};

#[tokio::test]
async fn ids_of_another_organisation_are_not_found() {
    let (app, ours) = TestApp::with_owner().await;
    let theirs = app.found("Other", "other@example.org").await;
    let (inbox, conversation) = conversation(&theirs).await;
    let message = id(&answer(&theirs, &conversation, "key-00001", "Secret").await);
    let customer = theirs.get("/customers").await.ok()["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x03\x08\x06\0\0\0".to_vec();
    let file = id(&theirs
        .post_bytes("/files?name=a.png", "image/png", png)
        .await
        .with_status(201));
    let operator = theirs.id.clone();
    let before = (
        messages(&theirs, &conversation).await,
        theirs.get(&format!("/inboxes/{inbox}")).await.ok(),
    );

    let reads = [
        format!("/conversations/{conversation}"),
        format!("/conversations/{conversation}/messages"),
        format!("/messages/{message}/revisions"),
        format!("/customers/{customer}"),
        format!("/customers/{customer}/conversations"),
        format!("/inboxes/{inbox}"),
        format!("/files/{file}"),
    ];
    for path in reads {
        theirs.get(&path).await.with_status(200);
        ours.get(&path).await.problem(404, "not_found");
    }
    let own = ours.id.clone();
    let writes: Vec<(String, Value)> = vec![
        ("take".to_owned(), json!({})),
        ("assign".to_owned(), json!({ "operator_id": own })),
        ("transfer".to_owned(), json!({ "operator_id": own })),
        ("invite".to_owned(), json!({ "operator_id": own })),
        ("leave".to_owned(), json!({})),
        ("resolve".to_owned(), json!({})),
        ("close".to_owned(), json!({})),
        ("reopen".to_owned(), json!({})),
        ("spam".to_owned(), json!({})),
        (
            "snooze".to_owned(),
            json!({ "until": SystemClock.now().after(Duration::from_secs(86_400)) }),
        ),
        ("read".to_owned(), json!({})),
        (
            "messages".to_owned(),
            json!({ "client_key": "key-00002", "kind": "reply", "text": "Hi" }),
        ),
    ];
    for (action, body) in writes {
        ours.post(&format!("/conversations/{conversation}/{action}"), body)
            .await
            .problem(404, "not_found");
    }
    for path in [
        format!("/messages/{message}/retry"),
        format!("/inboxes/{inbox}/test"),
        format!("/inboxes/{inbox}/webhook"),
        format!("/operators/{operator}/invite"),
    ] {
        ours.post(&path, json!({})).await.problem(404, "not_found");
    }
    let played = json!({ "chat": "Vera", "name": "Vera", "action": "message", "text": "Hi" });
    ours.post(&format!("/inboxes/{inbox}/simulate"), played)
        .await
        .problem(404, "not_found");
    for (path, body) in [
        (
            format!("/conversations/{conversation}"),
            json!({ "priority": "low" }),
        ),
        (format!("/messages/{message}"), json!({ "text": "Changed" })),
        (format!("/customers/{customer}"), json!({ "name": "Changed" })),
        (format!("/inboxes/{inbox}"), json!({ "title": "Changed" })),
        (format!("/operators/{operator}"), json!({ "name": "Changed" })),
    ] {
        ours.patch(&path, body).await.problem(404, "not_found");
    }
    for path in [
        format!("/messages/{message}"),
        format!("/inboxes/{inbox}"),
        format!("/inboxes/{inbox}/webhook"),
    ] {
        ours.delete(&path).await.problem(404, "not_found");
    }
    let after = (
        messages(&theirs, &conversation).await,
        theirs.get(&format!("/inboxes/{inbox}")).await.ok(),
    );
    assert_eq!(after, before);
}

#[tokio::test]
async fn lists_hold_nothing_of_another_organisation() {
    let (app, ours) = TestApp::with_owner().await;
    let theirs = app.found("Other", "other@example.org").await;
    let (inbox, _) = conversation(&theirs).await;
    for path in ["/conversations", "/customers", "/inboxes", "/quarantine"] {
        assert_eq!(ours.get(path).await.ok()["items"], json!([]), "{path}");
    }
    assert_eq!(
        ours.get(&format!("/conversations?inbox_id={inbox}")).await.ok()["items"],
        json!([])
    );
    assert_eq!(
        ours.get("/operators").await.ok()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let events = ours.get("/events").await;
    assert!(!events.text.contains(&inbox) && !events.text.contains("other@example.org"));
    // A cursor of theirs is a place in our list, nothing more.
    let cursor = theirs.get("/conversations?limit=1").await.ok();
    let cursor = cursor["next"]
        .as_str()
        .unwrap_or("80000000000000000000000000000000ffffffffffffffff")
        .to_owned();
    assert_eq!(
        ours.get(&format!("/conversations?cursor={cursor}")).await.ok()["items"],
        json!([])
    );
}

#[tokio::test]
async fn files_and_messages_of_another_organisation_cannot_be_sent() {
    let (app, ours) = TestApp::with_owner().await;
    let theirs = app.found("Other", "other@example.org").await;
    let (_, their_conversation) = conversation(&theirs).await;
    let their_message = id(&messages(&theirs, &their_conversation).await[0]);
    let file = id(&theirs
        .post_bytes("/files?name=a.txt", "text/plain", b"secret".to_vec())
        .await
        .with_status(201));
    let (_, own) = conversation(&ours).await;
    let path = format!("/conversations/{own}/messages");
    let send = |more: Value| {
        let mut body = json!({ "client_key": "key-00001", "kind": "reply", "text": "x" });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        ours.post(&path, body)
    };
    assert_eq!(
        send(json!({ "file_ids": [file] })).await.wrong_fields(),
        ["file_ids"]
    );
    assert_eq!(
        send(json!({ "reply_to": their_message })).await.wrong_fields(),
        ["reply_to"]
    );
    let assign = json!({ "operator_id": theirs.id });
    assert_eq!(
        ours.post(&format!("/conversations/{own}/assign"), assign)
            .await
            .wrong_fields(),
        ["operator_id"]
    );
}
