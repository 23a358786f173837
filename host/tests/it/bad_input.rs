//! Bodies that are not what they should be. Each is refused and leaves nothing behind.

use serde_json::{Value, json};

use crate::util::scene::{conversation, messages, sandbox};
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
async fn a_field_that_stands_there_twice_is_refused_wherever_it_is() {
    let (_app, owner) = TestApp::with_owner().await;
    let (_, conversation) = conversation(&owner).await;
    let whole = r#""client_key": "key-00001", "kind": "reply", "text": "Good day""#;
    for (body, field) in [
        (format!(r#"{{ {whole}, "text": "Bad day" }}"#), "text"),
        // Also where the text is not taken as it stands.
        (format!(r#"{{ {whole}, "text": "\u0000" }}"#), "text"),
        (
            format!(
                r#"{{ {whole}, "spans": [{{ "start": 0, "start": 1, "length": 1, "style": "bold" }}] }}"#
            ),
            "spans[0].start",
        ),
    ] {
        let fields = send(&owner, &conversation, body.as_bytes()).await.wrong_fields();
        assert_eq!(fields, [field], "{body}");
    }
}

#[tokio::test]
async fn a_whole_number_may_be_written_with_a_point() {
    let (_app, owner) = TestApp::with_owner().await;
    let (_, conversation) = conversation(&owner).await;
    let body = br#"{ "client_key": "key-00001", "kind": "note", "text": "Good day",
        "spans": [{ "start": 0.0, "length": 4.0e0, "style": "bold" }] }"#;
    let sent = send(&owner, &conversation, body).await.with_status(202);
    assert_eq!(
        (&sent["spans"][0]["start"], &sent["spans"][0]["length"]),
        (&json!(0), &json!(4))
    );
    let half = br#"{ "client_key": "key-00002", "kind": "note", "text": "Good day",
        "spans": [{ "start": 0.5, "length": 4, "style": "bold" }] }"#;
    let fields = send(&owner, &conversation, half).await.wrong_fields();
    assert_eq!(fields, ["spans[0].start"]);
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
        ["email", "role"]
    );
    let span = json!({ "start": -1, "length": 1, "style": "bold" });
    let deep = json!({ "client_key": "key-00001", "kind": "reply", "spans": [span] });
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

#[tokio::test]
async fn a_value_out_of_a_list_is_answered_with_the_list() {
    let (_app, owner) = TestApp::with_owner().await;
    let inbox = sandbox(&owner).await;
    let (_, conversation) = conversation(&owner).await;
    let message = |problem: Value| problem["errors"][0]["message"].as_str().unwrap().to_owned();
    for (query, allowed) in [
        ("status=foo", "`resolved`"),
        ("status=open,foo", "`resolved`"),
        ("priority=foo", "`urgent`"),
        ("sort=foo", "`waiting`"),
        ("assignee=foo", "me|none|"),
        ("participant=foo", "me|"),
        ("limit=1000", "at most 100"),
    ] {
        let refused = owner
            .get(&format!("/conversations?{query}"))
            .await
            .problem(422, "invalid");
        assert!(message(refused.clone()).contains(allowed), "{query}: {refused}");
    }
    for (path, body, allowed) in [
        (
            "/inboxes".to_owned(),
            json!({ "kind": "pigeon", "title": "x", "config": {} }),
            "sandbox",
        ),
        (
            "/inboxes".to_owned(),
            json!({ "kind": "sandbox", "title": "x", "config": {}, "routing": "x" }),
            "`round_robin`",
        ),
        (
            "/operators".to_owned(),
            json!({ "name": "x", "email": "x@example.org", "role": "king" }),
            "operator|senior|admin|",
        ),
        (
            format!("/conversations/{conversation}/messages"),
            json!({ "client_key": "key-00001", "kind": "shout", "text": "x" }),
            "`note`",
        ),
        (
            format!("/inboxes/{inbox}/simulate"),
            json!({ "chat": "x", "action": "dance" }),
            "message",
        ),
    ] {
        let refused = owner.post(&path, body).await.problem(422, "invalid");
        assert!(message(refused.clone()).contains(allowed), "{path}: {refused}");
    }
}

#[tokio::test]
async fn a_misspelt_filter_is_refused_instead_of_showing_everything() {
    let (_app, owner) = TestApp::with_owner().await;
    conversation(&owner).await;
    let problem = owner
        .get("/conversations?stauts=closed")
        .await
        .problem(422, "invalid");
    let error = &problem["errors"][0];
    assert_eq!(
        (&error["field"], &error["code"]),
        (&json!("stauts"), &json!("unexpected"))
    );
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("did you mean `status`?"), "{message}");
    assert!(message.contains("`assignee`"), "{message}");
    for (query, field) in [
        ("limit=1&limit=2", "limit"),
        ("limit=9223372036854775808", "limit"),
        ("unread=1", "unread"),
        ("status=new,gone", "status"),
    ] {
        let answer = owner.get(&format!("/conversations?{query}")).await;
        assert_eq!(answer.wrong_fields(), [field], "{query}");
    }
    for query in ["tag=%ff", "tag=%zz", "tag=%"] {
        let answer = owner.get(&format!("/conversations?{query}")).await;
        answer.problem(400, "malformed");
    }
}

#[tokio::test]
async fn what_may_not_be_null_and_numbers_that_nothing_can_keep_are_refused() {
    let (_app, owner) = TestApp::with_owner().await;
    let (_, conversation) = conversation(&owner).await;
    let take = format!("/conversations/{conversation}/take");
    for version in ["9223372036854775808", "18446744073709551616", "1e30", "-1", "1.5"] {
        let body = format!("{{\"version\": {version}}}").into_bytes();
        let answer = owner.post_bytes(&take, JSON, body).await;
        assert_eq!(answer.wrong_fields(), ["version"], "{version}");
    }
    let answer = owner
        .post_bytes(&take, JSON, br#"{"version": 1, "version": 2}"#.to_vec())
        .await;
    answer.problem(422, "invalid");
    let body = json!({ "client_key": "key-00001", "kind": "reply", "text": null });
    let answer = owner
        .post(&format!("/conversations/{conversation}/messages"), body)
        .await;
    assert_eq!(answer.wrong_fields(), ["text"]);
    assert_eq!(
        owner.patch("/me", json!({ "name": "  " })).await.wrong_fields(),
        ["name"]
    );
}

#[tokio::test]
async fn a_form_is_no_file() {
    let (_app, owner) = TestApp::with_owner().await;
    let form = "multipart/form-data; boundary=x";
    let body = b"--x\r\ncontent-disposition: form-data; name=\"file\"\r\n\r\na\r\n--x--\r\n";
    for path in ["/files?name=a.txt", "/plugins"] {
        let answer = owner.post_bytes(path, form, body.to_vec()).await;
        answer.problem(415, "unsupported");
    }
}

#[tokio::test]
async fn what_is_no_websocket_is_told_so() {
    let (_app, owner) = TestApp::with_owner().await;
    owner.get("/ws").await.problem(426, "upgrade_required");
}

/// What the document allows for a field of a body, at its longest: a text, or a list of texts.
fn longest(field: &Value) -> Option<Value> {
    let text = |schema: &Value| {
        let most = usize::try_from(schema["maxLength"].as_u64()?).unwrap();
        let form = schema["pattern"].as_str().unwrap_or_default();
        match form.contains('@') {
            true => Some(format!("{}@example.org", "a".repeat(most - 12))),
            // Forms of their own are tried by others.
            false if form.starts_with('^') => None,
            false => Some("я".repeat(most)),
        }
    };
    match field["maxItems"].as_u64() {
        Some(most) if field["items"]["maxLength"].is_u64() => {
            let mut items = vec![text(&field["items"])?; usize::try_from(most).unwrap()];
            // Another each, of the same length.
            for (n, item) in items.iter_mut().enumerate() {
                let rest: String = item.chars().skip(2).collect();
                *item = format!("{n:02}{rest}");
            }
            Some(json!(items))
        }
        Some(_) => None,
        None => text(field).map(Value::from),
    }
}

#[tokio::test]
async fn the_core_takes_what_the_document_allows_at_its_longest_and_nothing_longer_comes_in() {
    let (_app, owner) = TestApp::with_owner().await;
    let (inbox, conversation) = conversation(&owner).await;
    let colleague = owner
        .post(
            "/operators",
            json!({ "name": "Boris", "email": "boris@example.org", "role": "operator" }),
        )
        .await
        .ok();
    let colleague = colleague["operator"]["id"].as_str().unwrap().to_owned();
    let customer = owner.get("/customers").await.ok()["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let document = omnichat_host::router::document();
    let mut count = 0;
    for (schema, method, path, rest) in [
        ("MePatchIn", "PATCH", "/me".to_owned(), json!({})),
        (
            "CustomerPatchIn",
            "PATCH",
            format!("/customers/{customer}"),
            json!({}),
        ),
        (
            "ConversationPatchIn",
            "PATCH",
            format!("/conversations/{conversation}"),
            json!({}),
        ),
        (
            "TransferIn",
            "POST",
            format!("/conversations/{conversation}/transfer"),
            json!({ "operator_id": colleague }),
        ),
        (
            "OperatorPatchIn",
            "PATCH",
            format!("/operators/{colleague}"),
            json!({}),
        ),
        ("InboxPatchIn", "PATCH", format!("/inboxes/{inbox}"), json!({})),
        (
            "OperatorIn",
            "POST",
            "/operators".to_owned(),
            json!({ "name": "Clara", "email": "clara@example.org", "role": "operator" }),
        ),
    ] {
        let fields = document["components"]["schemas"][schema]["properties"].clone();
        for (field, allowed) in fields.as_object().unwrap() {
            let Some(value) = longest(allowed) else {
                continue;
            };
            let send = async |value: Value| {
                let mut body = rest.clone();
                body[field] = value;
                let request = owner.request(method.parse().unwrap(), &path);
                crate::util::Answer::of(request.json(&body)).await
            };
            send(value.clone()).await.ok();
            let longer = match &value {
                Value::String(text) => json!(format!("я{text}")),
                list => json!(
                    list.as_array()
                        .unwrap()
                        .iter()
                        .cloned()
                        .chain([json!("one more")])
                        .collect::<Vec<_>>()
                ),
            };
            assert_eq!(send(longer).await.wrong_fields(), [field.as_str()], "{schema}");
            count += 1;
        }
    }
    assert!(count >= 12, "{count}");
}
