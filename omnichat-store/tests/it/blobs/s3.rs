//! Blobs in a bucket. `OMNICHAT_TEST_S3_URL` says where a service is that takes any key (`http://127.0.0.1:5000`, as
//! `moto_server` does); without it these tests say that they were skipped. `cargo xtask test` starts one.

use std::sync::Arc;

use bytes::Bytes;
use futures::{StreamExt, stream};
use omnichat_core::clock::SystemClock;
use omnichat_core::error::ErrorKind;
use omnichat_core::id::TenantId;
use omnichat_core::store::blob::BlobStore;
use omnichat_core::testing::blob_suite::BlobFixture;
use omnichat_store::blobs::{S3Blobs, S3Options};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn service() -> Option<String> {
    let url = std::env::var("OMNICHAT_TEST_S3_URL")
        .ok()
        .filter(|url| !url.is_empty());
    if url.is_none() {
        println!("SKIPPED: OMNICHAT_TEST_S3_URL names no service to keep blobs in");
    }
    url.map(|url| url.trim_end_matches('/').to_owned())
}

fn options(endpoint: &str, bucket: &str) -> S3Options {
    S3Options {
        endpoint: Some(endpoint.to_owned()),
        bucket: bucket.to_owned(),
        region: "us-east-1".to_owned(),
        access_key_id: Some("test".to_owned()),
        secret_access_key: Some("test".to_owned()),
        path_style: true,
        prefix: "files/of omnichat".to_owned(),
    }
}

/// A new bucket for each case.
async fn fresh() -> Option<BlobFixture> {
    let endpoint = service()?;
    let bucket = format!("test-{}", uuid::Uuid::now_v7().simple());
    request(&endpoint, "PUT", &format!("/{bucket}")).await;
    let blobs = S3Blobs::open(options(&endpoint, &bucket)).expect("the options are right");
    let fixture = BlobFixture::new(Arc::new(blobs)).listing_leftovers(move || {
        let (endpoint, bucket) = (endpoint.clone(), bucket.clone());
        let list = async move {
            let uploads = request(&endpoint, "GET", &format!("/{bucket}?uploads")).await;
            let objects = request(&endpoint, "GET", &format!("/{bucket}?list-type=2")).await;
            let unfinished = texts(&uploads, "Key").into_iter();
            let incoming = texts(&objects, "Key")
                .into_iter()
                .filter(|key| key.contains("/incoming/"));
            unfinished.chain(incoming).collect()
        };
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(list))
    });
    Some(fixture)
}

/// An unsigned request, which a service for tests takes.
async fn request(endpoint: &str, method: &str, path: &str) -> String {
    let host = endpoint
        .strip_prefix("http://")
        .expect("a service on this machine");
    let mut connection = tokio::net::TcpStream::connect(host)
        .await
        .expect("the service is there");
    let head =
        format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    connection
        .write_all(head.as_bytes())
        .await
        .expect("the service listens");
    let mut answer = String::new();
    connection
        .read_to_string(&mut answer)
        .await
        .expect("the service answers");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    answer
}

/// What stands between the tags of a name.
fn texts(xml: &str, tag: &str) -> Vec<String> {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    let parts = xml.split(open.as_str()).skip(1);
    parts
        .filter_map(|part| part.split(close.as_str()).next())
        .map(str::to_owned)
        .collect()
}

omnichat_core::blob_suite!(suite, fresh);

#[tokio::test]
async fn a_large_upload_that_breaks_is_aborted() {
    let Some(endpoint) = service() else { return };
    let bucket = format!("test-{}", uuid::Uuid::now_v7().simple());
    request(&endpoint, "PUT", &format!("/{bucket}")).await;
    let blobs = S3Blobs::open(options(&endpoint, &bucket)).unwrap();
    let tenant = TenantId::generate(&SystemClock);
    let piece = Bytes::from(vec![7; 5_000_000]);
    let endless = stream::repeat_with(move || Ok(piece.clone())).boxed();
    let error = blobs.put(tenant, endless, 30_000_000).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    let uploads = request(&endpoint, "GET", &format!("/{bucket}?uploads")).await;
    assert_eq!(texts(&uploads, "Key"), [""; 0]);
    let objects = request(&endpoint, "GET", &format!("/{bucket}?list-type=2")).await;
    assert_eq!(texts(&objects, "Key"), [""; 0]);
}

#[tokio::test]
async fn a_service_that_is_not_there_is_unavailable() {
    let blobs = S3Blobs::open(options("http://127.0.0.1:1", "bucket")).unwrap();
    let tenant = TenantId::generate(&SystemClock);
    let digest = "0".repeat(64);
    let error = blobs.size(tenant, &digest).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
}

#[test]
fn half_a_key_is_refused() {
    let half = S3Options {
        secret_access_key: None,
        ..options("http://127.0.0.1:1", "bucket")
    };
    assert_eq!(S3Blobs::open(half).unwrap_err().kind(), ErrorKind::Invalid);
}
