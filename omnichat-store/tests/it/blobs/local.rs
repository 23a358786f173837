//! Blobs in a local folder.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures::{StreamExt, stream};
use omnichat_core::clock::SystemClock;
use omnichat_core::error::ErrorKind;
use omnichat_core::id::TenantId;
use omnichat_core::store::blob::{BlobStore, ByteStream};
use omnichat_core::testing::blob_suite::BlobFixture;
use omnichat_store::blobs::LocalBlobs;

async fn fresh() -> BlobFixture {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let blobs = LocalBlobs::open(folder.path()).await.expect("the folder opens");
    let incoming = folder.path().join("incoming");
    BlobFixture::new(Arc::new(blobs))
        .listing_leftovers(move || names(&incoming))
        .holding(folder)
}

omnichat_core::blob_suite!(suite, fresh);

/// The names of what is in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("a plain name")
        })
        .collect()
}

fn once(bytes: &'static [u8]) -> ByteStream {
    stream::iter([Ok(Bytes::from_static(bytes))]).boxed()
}

#[tokio::test]
async fn blobs_are_there_when_the_folder_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let tenant = TenantId::generate(&SystemClock);
    let first = LocalBlobs::open(folder.path().join("deep/er")).await.unwrap();
    let info = first.put(tenant, once(b"hello"), 5).await.unwrap();
    let second = LocalBlobs::open(folder.path().join("deep/er")).await.unwrap();
    let pieces: Vec<_> = second
        .get(tenant, &info.digest, None)
        .await
        .unwrap()
        .collect()
        .await;
    assert_eq!(
        pieces.into_iter().map(Result::unwrap).collect::<Vec<_>>(),
        [&b"hello"[..]]
    );
}

#[tokio::test]
async fn leftovers_are_cleared_and_what_others_write_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let tenant = TenantId::generate(&SystemClock);
    let blobs = LocalBlobs::open(folder.path()).await.unwrap();
    let incoming = folder.path().join("incoming");
    std::fs::write(incoming.join("0192f0c1"), b"half of a fi").unwrap();

    // A writer that is in the middle of its work while the folder is opened once more.
    let (go_on, wait) = tokio::sync::oneshot::channel::<()>();
    let (began, beginning) = tokio::sync::oneshot::channel::<()>();
    let slow = stream::once(async { Ok(Bytes::from_static(b"slow ")) }).chain(stream::once(async {
        began.send(()).unwrap();
        wait.await.unwrap();
        Ok(Bytes::from_static(b"writer"))
    }));
    let writer = tokio::spawn(async move { blobs.put(tenant, slow.boxed(), 100).await });
    beginning.await.unwrap();
    assert_eq!(names(&incoming).len(), 2);

    let second = LocalBlobs::open(folder.path()).await.unwrap();
    assert_eq!(
        names(&incoming).len(),
        1,
        "the leftover goes and the writer's file stays"
    );
    go_on.send(()).unwrap();
    let info = writer.await.unwrap().unwrap();
    assert_eq!(second.size(tenant, &info.digest).await.unwrap(), 11);
    assert_eq!(names(&incoming), [""; 0]);
}

#[tokio::test]
async fn a_cancelled_writer_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let tenant = TenantId::generate(&SystemClock);
    let blobs = LocalBlobs::open(folder.path()).await.unwrap();
    let (began, beginning) = tokio::sync::oneshot::channel::<()>();
    let stuck = stream::once(async {
        began.send(()).unwrap();
        std::future::pending().await
    });
    let writer = tokio::spawn(async move { blobs.put(tenant, stuck.boxed(), 100).await });
    beginning.await.unwrap();
    writer.abort();
    writer.await.unwrap_err();
    assert_eq!(names(&folder.path().join("incoming")), [""; 0]);
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a file");
    std::fs::write(&file, b"in the way").unwrap();
    let error = LocalBlobs::open(file.join("blobs")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
}

#[tokio::test]
async fn names_are_made_of_ids_and_digests() {
    let folder = tempfile::tempdir().unwrap();
    let tenant = TenantId::generate(&SystemClock);
    let blobs = LocalBlobs::open(folder.path()).await.unwrap();
    let info = blobs.put(tenant, once(b"hello"), 5).await.unwrap();
    let path = folder
        .path()
        .join(tenant.to_string())
        .join("2c")
        .join(&info.digest);
    assert_eq!(std::fs::read(path).unwrap(), b"hello");
}
