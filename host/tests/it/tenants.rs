//! Two organisations on one host, founded at the command line and met as people meet them: each tries to reach the other.

use serde_json::{Value, json};

use crate::util::Client;
use crate::util::app::PASSWORD;
use crate::util::client::Answer;
use crate::util::program::{Serving, result, run, said};
use crate::util::scene::{answer, customer_writes, id, sandbox};
use crate::util::socket::Socket;

/// Founds an organisation; the token of its owner's invitation.
fn found(folder: &std::path::Path, name: &str, owner: &str) -> String {
    let link = result(folder, &["tenant", "create", "--name", name, "--owner", owner]);
    let token = link.split_once("/invite#").expect(&link).1;
    token.to_owned()
}

/// The owner comes in by the link.
async fn come_in(base: &str, token: &str) -> Client {
    let body = json!({ "token": token, "password": PASSWORD, "transport": "body" });
    let anonymous = Client::new(base);
    let session = anonymous.post("/auth/invite", body).await.ok();
    anonymous.signed_in(&session)
}

/// A socket that has said hello.
async fn greeting(base: &str, path: &str, hello: Value) -> Socket {
    let mut socket = Socket::open(&format!("{}{path}", base.replacen("http", "ws", 1))).await;
    socket.say(hello).await;
    socket
}

/// Somebody with one address and one password in both chooses where to go; with another password there is nothing to choose.
async fn same_address(base: &str, ours: &Client, theirs: &Client) {
    let invite = json!({ "name": "Both", "email": "both@example.org", "role": "operator" });
    for client in [ours, theirs] {
        let made = client.post("/operators", invite.clone()).await.ok();
        let token = made["invite_url"]
            .as_str()
            .unwrap()
            .split_once('#')
            .unwrap()
            .1
            .to_owned();
        come_in(base, &token).await;
    }
    let anonymous = Client::new(base);
    let sign_in = |organisation: Value| {
        let body = json!({ "email": "both@example.org", "password": PASSWORD, "transport": "body" });
        let mut body = body.as_object().unwrap().clone();
        if organisation.is_string() {
            body.insert("organisation_id".to_owned(), organisation);
        }
        anonymous.post("/auth/sign-in", Value::Object(body))
    };
    let problem = sign_in(Value::Null).await.problem(422, "invalid");
    let choices = problem["errors"].as_array().unwrap();
    let names: Vec<&str> = choices
        .iter()
        .map(|choice| choice["message"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["North", "South"]);
    for choice in choices {
        assert_eq!(choice["field"], "organisation_id");
        let session = sign_in(choice["code"].clone()).await.ok();
        assert_eq!(session["me"]["tenant"]["name"], choice["message"], "{session}");
    }
    let elsewhere = json!("ten_00000000000000000000000000000000");
    sign_in(elsewhere).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn two_organisations_share_a_host_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let (north, south) = (
        found(folder.path(), "North", "north@example.org"),
        found(folder.path(), "South", "south@example.org"),
    );
    let taken = run(
        folder.path(),
        &["tenant", "create", "--name", "North", "--owner", "x@example.org"],
        "",
    );
    assert!(
        !taken.status.success() && said(&taken).contains("already"),
        "{}",
        said(&taken)
    );
    let listed = result(folder.path(), &["tenant", "list"]);
    let names: Vec<&str> = listed
        .lines()
        .filter_map(|line| line.split_whitespace().last())
        .collect();
    assert_eq!(names, ["North", "South"]);
    let both = run(folder.path(), &["key", "list"], "");
    assert!(
        said(&both).contains("«North», «South»"),
        "which there are: {}",
        said(&both)
    );
    // A key for a program of the South.
    let key = [
        "key",
        "create",
        "--organisation",
        "South",
        "--name",
        "Bot",
        "--permission",
        "conversations.read_all",
    ];
    let key = result(folder.path(), &key);

    let host = Serving::start(folder.path());
    let (ours, theirs) = (
        come_in(&host.base, &north).await,
        come_in(&host.base, &south).await,
    );
    let bot = ours.with_token(&key);
    same_address(&host.base, &ours, &theirs).await;
    // What is asked for by REST: rows, lists, and pages by a cursor of the others.
    let inbox = sandbox(&ours).await;
    let secret = customer_writes(&ours, &inbox, "Vera", "A secret of the North").await;
    for n in 0..3 {
        customer_writes(&ours, &inbox, &format!("More {n}"), "Hello").await;
    }
    answer(&ours, &secret, "key-00001", "An answer of the North").await;
    for client in [&theirs, &bot] {
        client
            .get(&format!("/conversations/{secret}"))
            .await
            .problem(404, "not_found");
        client
            .get(&format!("/conversations/{secret}/messages"))
            .await
            .problem(404, "not_found");
        let cursor = ours.get("/conversations?limit=1").await.ok()["next"].clone();
        for path in [
            "/conversations".to_owned(),
            format!("/conversations?cursor={}", cursor.as_str().unwrap()),
            format!("/conversations?inbox_id={inbox}"),
        ] {
            assert_eq!(client.get(&path).await.ok()["items"], json!([]), "{path}");
        }
        let events = client.get("/events?limit=500").await;
        assert!(
            !events.text.contains(&secret) && !events.text.contains("North"),
            "{}",
            events.text
        );
    }
    // Files, by their own address and within a message.
    let file = ours
        .post_bytes("/files?name=a.txt", "text/plain", b"secret".to_vec())
        .await
        .with_status(201);
    let file = id(&file);
    theirs
        .get(&format!("/files/{file}"))
        .await
        .problem(404, "not_found");
    let own_inbox = sandbox(&theirs).await;
    let own = customer_writes(&theirs, &own_inbox, "Boris", "Of the South").await;
    let body = json!({ "client_key": "key-00002", "kind": "reply", "text": "x", "file_ids": [file] });
    assert_eq!(
        theirs
            .post(&format!("/conversations/{own}/messages"), body)
            .await
            .wrong_fields(),
        ["file_ids"]
    );
    // The socket: from the first event on nothing of the others, and their conversations cannot be looked at.
    for token in [theirs.token.as_deref().unwrap(), key.as_str()] {
        let hello = json!({ "type": "hello", "token": token, "after": 0 });
        let mut socket = greeting(&host.base, "/api/v1/ws", hello).await;
        assert_eq!(socket.frame().await["type"], "hello");
        socket
            .say(json!({ "type": "viewing", "conversation_id": secret, "replying": true }))
            .await;
        socket
            .say(json!({ "type": "typing", "conversation_id": secret, "on": true }))
            .await;
        customer_writes(&ours, &inbox, "Vera", "Another secret of the North").await;
        let last = customer_writes(&theirs, &own_inbox, "Last", "The last word").await;
        let mut heard = String::new();
        while !heard.contains(&last) {
            heard += &socket.frame().await.to_string();
        }
        assert!(
            !heard.contains(&secret) && !heard.contains("secret of the North"),
            "{heard}"
        );
    }
    // Widgets: a visitor's token, cursor and files are good for one inbox alone.
    let widget = |title: &str| json!({ "kind": "widget", "title": title, "config": {}, "routing": "manual" });
    let one = id(&ours.post("/inboxes", widget("One")).await.with_status(201));
    let two = id(&theirs.post("/inboxes", widget("Two")).await.with_status(201));
    let visitor = Client::new(&host.base);
    let session = visitor
        .post(&format!("//widget/v1/{one}/session"), json!({}))
        .await
        .ok();
    let token = session["token"].as_str().unwrap();
    let visitor = visitor.with_token(token);
    let words = json!({ "client_key": "visitor-1", "text": "To the North" });
    visitor
        .post(&format!("//widget/v1/{one}/messages"), words.clone())
        .await
        .with_status(202);
    visitor
        .post(&format!("//widget/v1/{two}/messages"), words)
        .await
        .problem(401, "unauthenticated");
    visitor
        .post(&format!("//widget/v1/{two}/session"), json!({ "token": token }))
        .await
        .problem(401, "unauthenticated");
    let hello = json!({ "type": "hello", "token": token, "after": session["cursor"] });
    let mut refused = greeting(&host.base, &format!("/widget/v1/{two}/ws"), hello).await;
    assert_eq!(refused.closed().await, 4401);
    visitor
        .get("/conversations")
        .await
        .problem(401, "unauthenticated");
    // Webhooks: each inbox has its own secret, whoever else's is known.
    let api = |secret: &str| json!({ "kind": "api", "title": "API", "config": { "signing_secret": secret }, "routing": "manual" });
    let (mine, foreign) = ("a".repeat(32), "b".repeat(32));
    let one = id(&ours.post("/inboxes", api(&mine)).await.with_status(201));
    id(&theirs.post("/inboxes", api(&foreign)).await.with_status(201));
    let event =
        json!({ "type": "message", "id": "m-1", "chat": "p", "text": "Forged by the South" }).to_string();
    let signed = |secret: &str| {
        let t = jiff::Timestamp::now().as_second();
        let key: &[u8] = secret.as_bytes();
        let mut mac = <hmac::Hmac<sha2::Sha256> as hmac::KeyInit>::new_from_slice(key).unwrap();
        hmac::Mac::update(&mut mac, format!("{t}.{event}").as_bytes());
        format!("t={t},v1={}", hex::encode(hmac::Mac::finalize(mac).into_bytes()))
    };
    let send = |signature: String| {
        let request = Client::new(&host.base).request(reqwest::Method::POST, &format!("//webhooks/{one}"));
        Answer::of(
            request
                .header("X-Omnichat-Signature", signature)
                .header("content-type", "application/json")
                .body(event.clone()),
        )
    };
    send(signed(&foreign)).await.with_status(401);
    send(signed(&mine)).await.with_status(200);
    // Keys: neither sees, changes nor revokes those of the other.
    let keys = theirs.get("/api-keys").await.ok();
    let theirs_key = id(&keys["items"][0]);
    assert_eq!(ours.get("/api-keys").await.ok()["items"], json!([]));
    ours.delete(&format!("/api-keys/{theirs_key}"))
        .await
        .problem(404, "not_found");
    ours.get(&format!("/api-keys/{theirs_key}"))
        .await
        .problem(404, "not_found");
    bot.get("/conversations").await.ok();
    let audit = ours.get("/audit?limit=100").await;
    assert!(
        !audit.text.contains("South") && !audit.text.contains("south@example.org"),
        "{}",
        audit.text
    );
    host.stop();
    let listed = result(folder.path(), &["key", "list", "--organisation", "South"]);
    assert!(
        listed.contains("active") && !listed.contains("never"),
        "it was used: {listed}"
    );
    result(
        folder.path(),
        &["key", "revoke", &theirs_key, "--organisation", "South"],
    );
    let host = Serving::start(folder.path());
    Client::new(&host.base)
        .with_token(&key)
        .get("/conversations")
        .await
        .problem(401, "unauthenticated");
}
