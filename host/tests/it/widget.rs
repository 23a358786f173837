//! The widget from the visitor's side: a whole conversation, and what a visitor must never get.

use hmac::{Hmac, KeyInit, Mac};
use omnichat_core::customers::CustomerFilter;
use omnichat_core::id::ConversationId;
use omnichat_core::messages::{Audience, DeliveryState, NewMessage};
use omnichat_core::operators::OperatorStatus;
use omnichat_core::page::PageRequest;
use reqwest::StatusCode;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::files::PNG;
use crate::util::browser::Browser;
use crate::util::running::{Colleague, Running};
use crate::util::socket::Socket;

/// The next event of a type.
async fn event(socket: &mut Socket, kind: &str) -> Value {
    socket.until(|frame| frame["event"]["type"] == kind).await["event"].clone()
}

fn reply(key: &str, text: &str) -> NewMessage {
    NewMessage {
        client_key: key.to_owned(),
        audience: Audience::Customer,
        text: text.to_owned(),
        spans: Vec::new(),
        files: Vec::new(),
        buttons: Vec::new(),
        reply_to: None,
        part: None,
    }
}

async fn only_conversation(app: &Running, of: &Colleague) -> ConversationId {
    let page = app
        .state
        .engine
        .conversations()
        .list(&of.actor(), Default::default(), PageRequest::first(10))
        .await;
    page.unwrap().items[0].id
}

async fn customers(app: &Running, of: &Colleague) -> Vec<omnichat_core::customers::Customer> {
    let page = app
        .state
        .engine
        .customers()
        .list(&of.actor(), &CustomerFilter::default(), PageRequest::first(10))
        .await
        .unwrap();
    page.items.into_iter().map(|one| one.customer).collect()
}

#[tokio::test]
async fn a_whole_conversation() {
    let app = Running::start().await;
    let owner = app.tenant("Whole").await;
    let inbox = app
        .inbox(&owner, "widget", json!({ "title": "Shop", "greeting": "Hello!" }))
        .await;
    let engine = &app.state.engine;
    let config: Value = app
        .http
        .get(app.url(&format!("/widget/v1/{inbox}/config")))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        (&config["title"], &config["greeting"], &config["online"]),
        (&json!("Shop"), &json!("Hello!"), &json!(false))
    );

    // Looking at the page leaves nothing behind.
    let mut browser = Browser::new(&app, inbox);
    let session = browser
        .session(json!({ "name": "Ира", "attributes": { "plan": "pro" } }))
        .await;
    assert_eq!(
        (&session["conversation"], &session["visitor"]["name"]),
        (&Value::Null, &json!("Ира"))
    );
    assert!(customers(&app, &owner).await.is_empty());

    let mut live = browser.socket(session["cursor"].as_str()).await;
    assert_eq!(live.frame().await["online"], false);
    engine
        .operators()
        .set_status(&owner.actor(), owner.operator.id, OperatorStatus::Online)
        .await
        .unwrap();
    assert_eq!(live.of("online").await["online"], true);

    // The visitor writes; the same key again is the same message.
    let sent = browser.send("visitor-key-1", "Где мой заказ? 🦊").await;
    assert_eq!(
        (&sent["from"], &sent["state"]),
        (&json!("visitor"), &json!("sent"))
    );
    let again = browser
        .post(
            "messages",
            json!({ "client_key": "visitor-key-1", "text": "Где мой заказ? 🦊" }),
        )
        .await;
    assert_eq!(again.status(), StatusCode::OK);
    assert_eq!(again.json::<Value>().await.unwrap()["id"], sent["id"]);
    // With another text it is a mistake, which must not look like success.
    let mistaken = json!({ "client_key": "visitor-key-1", "text": "Another question" });
    let refused = browser.post("messages", mistaken).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    assert_eq!(refused.json::<Value>().await.unwrap()["code"], "duplicate");
    assert_eq!(
        event(&mut live, "message_created").await["message"]["id"],
        sent["id"]
    );
    let known = customers(&app, &owner).await;
    assert_eq!((known.len(), known[0].name.as_str()), (1, "Ира"));
    assert_eq!(known[0].attributes["plan"], "pro");
    // The page that the visitor is on is what is spoken of.
    let conversations = app.state.engine.conversations();
    let page = conversations
        .list(&owner.actor(), Default::default(), PageRequest::first(10))
        .await;
    let context = &page.unwrap().items[0].context;
    assert_eq!(context.url.as_deref(), Some("https://example.org/shop"));

    // A file, which the operator can open from then on.
    let file: Value = browser
        .upload("a.png", "image/png", PNG)
        .await
        .json()
        .await
        .unwrap();
    let shown = app
        .http
        .get(app.url(file["url"].as_str().unwrap()))
        .send()
        .await
        .unwrap();
    assert_eq!(shown.bytes().await.unwrap(), PNG);
    let body = json!({ "client_key": "visitor-key-2", "text": "", "file_ids": [file["id"]] });
    assert_eq!(
        browser.post("messages", body).await.status(),
        StatusCode::ACCEPTED
    );
    let path = format!("/api/v1/files/{}", file["id"].as_str().unwrap());
    let opened = app
        .http
        .get(app.url(&path))
        .bearer_auth(&owner.token)
        .send()
        .await
        .unwrap();
    assert_eq!(opened.status(), StatusCode::OK);

    // An operator takes it, notes something, writes, answers.
    let conversation = only_conversation(&app, &owner).await;
    engine
        .conversations()
        .take(&owner.actor(), conversation, None)
        .await
        .unwrap();
    let note = NewMessage {
        audience: Audience::Colleagues,
        ..reply("note-key-1", "a difficult one")
    };
    let note = engine
        .messages()
        .send(&owner.actor(), conversation, note)
        .await
        .unwrap()
        .message;
    engine.typing(&owner.actor(), conversation, true).await.unwrap();
    let answer = NewMessage {
        reply_to: Some(note.id),
        ..reply("answer-key-1", "Он в пути")
    };
    let answer = engine
        .messages()
        .send(&owner.actor(), conversation, answer)
        .await
        .unwrap()
        .message;
    engine
        .conversations()
        .mark_read(&owner.actor(), conversation)
        .await
        .unwrap();
    let mut heard = Vec::new();
    while !heard.iter().any(|f: &Value| {
        f["event"]["message"]["state"] == "read" && f["event"]["message"]["id"] == sent["id"]
    }) || !heard
        .iter()
        .any(|f| f["event"]["message"]["id"] == answer.id.to_string())
        || !heard.iter().any(|f| f["type"] == "typing")
    {
        heard.push(live.frame().await);
    }
    let all = Value::from(heard.clone()).to_string();
    assert!(
        !all.contains("difficult"),
        "neither the note nor what quotes it: {all}"
    );
    assert!(
        heard
            .iter()
            .any(|f| f["event"]["message"]["part"]["entry"] == "joined")
    );
    let operator = heard
        .iter()
        .rev()
        .find_map(|f| f["event"]["conversation"]["operator"]["name"].as_str());
    assert_eq!(operator, Some("Whole"));

    // The visitor reads it.
    assert_eq!(
        browser.post("read", json!({})).await.status(),
        StatusCode::NO_CONTENT
    );
    let read = engine.messages().get(&owner.actor(), answer.id).await.unwrap();
    assert_eq!(read.state, Some(DeliveryState::Read));
    live.until(|f| f["event"]["conversation"]["unread"] == 0).await;

    // It ends, and the next message begins another one.
    engine
        .conversations()
        .close(&owner.actor(), conversation, None)
        .await
        .unwrap();
    live.until(|f| f["event"]["message"]["part"]["entry"] == "closed")
        .await;
    let session = browser.session(Value::Null).await;
    assert_eq!(session["conversation"]["status"], "closed");
    let texts: Vec<&str> = session["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["Где мой заказ? 🦊", "", "", "Он в пути", ""]);
    browser.send("visitor-key-3", "И ещё вопрос").await;
    let session = browser.session(Value::Null).await;
    assert_eq!(session["conversation"]["status"], "open");
    assert_ne!(session["conversation"]["id"], conversation.to_string());
    assert_eq!(session["messages"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_tab_that_was_away_gets_what_it_missed() {
    let app = Running::start().await;
    let owner = app.tenant("Away").await;
    let inbox = app.inbox(&owner, "widget", json!({})).await;
    let mut browser = Browser::new(&app, inbox);
    browser.session(Value::Null).await;
    let sent = browser.send("visitor-key-1", "hello").await;
    let session = browser.session(Value::Null).await;
    let mut other = Browser::new(&app, inbox);
    other.session(Value::Null).await;
    other.send("visitor-key-1", "somebody else's secret").await;
    let conversation = app.state.engine.conversations();
    let id: ConversationId = session["conversation"]["id"].as_str().unwrap().parse().unwrap();
    app.state
        .engine
        .messages()
        .send(&owner.actor(), id, reply("answer-key-1", "missed"))
        .await
        .unwrap();
    conversation.mark_read(&owner.actor(), id).await.unwrap();
    let mut live = browser.socket(session["cursor"].as_str()).await;
    let mut heard = Vec::new();
    while !heard
        .iter()
        .any(|f: &Value| f["event"]["type"] == "conversation_updated")
    {
        heard.push(live.frame().await);
    }
    let of = |id: &Value| {
        heard
            .iter()
            .filter(|f| f["event"]["message"]["id"] == *id)
            .count()
    };
    assert_eq!(
        heard
            .iter()
            .filter(|f| f["event"]["message"]["text"] == "missed")
            .count(),
        1
    );
    assert_eq!(
        (of(&sent["id"]), heard[0]["type"].as_str()),
        (1, Some("hello")),
        "its own message was read meanwhile"
    );
    assert!(!Value::from(heard).to_string().contains("somebody else"));
    // A number of another log.
    let mut live = browser.socket(Some("1000000")).await;
    assert_eq!(
        (
            live.frame().await["type"].as_str(),
            live.frame().await["type"].as_str()
        ),
        (Some("hello"), Some("resync"))
    );
}

#[tokio::test]
async fn a_token_is_for_one_inbox_and_cannot_be_made_up() {
    let app = Running::start().await;
    let (owner, stranger) = (app.tenant("Token").await, app.tenant("Stranger").await);
    let inbox = app.inbox(&owner, "widget", json!({})).await;
    let other = app.inbox(&stranger, "widget", json!({})).await;
    let sandbox = app.inbox(&owner, "sandbox", json!({})).await;
    let mut browser = Browser::new(&app, inbox);
    browser.session(Value::Null).await;
    browser.send("visitor-key-1", "secret").await;
    let token = browser.token.clone().unwrap();
    let (body, seal) = token.split_once('.').unwrap();
    for (inbox, token) in [
        (other, token.clone()),
        (inbox, format!("{body}x.{seal}")),
        (inbox, String::new()),
    ] {
        let mut thief = Browser::new(&app, inbox);
        thief.token = Some(token);
        assert_eq!(
            thief
                .post("messages", json!({ "client_key": "a-long-key", "text": "x" }))
                .await
                .status(),
            401
        );
        assert_eq!(
            thief
                .post("session", json!({ "token": thief.token, "locale": "en" }))
                .await
                .status(),
            401
        );
        assert_eq!(thief.socket(None).await.closed().await, 4401);
    }
    let url = app.url(&format!("/widget/v1/{sandbox}/config"));
    assert_eq!(
        app.http.get(url).send().await.unwrap().status(),
        StatusCode::NOT_FOUND,
        "no widget"
    );
}

#[tokio::test]
async fn a_visitor_of_whom_much_is_said_comes_back() {
    let app = Running::start().await;
    let owner = app.tenant("Wordy").await;
    let inbox = app.inbox(&owner, "widget", json!({})).await;
    let mut browser = Browser::new(&app, inbox);
    let attributes: serde_json::Map<String, Value> = (0..20)
        .map(|n| (format!("about {n}"), json!("\"🦊".repeat(300))))
        .collect();
    let visitor = json!({
        "name": "🦊".repeat(200), "email": format!("{}@example.org", "a".repeat(300)), "phone": "+1 202 555 0100",
        "attributes": attributes,
    });
    browser.session(visitor).await;
    browser.send("visitor-key-1", "Hello").await;
    assert!(browser.token.as_ref().unwrap().len() > 4_096);
    let again = browser.session(Value::Null).await;
    assert_eq!(again["messages"].as_array().unwrap().len(), 1);
    // One that no token can be is told apart from one that is no more.
    let body = json!({ "token": "x".repeat(24 * 1_024 + 1), "locale": "en" });
    let refused = browser.post("session", body).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        refused.json::<Value>().await.unwrap()["errors"][0]["field"],
        "token"
    );
}

#[tokio::test]
async fn a_signed_link_opens_one_file_of_one_widget() {
    let app = Running::start().await;
    let (owner, stranger) = (app.tenant("Link").await, app.tenant("Stranger").await);
    let inbox = app.inbox(&owner, "widget", json!({})).await;
    let other = app.inbox(&stranger, "widget", json!({})).await;
    let mut browser = Browser::new(&app, inbox);
    browser.session(Value::Null).await;
    let first: Value = browser
        .upload("a.png", "image/png", PNG)
        .await
        .json()
        .await
        .unwrap();
    let second: Value = browser
        .upload("b.txt", "text/plain", b"b")
        .await
        .json()
        .await
        .unwrap();
    let (url, id) = (first["url"].as_str().unwrap(), first["id"].as_str().unwrap());
    let get = async |url: String| app.http.get(app.url(&url)).send().await.unwrap().status();
    assert_eq!(get(url.to_owned()).await, StatusCode::OK);
    let expires = url.split("expires=").nth(1).unwrap().split('&').next().unwrap();
    for wrong in [
        url.replace(id, second["id"].as_str().unwrap()),
        url.replace(&inbox.to_string(), &other.to_string()),
        url.replace(expires, "99999999999"),
        url.replace(expires, "1"),
        url[..url.len() - 2].to_owned(),
    ] {
        assert_eq!(get(wrong.clone()).await, StatusCode::FORBIDDEN, "{wrong}");
    }
    // A visitor cannot send what another uploaded, and a file that lies is not taken.
    let mut thief = Browser::new(&app, inbox);
    thief.session(Value::Null).await;
    let body = json!({ "client_key": "a-long-key", "text": "mine", "file_ids": [id] });
    assert_eq!(
        thief.post("messages", body).await.status(),
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        thief.upload("a.png", "image/png", b"<script>").await.status(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
}

#[tokio::test]
async fn who_is_proved_has_one_history_in_every_browser() {
    let app = Running::start().await;
    let owner = app.tenant("Proof").await;
    let secret = "an identity secret";
    let inbox = app
        .inbox(&owner, "widget", json!({ "identity_secret": secret }))
        .await;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(b"user-77");
    let hash = hex::encode(mac.finalize().into_bytes());
    let proved = json!({ "external_id": "user-77", "hash": hash, "name": "Ира" });

    // What was written before signing in goes along.
    let mut first = Browser::new(&app, inbox);
    first.session(Value::Null).await;
    first.send("visitor-key-1", "before signing in").await;
    let session = first.session(proved.clone()).await;
    assert_eq!(session["messages"][0]["text"], "before signing in");

    let mut second = Browser::new(&app, inbox);
    let session = second.session(proved).await;
    assert_eq!(session["messages"][0]["text"], "before signing in");
    second.send("visitor-key-2", "from the phone").await;
    assert_eq!(customers(&app, &owner).await.len(), 1);

    // Whoever only says so is a stranger.
    for visitor in [
        json!({ "external_id": "user-77" }),
        json!({ "external_id": "user-77", "hash": "00".repeat(32) }),
    ] {
        let mut liar = Browser::new(&app, inbox);
        assert_eq!(liar.session(visitor).await["messages"], json!([]));
    }
    // Another secret ends what the old one proved.
    let patch = omnichat_core::inboxes::InboxPatch {
        config: Some(json!({ "identity_secret": "another secret" })),
        ..Default::default()
    };
    app.state
        .engine
        .inboxes()
        .update(&owner.actor(), inbox, patch)
        .await
        .unwrap();
    let refused = second
        .post("session", json!({ "token": second.token, "locale": "en" }))
        .await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_message_can_be_left_while_nobody_is_there() {
    let app = Running::start().await;
    let owner = app.tenant("Offline").await;
    let inbox = app.inbox(&owner, "widget", json!({})).await;
    let mut browser = Browser::new(&app, inbox);
    browser.session(Value::Null).await;
    let nowhere = json!({ "client_key": "visitor-key-1", "name": "Ира", "text": "call me" });
    let refused = browser.post("offline", nowhere).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        refused.json::<Value>().await.unwrap()["errors"][0]["field"],
        "email"
    );
    let left = json!({ "client_key": "visitor-key-1", "name": "Ира", "email": "ira@example.org", "text": "call me" });
    assert_eq!(
        browser.post("offline", left.clone()).await.status(),
        StatusCode::ACCEPTED
    );
    assert_eq!(browser.post("offline", left).await.status(), StatusCode::OK);
    let customer = &customers(&app, &owner).await[0];
    assert_eq!(
        (customer.name.as_str(), customer.email.as_deref()),
        ("Ира", Some("ira@example.org"))
    );
}

#[tokio::test]
async fn a_flood_is_stopped_and_a_blocked_visitor_notices_nothing() {
    let app = Running::with(|config| config.widget.messages_per_minute = 3).await;
    let owner = app.tenant("Flood").await;
    let inbox = app.inbox(&owner, "widget", json!({})).await;
    let mut browser = Browser::new(&app, inbox);
    browser.session(Value::Null).await;
    browser.send("visitor-key-1", "one").await;
    let conversation = only_conversation(&app, &owner).await;
    app.state
        .engine
        .conversations()
        .spam(&owner.actor(), conversation, None)
        .await
        .unwrap();
    let sent = browser.send("visitor-key-2", "two").await;
    assert_eq!(sent["state"], "read", "as if somebody had looked");
    assert_eq!(
        browser.session(Value::Null).await["conversation"]["status"],
        "open"
    );
    browser.send("visitor-key-3", "three").await;
    let refused = browser
        .post(
            "messages",
            json!({ "client_key": "visitor-key-4", "text": "four" }),
        )
        .await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers().contains_key("retry-after"));
}

#[tokio::test]
async fn the_frame_says_which_sites_may_embed_it() {
    let app = Running::start().await;
    let owner = app.tenant("Frame").await;
    let inbox = app
        .inbox(
            &owner,
            "widget",
            json!({ "allowed_origins": ["https://example.org"] }),
        )
        .await;
    let frame = app
        .http
        .get(app.url(&format!("/widget/frame?inbox={inbox}")))
        .send()
        .await
        .unwrap();
    // Without a built web there is a page that says so.
    if frame.status() == StatusCode::OK {
        let policy = frame.headers()["content-security-policy"].to_str().unwrap();
        assert!(
            policy.ends_with("frame-ancestors 'self' https://example.org"),
            "{policy}"
        );
        assert!(!frame.headers().contains_key("x-frame-options"));
    } else {
        assert_eq!(frame.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(frame.text().await.unwrap().contains("cargo xtask web"));
    }
    let missing = app
        .http
        .get(app.url("/widget/assets/nothing.js"))
        .send()
        .await
        .unwrap();
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    let unknown = app.http.get(app.url("/api/v1/nothing")).send().await.unwrap();
    assert_eq!(unknown.json::<Value>().await.unwrap()["code"], "not_found");
}

/// The next of these that is about the connection: an event's number is nowhere to be seen.
fn numbers(frame: &Value) -> bool {
    frame.get("seq").is_some() || frame["cursor"].is_number()
}

#[tokio::test]
async fn a_visitor_learns_nothing_of_how_busy_the_organisation_is() {
    let app = Running::start().await;
    let owner = app.tenant("Busy").await;
    let inbox = app.inbox(&owner, "widget", json!({})).await;
    let mut browser = Browser::new(&app, inbox);
    let session = browser.session(Value::Null).await;
    assert!(!numbers(&session) && session["cursor"].is_string(), "{session}");
    let (first, second) = (
        session["cursor"].clone(),
        browser.session(Value::Null).await["cursor"].clone(),
    );
    assert_ne!(first, second, "the same place, and nobody can tell");
    let mut live = browser.socket(first.as_str()).await;
    let hello = live.frame().await;
    assert!(!numbers(&hello), "{hello}");
    browser.send("visitor-key-1", "Hello").await;
    let frame = live.of("event").await;
    assert!(!numbers(&frame), "{frame}");
    // A lot happens to others while the visitor is away; what is the visitor's own comes all the same.
    drop(live);
    for n in 0..20 {
        app.write(inbox, &format!("other {n}"), "Hi").await;
    }
    let conversation = browser.session(Value::Null).await["conversation"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let answer = app.state.engine.messages();
    answer
        .send(
            &owner.actor(),
            conversation.parse().unwrap(),
            reply("answer-key-1", "While away"),
        )
        .await
        .unwrap();
    let mut live = browser.socket(frame["cursor"].as_str()).await;
    let missed = live
        .until(|frame| frame["event"]["message"]["text"] == "While away")
        .await;
    assert!(!numbers(&missed));
    // Another visitor's cursor, or one that was made up, is a place of nobody.
    let mut stranger = Browser::new(&app, inbox);
    stranger.session(Value::Null).await;
    for cursor in [frame["cursor"].as_str(), Some("1"), Some("")] {
        let mut live = stranger.socket(cursor).await;
        assert_eq!(live.frame().await["type"], "hello");
        assert_eq!(live.frame().await, json!({ "type": "resync" }));
    }
}
