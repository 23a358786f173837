//! How much may come in, and from whom: who can mend a request is told the field, and of what a platform brings the rest is cut.

use omnichat_core::channel::{InboundEvent, InboundMessage};
use omnichat_core::clock::Timestamp;
use omnichat_core::event::Event;
use omnichat_core::limits;
use serde_json::{Value, json};

use crate::util::TestApp;
use crate::util::running::Running;
use crate::util::scene::{conversation, messages};
use crate::webhooks::deliver;

const SECRET: &str = "0123456789abcdef";

#[tokio::test]
async fn an_operator_is_told_what_does_not_fit() {
    let (_app, owner) = TestApp::with_owner().await;
    let (inbox, conversation) = conversation(&owner).await;
    let before = messages(&owner, &conversation).await;
    let path = format!("/conversations/{conversation}/messages");
    let reply = |more: Value| {
        let mut body = json!({ "client_key": "key-00001", "kind": "reply", "text": "here" });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    let link = |url: &str| json!({ "spans": [{ "start": 0, "length": 4, "style": "link", "url": url }] });
    let press = |url: &str| json!({ "buttons": [[{ "text": "Open", "kind": "url", "url": url }]] });
    for (more, field) in [
        (
            json!({ "location": { "latitude": 91, "longitude": 0 } }),
            "location",
        ),
        (
            json!({ "location": { "latitude": 0, "longitude": -180.1 } }),
            "location",
        ),
        (json!({ "text": "x".repeat(900_000) }), "text"),
        (json!({ "kind": "note", "text": "x".repeat(900_000) }), "text"),
        (link("javascript:alert(1)"), "spans"),
        (link(" JavaScript:alert(1)"), "spans"),
        (link("java\nscript:alert(1)"), "spans"),
        (link("data:text/html,x"), "spans"),
        (press("javascript:alert(1)"), "buttons"),
        (
            press(&format!("https://example.org/{}", "x".repeat(limits::ADDRESS))),
            "buttons",
        ),
    ] {
        let refused = owner.post(&path, reply(more.clone())).await;
        let fields = refused.wrong_fields();
        assert!(
            fields.len() == 1 && fields[0].starts_with(field),
            "{more}: {fields:?}"
        );
    }
    let snooze = format!("/conversations/{conversation}/snooze");
    let far = json!({ "until": "3000-01-01T00:00:00Z" });
    assert_eq!(owner.post(&snooze, far).await.wrong_fields(), ["until"]);
    let played = json!({ "chat": "Vera", "name": "Vera", "action": "message", "text": "x".repeat(900_000) });
    let simulate = format!("/inboxes/{inbox}/simulate");
    assert_eq!(owner.post(&simulate, played).await.wrong_fields(), ["text"]);
    assert_eq!(messages(&owner, &conversation).await, before);
    // Links that lead somewhere go out as before.
    owner
        .post(&path, reply(link("https://example.org")))
        .await
        .with_status(202);
}

#[tokio::test]
async fn a_search_for_one_or_two_letters_is_too_short() {
    let (_app, owner) = TestApp::with_owner().await;
    conversation(&owner).await;
    for q in ["V", "Ve", "%20Ve%20", "%D0%96"] {
        let problem = owner
            .get(&format!("/customers?q={q}"))
            .await
            .problem(422, "invalid");
        let error = &problem["errors"][0];
        assert_eq!(
            (&error["field"], &error["code"]),
            (&json!("q"), &json!("too_short"))
        );
    }
    let found = owner.get("/customers?q=Ver").await.ok();
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        owner.get("/customers?q=").await.ok(),
        owner.get("/customers").await.ok()
    );
}

#[tokio::test]
async fn a_program_is_told_every_field_and_nothing_is_kept() {
    let app = Running::start().await;
    let owner = app.tenant("Limits").await;
    let inbox = app
        .inbox(&owner, "api", json!({ "signing_secret": SECRET }))
        .await;
    let good = json!({ "type": "message", "id": "m-1", "chat": "user-77", "text": "good" });
    let bad = json!({
        "type": "message", "id": "m-2", "chat": "user-77", "at": "3000-01-01T00:00:00Z", "text": "x".repeat(200_000),
        "location": { "latitude": 91, "longitude": 0 },
        "spans": [{ "start": 0, "length": 4, "style": "link", "url": "javascript:alert(1)" }],
        "person": { "name": "Ира", "scope": "phone", "id": "anonymous", "attributes": { "essay": "x".repeat(10_000) } },
    });
    let refused = deliver(&app, inbox, SECRET, json!([good, bad]).to_string().as_bytes()).await;
    assert_eq!(refused.status(), 422);
    let problem: Value = refused.json().await.unwrap();
    let fields: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|e| e["field"].as_str())
        .collect();
    assert_eq!(
        fields,
        [
            "person.scope",
            "person.attributes",
            "at",
            "text",
            "spans",
            "location"
        ]
    );
    let store = app.state.engine.ports().tenant(owner.operator.tenant);
    let events = store.events_after(0, 100).await.unwrap();
    assert!(!events.iter().any(|e| matches!(
        e.event,
        Event::MessageCreated { .. } | Event::QuarantineAdded { .. }
    )));
    assert_eq!(
        deliver(&app, inbox, SECRET, good.to_string().as_bytes())
            .await
            .status(),
        200
    );
}

#[tokio::test]
async fn a_platforms_message_is_kept_whatever_its_clock_and_its_length() {
    let app = Running::start().await;
    let owner = app.tenant("Platform").await;
    let inbox = app.inbox(&owner, "sandbox", json!({})).await;
    let now = app.state.engine.ports().now();
    let mut id = None;
    for (n, secs) in [now.micros() / 1_000, now.micros(), i64::MAX, 0, 32_503_680_000]
        .into_iter()
        .enumerate()
    {
        let message = InboundMessage {
            external_id: n.to_string(),
            at: Some(Timestamp::from_secs(secs)),
            text: "x".repeat(1_000_000),
            ..InboundMessage::default()
        };
        id = app
            .did(inbox, "77", InboundEvent::Message(message))
            .await
            .conversation;
    }
    let get = async |path: &str| {
        let request = app
            .http
            .get(app.url(&format!("/api/v1{path}")))
            .bearer_auth(&owner.token);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.json::<Value>().await.unwrap()
    };
    let list = get("/conversations").await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert!(list["items"][0]["last_activity_at"].as_str().unwrap() < "2100");
    let said = get(&format!("/conversations/{}/messages", id.unwrap())).await;
    let said = said["items"].as_array().unwrap();
    assert_eq!(said.len(), 5);
    for message in said {
        let text = message["text"].as_str().unwrap();
        assert!(
            text.len() < 40_000 && text.ends_with("/ 1000000]"),
            "{}",
            &text[text.len() - 40..]
        );
    }
    assert!(get("/events").await["items"].as_array().unwrap().len() > 5);
}
