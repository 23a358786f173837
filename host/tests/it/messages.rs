//! Messages: sent, edited, deleted, retried.

use futures::future::join_all;
use omnichat_core::actor::Role;
use omnichat_core::channel::inbound::AttachmentSource;
use omnichat_core::channel::{Inbound, InboundAttachment, InboundEvent, InboundMessage};
use omnichat_core::messages::AttachmentKind;
use serde_json::{Value, json};

use crate::util::scene::{answer, conversation, customer_writes, id, messages};
use crate::util::{Client, TestApp};

#[tokio::test]
async fn the_same_key_and_body_is_the_same_message() {
    let (_app, owner) = TestApp::with_owner().await;
    let (_, conversation) = conversation(&owner).await;
    let path = format!("/conversations/{conversation}/messages");
    let body = json!({ "client_key": "key-00001", "kind": "reply", "text": "Good day" });
    let first = owner.post(&path, body.clone()).await.with_status(202);
    assert_eq!(
        (&first["direction"], &first["text"], &first["author"]["kind"]),
        (&json!("out"), &json!("Good day"), &json!("operator"))
    );
    assert_eq!(
        owner.post(&path, body.clone()).await.with_status(200)["id"],
        first["id"]
    );
    let mut other = body;
    other["text"] = "Bad day".into();
    owner.post(&path, other).await.problem(409, "duplicate");
    let sent = messages(&owner, &conversation)
        .await
        .iter()
        .filter(|m| m["direction"] == "out")
        .count();
    assert_eq!(sent, 1);
}

#[tokio::test]
async fn what_is_written_to_one_conversation_at_once_is_all_taken() {
    let (_app, owner) = TestApp::with_owner().await;
    let (inbox, conversation) = conversation(&owner).await;
    let path = format!("/conversations/{conversation}/messages");
    let said = |n: usize| {
        let body = json!({ "client_key": format!("key-{n:05}"), "kind": "reply", "text": format!("{n}") });
        owner.post(&path, body)
    };
    let heard = |_| customer_writes(&owner, &inbox, "Vera", "Are you there?");
    let (said, heard) = tokio::join!(join_all((0..20).map(said)), join_all((0..20).map(heard)));
    for answer in said {
        answer.with_status(202);
    }
    assert!(heard.iter().all(|of| *of == conversation));
    let all = messages(&owner, &conversation).await;
    let of = |direction: &str| all.iter().filter(|m| m["direction"] == direction).count();
    assert_eq!((of("out"), of("in")), (20, 21));
}

#[tokio::test]
async fn what_is_said_comes_back_as_it_was_said() {
    let (_app, owner) = TestApp::with_owner().await;
    let (_, conversation) = conversation(&owner).await;
    let asked = id(&messages(&owner, &conversation).await[0]);
    let body = json!({
        "client_key": "key-00001", "kind": "reply", "text": "Bold 😀 link", "reply_to": asked,
        "spans": [{ "start": 0, "length": 4, "style": "bold" },
                  { "start": 8, "length": 4, "style": "link", "url": "https://example.org" }],
    });
    let sent = owner
        .post(&format!("/conversations/{conversation}/messages"), body.clone())
        .await
        .with_status(202);
    assert_eq!((&sent["spans"], &sent["text"]), (&body["spans"], &body["text"]));
    assert_eq!(
        (&sent["reply_to"]["id"], &sent["reply_to"]["preview"]),
        (&json!(asked), &json!("Hello"))
    );
    let place = json!({ "client_key": "key-00002", "kind": "reply", "location": { "latitude": 59.9, "longitude": 10.7 } });
    let sent = owner
        .post(&format!("/conversations/{conversation}/messages"), place)
        .await
        .with_status(202);
    assert_eq!(sent["part"]["type"], "location");
}

#[tokio::test]
async fn earlier_texts_are_kept() {
    let (_app, owner) = TestApp::with_owner().await;
    let (_, conversation) = conversation(&owner).await;
    let sent = answer(&owner, &conversation, "key-00001", "Frist").await;
    let path = format!("/messages/{}", id(&sent));
    let edited = owner.patch(&path, json!({ "text": "First" })).await.ok();
    assert_eq!(
        (&edited["text"], &edited["revisions"]),
        (&json!("First"), &json!(1))
    );
    let deleted = owner.delete(&path).await.ok();
    assert!(deleted["deleted_at"].is_string() && deleted["text"] == "");
    let revisions = owner.get(&format!("{path}/revisions")).await.ok();
    let texts: Vec<&str> = revisions["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["Frist", "First"]);
    assert_eq!(revisions["items"][1]["deleted"], true);
    owner
        .patch(&path, json!({ "text": "Too late" }))
        .await
        .problem(422, "rejected");
}

#[tokio::test]
async fn nobody_edits_what_another_said() {
    let (app, owner) = TestApp::with_owner().await;
    let mark = app.colleague("mark@example.org", Role::Operator).await;
    let (_, conversation) = conversation(&owner).await;
    let said = messages(&owner, &conversation).await;
    let sent = answer(&owner, &conversation, "key-00001", "Mine").await;
    for message in [&said[0], &sent] {
        let path = format!("/messages/{}", id(message));
        mark.patch(&path, json!({ "text": "Changed" }))
            .await
            .problem(403, "forbidden");
        mark.delete(&path).await.problem(403, "forbidden");
    }
    owner
        .post(&format!("/messages/{}/retry", id(&sent)), json!({}))
        .await
        .problem(422, "rejected");
    assert_eq!(messages(&owner, &conversation).await[0], said[0]);
}

#[tokio::test]
async fn notes_are_for_colleagues() {
    let (_app, owner) = TestApp::with_owner().await;
    let (_, conversation) = conversation(&owner).await;
    let body = json!({ "client_key": "key-00001", "kind": "note", "text": "Careful" });
    let note = owner
        .post(&format!("/conversations/{conversation}/messages"), body)
        .await
        .with_status(202);
    assert_eq!(
        (&note["direction"], &note["state"]),
        (&json!("note"), &Value::Null)
    );
    let conversation = owner.get(&format!("/conversations/{conversation}")).await.ok();
    assert!(conversation["waiting_since"].is_string(), "a note is no answer");
}

#[tokio::test]
async fn huge_and_empty_messages_are_refused() {
    let (_app, owner) = TestApp::with_owner().await;
    let (_, conversation) = conversation(&owner).await;
    let path = format!("/conversations/{conversation}/messages");
    let send = |more: Value| {
        let mut body = json!({ "client_key": "key-00001", "kind": "reply" });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        owner.post(&path, body)
    };
    let before = messages(&owner, &conversation).await;
    assert_eq!(send(json!({})).await.wrong_fields(), ["text"]);
    assert_eq!(send(json!({ "text": " \n\t" })).await.wrong_fields(), ["text"]);
    assert_eq!(send(json!({ "text": "\u{0}" })).await.wrong_fields(), ["text"]);
    assert_eq!(
        send(json!({ "text": "x".repeat(4_097) })).await.wrong_fields(),
        ["text"]
    );
    assert_eq!(
        send(json!({ "text": "x", "client_key": "short" }))
            .await
            .wrong_fields(),
        ["client_key"]
    );
    assert_eq!(
        send(json!({ "text": "x", "kind": "shout" })).await.wrong_fields(),
        ["kind"]
    );
    assert_eq!(
        send(json!({ "text": "x", "file_ids": ["file_00000000000000000000000000000000"] }))
            .await
            .wrong_fields(),
        ["file_ids"]
    );
    assert_eq!(
        send(json!({ "text": "x", "reply_to": "msg_00000000000000000000000000000000" }))
            .await
            .wrong_fields(),
        ["reply_to"]
    );
    assert_eq!(
        send(json!({ "text": "x", "buttons": [[{ "text": "B", "kind": "reply" }]] }))
            .await
            .wrong_fields(),
        ["buttons"]
    );
    send(json!({ "text": "x".repeat(1_100_000) }))
        .await
        .problem(413, "too_large");
    assert_eq!(messages(&owner, &conversation).await, before);
    send(json!({ "text": "x".repeat(4_096) })).await.with_status(202);
}

#[tokio::test]
async fn a_long_conversation_is_read_page_by_page() {
    let (_app, owner) = TestApp::with_owner().await;
    let (_, conversation) = conversation(&owner).await;
    for n in 0..9 {
        answer(&owner, &conversation, &format!("key-{n:05}"), &n.to_string()).await;
    }
    let whole: Vec<Value> = messages(&owner, &conversation).await;
    let (mut pages, mut before) = (Vec::new(), String::new());
    loop {
        let page = owner
            .get(&format!(
                "/conversations/{conversation}/messages?limit=4&before={before}"
            ))
            .await
            .ok();
        pages.insert(0, page["items"].as_array().unwrap().clone());
        match page["older"].as_str() {
            Some(older) => older.clone_into(&mut before),
            None => break,
        }
    }
    assert_eq!(pages.concat(), whole);
    let path = format!("/conversations/{conversation}/messages?before=x");
    assert_eq!(owner.get(&path).await.wrong_fields(), ["before"]);
}

#[tokio::test]
async fn a_message_that_fails_is_shown_and_sent_again() {
    let (app, owner) = TestApp::with_owner().await;
    let config = json!({ "signing_secret": "0123456789abcdef", "outgoing_url": "http://127.0.0.1:9/" });
    let inbox = owner
        .post(
            "/inboxes",
            json!({ "kind": "api", "title": "A", "config": config, "routing": "manual" }),
        )
        .await;
    let inbox = id(&inbox.with_status(201)).parse().unwrap();
    let event = omnichat_core::channel::Inbound::private(
        "7",
        omnichat_core::channel::InboundEvent::Message(omnichat_core::channel::InboundMessage {
            external_id: "1".to_owned(),
            text: "Hi".to_owned(),
            ..Default::default()
        }),
    );
    let conversation = app
        .engine()
        .receive(inbox, event)
        .await
        .unwrap()
        .conversation
        .unwrap()
        .to_string();
    let sent = answer(&owner, &conversation, "key-00001", "Hello").await;
    app.run_pending_work().await;
    let failed = messages(&owner, &conversation).await.pop().unwrap();
    assert_eq!((&failed["id"], &failed["state"]), (&sent["id"], &json!("failed")));
    assert!(!failed["failure"]["message"].as_str().unwrap().is_empty());
    let again = owner
        .post(&format!("/messages/{}/retry", id(&sent)), json!({}))
        .await
        .ok();
    assert_eq!(
        (&again["state"], &again["failure"]),
        (&json!("queued"), &Value::Null)
    );
}

#[tokio::test]
async fn a_file_that_was_not_fetched_can_be_asked_for_again() {
    let (app, owner) = TestApp::with_owner().await;
    let (inbox, conversation) = conversation(&owner).await;
    let file = |source| InboundAttachment {
        kind: AttachmentKind::Document,
        name: "act.txt".to_owned(),
        content_type: "text/plain".to_owned(),
        size: None,
        width: None,
        height: None,
        duration_ms: None,
        identity: None,
        source,
    };
    let message = InboundMessage {
        external_id: "with files".to_owned(),
        attachments: vec![
            file(AttachmentSource::Remote("handle".to_owned())),
            file(AttachmentSource::Missing("too large for the platform".to_owned())),
        ],
        ..InboundMessage::default()
    };
    let event = Inbound::private("another chat", InboundEvent::Message(message));
    let applied = app.engine().receive(inbox.parse().unwrap(), event).await.unwrap();
    let conversation_of_files = applied.conversation.unwrap().to_string();
    assert_ne!(conversation_of_files, conversation);
    let message = messages(&owner, &conversation_of_files).await.remove(0);
    let path = |file: &str| format!("/messages/{}/attachments/{file}/fetch", id(&message));
    let files = message["attachments"].as_array().unwrap();
    // On its way: nothing to ask for.
    let asked = owner.post(&path(&id(&files[0])), json!(null)).await.ok();
    assert_eq!(asked["id"], message["id"]);
    assert_eq!(files[1]["can_fetch_again"], false);
    owner
        .post(&path(&id(&files[1])), json!(null))
        .await
        .problem(422, "rejected");
    owner
        .post(&path(&conversation), json!(null))
        .await
        .problem(404, "not_found");
    app.anonymous()
        .post(&path(&id(&files[0])), json!(null))
        .await
        .problem(401, "unauthenticated");
}

/// A file that nobody has sent yet.
async fn uploaded(client: &Client) -> String {
    let made = client.post_bytes("/files?name=note.txt", "text/plain", b"Good day".to_vec());
    id(&made.await.with_status(201))
}

#[tokio::test]
async fn a_file_may_be_attached_twice() {
    let (_app, owner) = TestApp::with_owner().await;
    let (inbox, conversation) = conversation(&owner).await;
    let file = uploaded(&owner).await;
    let body = json!({ "client_key": "key-00001", "kind": "reply", "file_ids": [file, file] });
    let path = format!("/conversations/{conversation}/messages");
    let sent = owner.post(&path, body).await.with_status(202);
    assert_eq!(sent["attachments"].as_array().unwrap().len(), 2);

    let file = uploaded(&owner).await;
    let body = json!({ "chat": "boris", "name": "Boris", "action": "message", "file_ids": [file, file] });
    let path = format!("/inboxes/{inbox}/simulate");
    let received = owner.post(&path, body).await.ok();
    let conversation = received["conversation_id"].as_str().unwrap();
    let said = messages(&owner, conversation).await;
    let received = said.iter().find(|m| m["id"] == received["message_id"]).unwrap();
    assert_eq!(received["attachments"].as_array().unwrap().len(), 2);
}
