//! Programs with API keys: over REST and over the socket.

use std::sync::Arc;
use std::time::Duration;

use omnichat_core::actor::{Actor, Role};
use omnichat_core::clock::SystemClock;
use serde_json::{Value, json};

use crate::util::app::config;
use crate::util::running::Running;
use crate::util::scene::{conversation, customer_writes, id, messages, sandbox};
use crate::util::{Client, TestApp};

const READ_AND_ANSWER: [&str; 2] = ["conversations.read_all", "messages.send"];

/// A program with these rights, and its key.
async fn program(owner: &Client, rights: &[&str], inboxes: &[String]) -> (Client, Value) {
    let body = json!({ "name": "Order bot", "permissions": rights, "inbox_ids": inboxes });
    let made = owner.post("/api-keys", body).await.with_status(201);
    let token = made["token"].as_str().unwrap();
    assert!(token.starts_with("oc_"), "{token}");
    (owner.with_token(token), made["key"].clone())
}

#[tokio::test]
async fn a_program_comes_in_with_a_key_and_acts_under_its_name() {
    let (app, owner) = TestApp::with_owner().await;
    let (_, conversation) = conversation(&owner).await;
    let (bot, key) = program(&owner, &READ_AND_ANSWER, &[]).await;
    assert_eq!(
        (&key["state"], &key["last_used_at"]),
        (&json!("active"), &Value::Null)
    );
    let path = format!("/conversations/{conversation}/messages");
    let body = json!({ "client_key": "key-00001", "kind": "reply", "text": "On its way" });
    bot.post(&path, body).await.with_status(202);
    let author = messages(&owner, &conversation).await[1]["author"].clone();
    assert_eq!(
        author,
        json!({ "kind": "service", "id": key["id"], "contact_id": null, "name": "Order bot" })
    );
    bot.get("/customers").await.problem(403, "forbidden");
    bot.get("/me").await.problem(403, "forbidden");
    bot.post("/auth/sign-out", json!({}))
        .await
        .problem(403, "forbidden");
    bot.post("/auth/sign-out-everywhere", json!({}))
        .await
        .problem(403, "forbidden");
    bot.get("/api-keys").await.problem(403, "forbidden");
    let own = bot.get(&format!("/api-keys/{}", id(&key))).await.ok();
    assert!(own["last_used_at"].is_string(), "{own}");
    assert!(
        !own.to_string().contains("digest") && !own.to_string().contains("secret"),
        "{own}"
    );
    // The token is nowhere but in the answer that made it.
    let shown = owner.get("/api-keys").await.text + &owner.get("/events").await.text;
    assert!(!shown.contains(bot.token.as_deref().unwrap()));
    let audit = owner.get("/audit").await.ok();
    let actions = audit["items"].as_array().unwrap().iter();
    let actions: Vec<_> = actions.map(|item| item["action"].as_str().unwrap()).collect();
    assert!(actions.contains(&"api_key.created"), "{actions:?}");
    assert!(actions.contains(&"access.refused"), "{actions:?}");
    let senior = app.colleague("senior@example.org", Role::Senior).await;
    senior.get("/api-keys").await.problem(403, "forbidden");
}

#[tokio::test]
async fn a_wrong_key_is_told_from_a_mistyped_one() {
    let (_app, owner) = TestApp::with_owner().await;
    let (bot, key) = program(&owner, &READ_AND_ANSWER, &[]).await;
    let token = bot.token.clone().unwrap();
    let cut = owner.with_token(&token[..token.len() - 1]);
    let problem = cut.get("/conversations").await.problem(401, "unauthenticated");
    assert!(
        problem["detail"].as_str().unwrap().contains("mistyped"),
        "{problem}"
    );
    owner
        .delete(&format!("/api-keys/{}", id(&key)))
        .await
        .with_status(204);
    let problem = bot.get("/conversations").await.problem(401, "unauthenticated");
    assert!(
        problem["detail"].as_str().unwrap().contains("revoked"),
        "{problem}"
    );
    let listed = owner.get("/api-keys").await.ok();
    assert_eq!(listed["items"][0]["state"], "revoked");
    assert_eq!(listed["items"][0]["revoked_by"]["kind"], "operator");
    let patch = json!({ "name": "x" });
    owner
        .patch(&format!("/api-keys/{}", id(&key)), patch)
        .await
        .problem(422, "rejected");
}

#[tokio::test]
async fn what_is_asked_for_wrongly_is_answered_with_the_field_and_what_is_allowed() {
    let (_app, owner) = TestApp::with_owner().await;
    let post = |body: Value| owner.post("/api-keys", body);
    let everything = post(json!({ "name": "x", "permissions": ["everything"] })).await;
    assert_eq!(everything.wrong_fields(), ["permissions[0]"]);
    let problem = post(json!({ "name": "x", "permissions": ["messages.shout"] })).await;
    let problem = problem.problem(422, "invalid");
    let message = problem["errors"][0]["message"].as_str().unwrap();
    assert_eq!(problem["errors"][0]["field"], "permissions");
    assert!(
        message.contains("messages.send"),
        "the rights that there are: {message}"
    );
    for (body, field) in [
        (json!({ "permissions": ["messages.send"] }), "name"),
        (json!({ "name": "", "permissions": ["messages.send"] }), "name"),
        (json!({ "name": "x", "permissions": [] }), "permissions"),
        (
            json!({ "name": "x", "permissions": ["api_keys.manage"] }),
            "permissions",
        ),
        (
            json!({ "name": "x", "permissions": ["messages.send"], "inbox_ids": ["inb_00000000000000000000000000000000"] }),
            "inbox_ids",
        ),
        (
            json!({ "name": "x", "permissions": ["messages.send"], "expires_at": "2001-01-01T00:00:00Z" }),
            "expires_at",
        ),
        (
            json!({ "name": "x", "permissions": ["messages.send"], "expires_at": "2999-01-01T00:00:00Z" }),
            "expires_at",
        ),
    ] {
        assert_eq!(post(body.clone()).await.wrong_fields(), [field], "{body}");
    }
    assert_eq!(owner.get("/api-keys").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn a_key_is_renewed_with_an_overlap() {
    let (_app, owner) = TestApp::with_owner().await;
    let (bot, key) = program(&owner, &READ_AND_ANSWER, &[]).await;
    let path = format!("/api-keys/{}/rotate", id(&key));
    let next = owner.post(&path, json!({})).await.ok();
    let renewed = owner.with_token(next["token"].as_str().unwrap());
    bot.get("/conversations").await.ok();
    renewed.get("/conversations").await.ok();
    assert_eq!(next["key"]["version"], 2);
    let last = owner.post(&path, json!({ "overlap_hours": 0 })).await.ok();
    bot.get("/conversations").await.problem(401, "unauthenticated");
    renewed
        .get("/conversations")
        .await
        .problem(401, "unauthenticated");
    owner
        .with_token(last["token"].as_str().unwrap())
        .get("/conversations")
        .await
        .ok();
    assert_eq!(
        owner
            .post(&path, json!({ "overlap_hours": 169 }))
            .await
            .wrong_fields(),
        ["overlap_hours"]
    );
    owner
        .post(&path, json!({ "version": 1 }))
        .await
        .problem(409, "conflict");
}

#[tokio::test]
async fn a_key_may_ask_so_often_and_no_other_pays_for_it() {
    let mut config = config();
    (
        config.server.rate_limit.key_per_second,
        config.server.rate_limit.key_burst,
    ) = (1, 3);
    let app = TestApp::with(config, Arc::new(SystemClock)).await;
    let owner = app.found("Example", "owner@example.org").await;
    let (loud, key) = program(&owner, &READ_AND_ANSWER, &[]).await;
    let (quiet, _) = program(&owner, &READ_AND_ANSWER, &[]).await;
    let mut refused = None;
    for _ in 0..20 {
        let answer = loud.get("/conversations").await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("twenty requests at once are more than three");
    assert!(refused.headers.contains_key("retry-after"));
    refused.problem(429, "rate_limited");
    quiet.get("/conversations").await.ok();
    // Who guesses at a key does not use up its share.
    let forged = omnichat_core::api_keys::ApiKeyToken::parse(quiet.token.as_deref().unwrap()).unwrap();
    let forged = omnichat_core::api_keys::ApiKeyToken::generate(forged.tenant, forged.key);
    for _ in 0..10 {
        let forged = owner.with_token(forged.expose());
        forged.get("/conversations").await.problem(401, "unauthenticated");
    }
    quiet.get("/conversations").await.ok();
    // What it may ask comes back, and its number of refusals revokes nothing.
    let shown = owner.get(&format!("/api-keys/{}", id(&key))).await.ok();
    assert_eq!(shown["state"], "active");
}

#[tokio::test]
async fn a_confined_key_reads_only_the_events_of_its_inboxes() {
    let (_app, owner) = TestApp::with_owner().await;
    let (seen, hidden) = (sandbox(&owner).await, sandbox(&owner).await);
    let rights = [
        "conversations.read_all",
        "customers.read",
        "inboxes.read",
        "messages.send",
        "files.upload",
    ];
    let (bot, _) = program(&owner, &rights, std::slice::from_ref(&seen)).await;
    let shown = customer_writes(&owner, &seen, "Vera", "Hello").await;
    let secret = customer_writes(&owner, &hidden, "Boris", "Secret words").await;
    let events = bot.get("/events?limit=500").await;
    assert!(
        events.text.contains(&shown) && !events.text.contains(&secret),
        "{}",
        events.text
    );
    assert!(!events.text.contains("Secret words") && !events.text.contains("Boris"));
    assert_eq!(
        bot.get("/inboxes").await.ok()["items"].as_array().unwrap().len(),
        1
    );
    for path in [
        format!("/conversations/{secret}"),
        format!("/conversations/{secret}/messages"),
        format!("/inboxes/{hidden}"),
    ] {
        bot.get(&path).await.problem(404, "not_found");
    }
    let played = json!({ "chat": "Eve", "name": "Eve", "action": "message", "text": "Hi" });
    bot.post(&format!("/inboxes/{hidden}/simulate"), played)
        .await
        .problem(404, "not_found");
    let file = owner
        .post_bytes("/files?name=a.txt", "text/plain", b"secret".to_vec())
        .await
        .with_status(201);
    let send = json!({ "client_key": "key-00001", "kind": "reply", "text": "x", "file_ids": [file["id"]] });
    owner
        .post(&format!("/conversations/{secret}/messages"), send)
        .await
        .with_status(202);
    bot.get(&format!("/files/{}", id(&file)))
        .await
        .problem(404, "not_found");
    let own = bot
        .post_bytes("/files?name=b.txt", "text/plain", b"mine".to_vec())
        .await
        .with_status(201);
    let send = json!({ "client_key": "key-00002", "kind": "reply", "text": "x", "file_ids": [own["id"]] });
    bot.post(&format!("/conversations/{shown}/messages"), send)
        .await
        .with_status(202);
}

#[tokio::test]
async fn a_key_of_several_inboxes_lists_a_customers_conversations_of_one() {
    let (_app, owner) = TestApp::with_owner().await;
    let inboxes = [sandbox(&owner).await, sandbox(&owner).await];
    let conversation = customer_writes(&owner, &inboxes[0], "Vera", "Hello").await;
    let shown = owner.get(&format!("/conversations/{conversation}")).await.ok();
    let customer = shown["customer"]["id"].as_str().unwrap();
    let (bot, _) = program(&owner, &["conversations.read_all", "customers.read"], &inboxes).await;
    let path = format!("/customers/{customer}/conversations");
    assert_eq!(bot.get(&path).await.wrong_fields(), ["inbox_id"]);
    for (inbox, count) in inboxes.iter().zip([1, 0]) {
        let listed = bot.get(&format!("{path}?inbox_id={inbox}")).await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), count);
    }
}

#[tokio::test]
async fn a_revoked_key_ends_its_open_socket_and_a_lesser_one_sees_less() {
    let app = Running::start().await;
    let owner = app.tenant("Sockets").await;
    let inbox = app.inbox(&owner, "sandbox", json!({})).await;
    let engine = &app.state.engine;
    let new = omnichat_core::api_keys::NewApiKey {
        name: "Listener".to_owned(),
        permissions: [
            omnichat_core::actor::Permission::CONVERSATIONS_READ_ALL,
            omnichat_core::actor::Permission::MESSAGES_SEND,
        ]
        .into_iter()
        .collect(),
        ..Default::default()
    };
    let (shown, token) = engine.api_keys().create(&owner.actor(), new).await.unwrap();
    let mut socket = app.socket("/api/v1/ws").await;
    socket
        .say(json!({ "type": "hello", "token": token.expose() }))
        .await;
    assert_eq!(socket.frame().await["type"], "hello");
    let conversation = app.write(inbox, "a", "Hello").await;
    let event = socket.of("event").await;
    assert!(event.to_string().contains(&conversation.to_string()), "{event}");
    // A token frame with an operator's token ends the socket; one with another secret of the same key goes on.
    let mut other = app.socket("/api/v1/ws").await;
    other
        .say(json!({ "type": "hello", "token": token.expose() }))
        .await;
    assert_eq!(other.frame().await["type"], "hello");
    other.say(json!({ "type": "token", "token": owner.token })).await;
    assert_eq!(other.closed().await, 4401);
    let (keys, actor) = (engine.api_keys(), owner.actor());
    let rotated = keys
        .rotate(&actor, shown.key.id, Duration::from_secs(60), None)
        .await;
    let (_, token) = rotated.unwrap();
    socket
        .say(json!({ "type": "token", "token": token.expose() }))
        .await;
    // Fewer rights, and it hears no conversations any more.
    let patch = omnichat_core::api_keys::ApiKeyPatch {
        permissions: Some(
            [omnichat_core::actor::Permission::MESSAGES_SEND]
                .into_iter()
                .collect(),
        ),
        ..Default::default()
    };
    engine
        .api_keys()
        .update(&owner.actor(), shown.key.id, patch)
        .await
        .unwrap();
    app.write(inbox, "a", "Not for it").await;
    engine
        .api_keys()
        .revoke(&owner.actor(), shown.key.id)
        .await
        .unwrap();
    let mut heard = Vec::new();
    let code = loop {
        match socket.frame_or_close().await {
            Ok(frame) => heard.push(frame.to_string()),
            Err(code) => break code,
        }
    };
    assert_eq!(code, 4401);
    assert!(
        !heard.iter().any(|frame| frame.contains("Not for it")),
        "{heard:?}"
    );
    let mut socket = app.socket("/api/v1/ws").await;
    socket
        .say(json!({ "type": "hello", "token": token.expose() }))
        .await;
    assert_eq!(socket.closed().await, 4401);
}

#[tokio::test]
async fn what_is_changed_past_the_api_is_heard_on_the_bus() {
    // By a clock that stands still nothing that was seen gets old.
    let (app, _clock) = TestApp::by_manual_clock().await;
    let owner = app.found("Example", "owner@example.org").await;
    let (bot, key) = program(&owner, &READ_AND_ANSWER, &[]).await;
    bot.get("/conversations").await.ok();
    let actor = Actor::system(app.tenant("Example").await.id, "test");
    let keys = app.engine().api_keys();
    keys.revoke(&actor, id(&key).parse().unwrap()).await.unwrap();
    let refused = async { while bot.get("/conversations").await.status != 401 {} };
    tokio::time::timeout(Duration::from_secs(20), refused)
        .await
        .expect("it is refused");
}

#[tokio::test]
async fn an_operator_who_is_disabled_takes_the_sockets_of_their_keys_along() {
    let app = Running::start().await;
    let owner = app.tenant("Responsible").await;
    let admin = app.colleague(&owner, "Boris", Role::Admin).await;
    let engine = &app.state.engine;
    let new = omnichat_core::api_keys::NewApiKey {
        name: "Listener".to_owned(),
        permissions: [omnichat_core::actor::Permission::CONVERSATIONS_READ_ALL]
            .into_iter()
            .collect(),
        ..Default::default()
    };
    let (_, token) = engine.api_keys().create(&admin.actor(), new).await.unwrap();
    let mut socket = app.socket("/api/v1/ws").await;
    socket
        .say(json!({ "type": "hello", "token": token.expose() }))
        .await;
    assert_eq!(socket.frame().await["type"], "hello");
    let patch = omnichat_core::operators::OperatorPatch {
        disabled: Some(true),
        ..Default::default()
    };
    engine
        .operators()
        .update(&owner.actor(), admin.operator.id, patch)
        .await
        .unwrap();
    assert_eq!(socket.closed().await, 4401);
}
