//! Bodies that are not what they should be. Each is refused and leaves nothing behind.

use serde_json::json;

use crate::util::scene::{conversation, messages};
use crate::util::{Client, TestApp};

const JSON: &str = "application/json";

async fn send(client: &Client, conversation: &str, body: &[u8]) -> crate::util::Answer {
    client
        .post_bytes(
            &format!("/conversations/{conversation}/messages"),
            JSON,
            body.to_vec(),
        )
        .await
}

#[tokio::test]
async fn broken_json_is_malformed() {
    let (_app, owner) = TestApp::with_owner().await;
    let (_, conversation) = conversation(&owner).await;
    let before = messages(&owner, &conversation).await;
    for body in [
        "{",
        "{\"text\": }",
        "not json",
        "[1, 2",
        "{} {}",
        "\"\\ud800\"",
        "{\"text\": \"a\\u0000b\"",
    ] {
        send(&owner, &conversation, body.as_bytes())
            .await
            .problem(400, "malformed");
    }
    for body in ["[]", "7", "\"text\"", "null"] {
        send(&owner, &conversation, body.as_bytes())
            .await
            .problem(422, "invalid");
    }
    assert_eq!(messages(&owner, &conversation).await, before);
}

#[tokio::test]
async fn invalid_utf8_is_malformed() {
    let (_app, owner) = TestApp::with_owner().await;
    let (_, conversation) = conversation(&owner).await;
    let mut body = br#"{"client_key": "key-00001", "kind": "reply", "text": "bad "#.to_vec();
    body.extend([0xff, 0xfe, 0xc0, 0x80]);
    body.extend(br#""}"#);
    send(&owner, &conversation, &body).await.problem(400, "malformed");
    // Also where nobody would have read it.
    let mut ignored = br#"{"nobody_reads_this": ""#.to_vec();
    ignored.extend([0xff]);
    ignored.extend(br#""}"#);
    send(&owner, &conversation, &ignored)
        .await
        .problem(400, "malformed");
    assert_eq!(messages(&owner, &conversation).await.len(), 1);
}

#[tokio::test]
async fn ten_megabytes_are_too_large() {
    let (_app, owner) = TestApp::with_owner().await;
    let (_, conversation) = conversation(&owner).await;
    let body = vec![b'x'; 10_000_000];
    // The host may hang up before it has heard the whole body; then there is no answer to look at.
    let path = format!("/conversations/{conversation}/messages");
    let sent = owner
        .request(reqwest::Method::POST, &path)
        .header("content-type", JSON)
        .body(body)
        .send()
        .await;
    if let Ok(response) = sent {
        assert_eq!(response.status(), 413);
    }
    assert_eq!(messages(&owner, &conversation).await.len(), 1);
}

#[tokio::test]
async fn other_types_of_content_are_not_taken() {
    let (_app, owner) = TestApp::with_owner().await;
    let body = br#"{"email": "a@example.org", "password": "x"}"#;
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/json",
    ] {
        let answer = owner
            .post_bytes("/auth/sign-in", content_type, body.to_vec())
            .await;
        answer.problem(415, "unsupported");
    }
    let answer = owner
        .post_bytes("/auth/sign-in", "application/json; charset=utf-8", body.to_vec())
        .await;
    answer.problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_missing_field_is_named() {
    let (app, owner) = TestApp::with_owner().await;
    assert_eq!(
        app.anonymous()
            .post("/auth/sign-in", json!({ "email": "a" }))
            .await
            .wrong_fields(),
        ["password"]
    );
    assert_eq!(
        owner
            .post("/operators", json!({ "name": "A", "email": 7 }))
            .await
            .wrong_fields(),
        ["email"]
    );
    let deep = json!({ "client_key": "key-00001", "kind": "reply", "spans": [{ "start": -1 }] });
    let (_, conversation) = conversation(&owner).await;
    let answer = owner
        .post(&format!("/conversations/{conversation}/messages"), deep)
        .await;
    assert_eq!(answer.wrong_fields(), ["spans[0].start"]);
}

#[tokio::test]
async fn ids_that_are_none_are_not_found() {
    let (_app, owner) = TestApp::with_owner().await;
    let (_, conversation) = conversation(&owner).await;
    let strange = [
        "1",
        "conv_",
        "op_00000000000000000000000000000000",
        "%00",
        "..%2f..%2fetc",
        "conv_ZZ",
        "conv_%F0%9F%98%80",
    ];
    for id in strange {
        owner
            .get(&format!("/conversations/{id}"))
            .await
            .problem(404, "not_found");
        owner
            .post(&format!("/conversations/{id}/take"), json!({}))
            .await
            .problem(404, "not_found");
    }
    let message = messages(&owner, &conversation).await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    owner
        .get(&format!("/conversations/{message}"))
        .await
        .problem(404, "not_found");
    owner
        .get(&format!("/messages/{conversation}/revisions"))
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn null_characters_are_taken_out() {
    let (_app, owner) = TestApp::with_owner().await;
    let me = owner.patch("/me", json!({ "name": "An\u{0}na" })).await.ok();
    assert_eq!(me["operator"]["name"], "Anna");
    let me = owner
        .patch("/me", json!({ "name": r"back\u0000slash" }))
        .await
        .ok();
    assert_eq!(me["operator"]["name"], r"back\u0000slash");
}

#[tokio::test]
async fn deep_nesting_does_no_harm() {
    let (_app, owner) = TestApp::with_owner().await;
    let body = "[".repeat(100_000);
    owner
        .post_bytes("/inboxes", JSON, body.into_bytes())
        .await
        .problem(400, "malformed");
    let nested = format!(
        "{{\"kind\":\"api\",\"title\":\"a\",\"config\":{}{}}}",
        "[".repeat(5_000),
        "]".repeat(5_000)
    );
    owner
        .post_bytes("/inboxes", JSON, nested.into_bytes())
        .await
        .problem(400, "malformed");
    owner.get("/me").await.ok();
}
