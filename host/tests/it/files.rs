//! Files of operators: in and out in streams, never more than allowed, never to anybody else.

use omnichat_core::actor::Role;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::util::running::{Colleague, Running};

pub(crate) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x03\x08\x06\0\0\0";

async fn upload(app: &Running, of: &Colleague, name: &str, content_type: &str, body: Vec<u8>) -> Response {
    let url = app.url("/api/v1/files");
    let request = app.http.post(url).query(&[("name", name)]).bearer_auth(&of.token);
    request
        .header("content-type", content_type)
        .body(body)
        .send()
        .await
        .unwrap()
}

async fn get(app: &Running, of: &Colleague, url: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = app.http.get(app.url(url)).bearer_auth(&of.token);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_picture_comes_back_as_it_went_in() {
    let app = Running::start().await;
    let owner = app.tenant("Picture").await;
    let response = upload(&app, &owner, "снимок 1.png", "image/png", PNG.to_vec()).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    let file: Value = response.json().await.unwrap();
    assert_eq!(
        (&file["kind"], &file["width"], &file["height"]),
        (&json!("image"), &json!(2), &json!(3))
    );
    let url = file["url"].as_str().unwrap();

    let whole = get(&app, &owner, url, &[]).await;
    assert_eq!(header(&whole, "content-type"), "image/png");
    assert_eq!(header(&whole, "x-content-type-options"), "nosniff");
    assert!(header(&whole, "content-security-policy").contains("sandbox"));
    assert!(header(&whole, "content-disposition").starts_with("inline; filename=\"______ 1.png\""));
    // Gone with the session: a browser asks each time, and is told that the bytes are the same.
    assert_eq!(header(&whole, "cache-control"), "private, no-cache");
    let etag = header(&whole, "etag").to_owned();
    assert_eq!(whole.bytes().await.unwrap(), PNG);

    let part = get(&app, &owner, url, &[("range", "bytes=1-3")]).await;
    assert_eq!(
        (part.status(), header(&part, "content-range")),
        (StatusCode::PARTIAL_CONTENT, "bytes 1-3/29")
    );
    assert_eq!(part.bytes().await.unwrap(), &PNG[1..4]);
    let changed = get(
        &app,
        &owner,
        url,
        &[("range", "bytes=1-3"), ("if-range", "\"other\"")],
    )
    .await;
    assert_eq!(changed.status(), StatusCode::OK);
    let outside = get(&app, &owner, url, &[("range", "bytes=29-")]).await;
    assert_eq!(
        (outside.status(), header(&outside, "content-range")),
        (StatusCode::RANGE_NOT_SATISFIABLE, "bytes */29")
    );
    assert_eq!(
        get(&app, &owner, url, &[("if-none-match", &etag)]).await.status(),
        StatusCode::NOT_MODIFIED
    );
    let saved = get(&app, &owner, &format!("{url}?download=1"), &[]).await;
    assert!(header(&saved, "content-disposition").starts_with("attachment"));

    let head = app
        .http
        .request(Method::HEAD, app.url(url))
        .bearer_auth(&owner.token)
        .send()
        .await
        .unwrap();
    assert_eq!(
        (head.status(), header(&head, "content-length")),
        (StatusCode::OK, "29")
    );
    // A browser sends the cookie with <img>, and nothing else.
    let cookie = format!("omnichat_access={}", owner.token);
    let shown = app
        .http
        .get(app.url(url))
        .header("cookie", cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(shown.status(), StatusCode::OK);
    assert_eq!(
        app.http.get(app.url(url)).send().await.unwrap().status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_large_text_is_the_same_bytes_in_whole_and_in_part() {
    let app = Running::start().await;
    let owner = app.tenant("Text").await;
    let text: Vec<u8> = (0..200_000_u32)
        .map(|n| b'a' + u8::try_from(n % 26).unwrap())
        .collect();
    let file: Value = upload(&app, &owner, "a.txt", "text/plain", text.clone())
        .await
        .json()
        .await
        .unwrap();
    let url = file["url"].as_str().unwrap();
    let whole = get(&app, &owner, url, &[("accept-encoding", "gzip")]).await;
    assert_eq!(
        (
            header(&whole, "content-encoding"),
            header(&whole, "content-length")
        ),
        ("", "200000")
    );
    assert!(
        header(&whole, "content-disposition").starts_with("attachment"),
        "a text is not shown in place"
    );
    assert_eq!(whole.bytes().await.unwrap(), text);
    let end = get(&app, &owner, url, &[("range", "bytes=-7")]).await;
    assert_eq!(end.bytes().await.unwrap(), &text[text.len() - 7..]);
}

#[tokio::test]
async fn a_type_is_one_and_a_name_is_read_as_it_ends() {
    let app = Running::start().await;
    let owner = app.tenant("Names").await;
    let long = format!("text/{}", "x".repeat(123));
    for strange in [
        "text",
        "text/",
        "text/plain/more",
        "a b/c",
        "текст/plain",
        long.as_str(),
    ] {
        let refused = upload(&app, &owner, "a.txt", strange, b"hello".to_vec()).await;
        assert_eq!(refused.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "{strange}");
    }
    let name = format!("{}\u{202e}fdp.exe", "ж".repeat(300));
    let stored = upload(
        &app,
        &owner,
        &name,
        "Text/Plain; charset=utf-8",
        b"hello".to_vec(),
    )
    .await;
    let stored: Value = stored.json().await.unwrap();
    assert_eq!(stored["content_type"], "text/plain");
    assert_eq!(stored["name"], format!("{}.exe", "ж".repeat(251)));
}

#[tokio::test]
async fn a_file_is_not_what_it_says_or_would_run() {
    let app =
        Running::with(|config| config.files.allowed_types = vec!["image/*".into(), "text/html".into()]).await;
    let owner = app.tenant("Lies").await;
    let lies = upload(
        &app,
        &owner,
        "a.png",
        "image/png",
        b"<html><script>alert(1)</script>".to_vec(),
    )
    .await;
    assert_eq!(lies.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(lies.json::<Value>().await.unwrap()["code"], "unsupported");
    let other = upload(&app, &owner, "a.zip", "application/zip", b"PK\x03\x04".to_vec()).await;
    assert_eq!(other.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let page: Value = upload(&app, &owner, "a.html", "text/html", b"<script>".to_vec())
        .await
        .json()
        .await
        .unwrap();
    let served = get(&app, &owner, page["url"].as_str().unwrap(), &[]).await;
    assert_eq!(header(&served, "content-type"), "application/octet-stream");
    assert!(header(&served, "content-disposition").starts_with("attachment"));
}

#[tokio::test]
async fn over_the_limit_nothing_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = format!("fs:{}", folder.path().display());
    let app = Running::with(|config| {
        config.files.max_bytes = 100_000;
        config.blobs.url = Some(blobs);
    })
    .await;
    let owner = app.tenant("Large").await;
    let announced = upload(
        &app,
        &owner,
        "a.bin",
        "application/octet-stream",
        vec![1; 100_001],
    )
    .await;
    assert_eq!(announced.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let chunks = futures::stream::iter((0..20).map(|_| Ok::<_, std::io::Error>(vec![1; 10_000])));
    let url = app.url("/api/v1/files?name=a.bin");
    let request = app
        .http
        .post(url)
        .bearer_auth(&owner.token)
        .body(reqwest::Body::wrap_stream(chunks));
    // The host hangs up in the middle; whether the answer is heard before that is up to the client.
    if let Ok(response) = request.send().await {
        assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
    assert_eq!(files_in(folder.path()), 0);
    let fits = upload(
        &app,
        &owner,
        "a.bin",
        "application/octet-stream",
        vec![1; 100_000],
    )
    .await;
    assert_eq!(fits.status(), StatusCode::CREATED);
    assert_eq!(files_in(folder.path()), 1);
}

fn files_in(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .map(|path| if path.is_dir() { files_in(&path) } else { 1 })
        .sum()
}

#[tokio::test]
async fn a_file_is_seen_by_its_uploader_until_it_is_sent_and_never_by_another_tenant() {
    let app = Running::start().await;
    let (owner, stranger) = (app.tenant("Mine").await, app.tenant("Stranger").await);
    let colleague = app.colleague(&owner, "Boris", Role::Operator).await;
    let inbox = app.inbox(&owner, "sandbox", json!({})).await;
    let conversation = app.write(inbox, "a", "hello").await;
    let file: Value = upload(&app, &owner, "a.png", "image/png", PNG.to_vec())
        .await
        .json()
        .await
        .unwrap();
    let url = file["url"].as_str().unwrap();
    assert_eq!(
        get(&app, &colleague, url, &[]).await.status(),
        StatusCode::NOT_FOUND
    );
    let send = app
        .http
        .post(app.url(&format!("/api/v1/conversations/{conversation}/messages")))
        .bearer_auth(&owner.token);
    let body = json!({ "client_key": "key-0001", "kind": "reply", "text": "", "file_ids": [file["id"]] });
    assert_eq!(
        send.json(&body).send().await.unwrap().status(),
        StatusCode::ACCEPTED
    );
    assert_eq!(get(&app, &colleague, url, &[]).await.status(), StatusCode::OK);
    assert_eq!(
        get(&app, &stranger, url, &[]).await.status(),
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_shared_address_opens_one_file_to_whoever_has_it() {
    let app = Running::with(|config| {
        config.server.public_url = Some("https://chat.example.org".parse().unwrap());
    })
    .await;
    let owner = app.tenant("Shared").await;
    let uploaded = upload(&app, &owner, "план.png", "image/png", PNG.to_vec()).await;
    let uploaded: Value = uploaded.json().await.unwrap();
    let ports = app.state.engine.ports().clone();
    let id = uploaded["id"].as_str().unwrap().parse().unwrap();
    let file = ports
        .tenant(owner.actor().tenant)
        .find_file(id)
        .await
        .unwrap()
        .unwrap();
    let link = ports.links.as_ref().unwrap().link(&file, ports.now());
    let path = link.strip_prefix("https://chat.example.org").unwrap();

    let head = app.http.head(app.url(path)).send().await.unwrap();
    assert_eq!(
        (head.status(), header(&head, "content-type")),
        (StatusCode::OK, "image/png")
    );
    assert_eq!(header(&head, "content-length"), PNG.len().to_string());
    let whole = app.http.get(app.url(path)).send().await.unwrap();
    assert_eq!(whole.bytes().await.unwrap(), PNG);

    let other = upload(&app, &owner, "other.png", "image/png", PNG.to_vec()).await;
    let other: Value = other.json().await.unwrap();
    let forged = path.replace(&file.id.to_string(), other["id"].as_str().unwrap());
    let resealed = path.rsplit_once('/').unwrap().0.to_owned() + "0/a.png";
    for wrong in [forged, resealed] {
        let answer = app.http.get(app.url(&wrong)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{wrong}");
    }
}

#[tokio::test]
async fn a_host_without_a_public_address_shares_nothing() {
    let app = Running::start().await;
    assert!(app.state.engine.ports().links.is_none());
}
