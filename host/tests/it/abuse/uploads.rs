//! What uploads may take of the disk.

use omnichat_core::clock::SystemClock;
use reqwest::StatusCode;
use serde_json::Value;

use super::visitor;
use crate::util::TestApp;
use crate::util::app::config;
use crate::util::running::Running;

#[tokio::test]
async fn a_full_disk_takes_no_files_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config();
    config.blobs.url = Some(format!("fs:{}", folder.path().display()));
    config.files.free_bytes_min = u64::MAX;
    let app = TestApp::with(config, std::sync::Arc::new(SystemClock)).await;
    let owner = app.found("Example", "owner@example.org").await;
    owner
        .post_bytes("/files?name=a.txt", "text/plain", b"hello".to_vec())
        .await
        .problem(507, "no_room");
    // The figure is of a real disk, which others write to meanwhile.
    let told = |page: &Value| {
        let warning = page["warnings"][0].as_str().unwrap_or_default();
        warning.replace(|letter: char| letter.is_ascii_digit(), "")
    };
    let ready = app.anonymous().get("//health/ready").await.ok();
    let status = owner.get("/status").await.ok();
    for page in [ready, status] {
        assert_eq!(
            told(&page),
            "the disk of the files is nearly full ( MB are free): uploads are refused"
        );
    }
}

#[tokio::test]
async fn visitors_take_nothing_of_what_operators_may_upload() {
    let app = Running::with(|config| {
        config.files.visitors_files_per_day = 1;
        config.files.operators_files_per_day = 1;
    })
    .await;
    let owner = app.tenant("Pools").await;
    let (path, token) = visitor(&app, &owner).await;
    let upload = async |url: String, token: &str| {
        let request = app
            .http
            .post(url)
            .bearer_auth(token)
            .header("content-type", "text/plain");
        request.body("hello").send().await.unwrap().status()
    };
    let theirs = app.url(&path.replace("/ws", "/files?name=a.txt"));
    let ours = app.url("/api/v1/files?name=a.txt");
    for status in [StatusCode::CREATED, StatusCode::TOO_MANY_REQUESTS] {
        assert_eq!(upload(theirs.clone(), &token).await, status);
    }
    for status in [StatusCode::CREATED, StatusCode::TOO_MANY_REQUESTS] {
        assert_eq!(upload(ours.clone(), &owner.token).await, status);
    }
}

#[tokio::test]
async fn a_visitor_uploads_so_much_in_a_day() {
    let app = Running::with(|config| config.files.visitor_files_per_day = 1).await;
    let owner = app.tenant("Quota").await;
    let (path, token) = visitor(&app, &owner).await;
    let url = app.url(&path.replace("/ws", "/files?name=a.txt"));
    let upload = async || {
        let request = app
            .http
            .post(&url)
            .bearer_auth(&token)
            .header("content-type", "text/plain");
        request.body("hello").send().await.unwrap()
    };
    assert_eq!(upload().await.status(), StatusCode::CREATED);
    let refused = upload().await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers().contains_key("retry-after"));
}
