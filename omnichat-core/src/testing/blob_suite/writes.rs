//! What is stored: whole and under its digest, or not at all.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt, stream};

use super::fixture::{BlobFixture, a_tenant, digest, fault, in_pieces, noise};
use crate::clock::{Clock, SystemClock};
use crate::error::{Error, ErrorKind, Result};
use crate::store::blob::{ByteRange, HEAD_BYTES};

/// What was stored is read back, under the digest of its content.
pub async fn a_blob_is_read_back(fixture: BlobFixture) {
    let tenant = a_tenant();
    for content in [&b"hello"[..], &[0, 255, 13, 10, 0], &noise(70_000)] {
        let info = fixture.put(tenant, content).await;
        assert_eq!(info.digest, digest(content));
        assert_eq!(info.size, content.len() as u64);
        assert_eq!(info.head, content[..content.len().min(HEAD_BYTES)]);
        assert_eq!(
            fixture
                .read(tenant, &info.digest, None)
                .await
                .expect("it is there"),
            content
        );
        assert_eq!(
            fixture
                .blobs
                .size(tenant, &info.digest)
                .await
                .expect("it is there"),
            info.size
        );
    }
    fixture.nothing_is_left();
}

/// An empty blob is a blob.
pub async fn an_empty_blob_is_a_blob(fixture: BlobFixture) {
    let tenant = a_tenant();
    let no_pieces = stream::empty().boxed();
    let info = fixture
        .blobs
        .put(tenant, no_pieces, 0)
        .await
        .expect("the blob is stored");
    assert_eq!(
        (info.size, info.head.len(), info.digest.as_str()),
        (0, 0, digest(b"").as_str())
    );
    assert_eq!(
        fixture
            .read(tenant, &info.digest, None)
            .await
            .expect("it is there"),
        Bytes::new()
    );
    assert_eq!(
        fixture
            .blobs
            .size(tenant, &info.digest)
            .await
            .expect("it is there"),
        0
    );
    let all = Some(ByteRange { start: 0, end: 0 });
    assert_eq!(
        fixture
            .read(tenant, &info.digest, all)
            .await
            .expect("it is there"),
        Bytes::new()
    );
}

/// A blob of many megabytes, in pieces of odd sizes.
pub async fn a_large_blob_is_whole(fixture: BlobFixture) {
    let tenant = a_tenant();
    let content = noise(13_000_001);
    let info = fixture
        .blobs
        .put(tenant, in_pieces(&content, 77_777), 13_000_001)
        .await
        .expect("the blob is stored");
    assert_eq!(
        (info.digest.as_str(), info.size),
        (digest(&content).as_str(), 13_000_001)
    );
    assert_eq!(info.head, content[..HEAD_BYTES]);
    let read = fixture
        .read(tenant, &info.digest, None)
        .await
        .expect("it is there");
    assert!(read == content, "the content is another");
    let range = Some(ByteRange {
        start: 9_999_990,
        end: 10_000_010,
    });
    let read = fixture
        .read(tenant, &info.digest, range)
        .await
        .expect("it is there");
    assert_eq!(read, content[9_999_990..10_000_010]);
    fixture.nothing_is_left();
}

/// The same content twice is one blob; how it was cut does not matter.
pub async fn the_same_twice_is_kept_once(fixture: BlobFixture) {
    let tenant = a_tenant();
    let content = noise(10_000);
    let first = fixture
        .blobs
        .put(tenant, in_pieces(&content, 1), 10_000)
        .await
        .expect("the blob is stored");
    let second = fixture
        .blobs
        .put(tenant, in_pieces(&content, 9_999), 10_000)
        .await
        .expect("the blob is stored");
    assert_eq!(first, second);
    fixture.nothing_is_left();
    fixture
        .blobs
        .delete(tenant, &first.digest)
        .await
        .expect("it is removed");
    assert_eq!(
        fault(fixture.read(tenant, &first.digest, None).await),
        ErrorKind::NotFound
    );
}

/// Many who store the same content at once do not disturb each other.
pub async fn the_same_many_times_at_once(fixture: BlobFixture) {
    let tenant = a_tenant();
    let content = Arc::new(noise(200_000));
    let writers: Vec<_> = (0..8)
        .map(|n| {
            let (blobs, content) = (fixture.blobs.clone(), content.clone());
            tokio::spawn(async move { blobs.put(tenant, in_pieces(&content, 10_000 + n), 200_000).await })
        })
        .collect();
    for writer in writers {
        let info = writer.await.expect("a writer ends").expect("the blob is stored");
        assert_eq!(
            fixture
                .read(tenant, &info.digest, None)
                .await
                .expect("it is there"),
            *content
        );
    }
    fixture.nothing_is_left();
}

/// What is longer than allowed is refused as soon as that is known, and nothing of it is left.
pub async fn too_much_is_refused(fixture: BlobFixture) {
    let tenant = a_tenant();
    let content = noise(20_000);
    for max in [0, 1, 999, 19_999] {
        let answer = fixture.blobs.put(tenant, in_pieces(&content, 1_000), max).await;
        assert_eq!(fault(answer), ErrorKind::TooLarge, "at most {max}");
        fixture.nothing_is_left();
    }
    assert_eq!(
        fault(fixture.read(tenant, &digest(&content), None).await),
        ErrorKind::NotFound
    );
    fixture
        .blobs
        .put(tenant, in_pieces(&content, 1_000), 20_000)
        .await
        .expect("exactly so much is allowed");

    // A stream without an end is not read to its end.
    let endless = stream::repeat_with(|| Ok(Bytes::from_static(&[7; 1_000]))).boxed();
    assert_eq!(
        fault(fixture.blobs.put(tenant, endless, 1_000_000).await),
        ErrorKind::TooLarge
    );
    fixture.nothing_is_left();
}

/// An error of the stream is passed on, and nothing is left of what came before it.
pub async fn a_broken_stream_leaves_nothing(fixture: BlobFixture) {
    let tenant = a_tenant();
    let content = noise(9_000_000);
    for pieces in [0, 1, 8] {
        let good: Vec<Result<Bytes>> = content
            .chunks(1_000_000)
            .take(pieces)
            .map(|piece| Ok(Bytes::copy_from_slice(piece)))
            .collect();
        let broken = stream::iter(good).chain(stream::once(async {
            Err(Error::new(ErrorKind::Timeout, "too slow"))
        }));
        let answer = fixture.blobs.put(tenant, broken.boxed(), u64::MAX).await;
        assert_eq!(fault(answer), ErrorKind::Timeout, "after {pieces} pieces");
        fixture.nothing_is_left();
        let part = &content[..pieces * 1_000_000];
        assert_eq!(
            fault(fixture.blobs.size(tenant, &digest(part)).await),
            ErrorKind::NotFound
        );
    }
}

/// A writer that is given up in the middle leaves no blob.
pub async fn a_cancelled_writer_leaves_no_blob(fixture: BlobFixture) {
    let tenant = a_tenant();
    let content = Bytes::from(noise(10_000));
    let (began, beginning) = tokio::sync::oneshot::channel();
    let piece = content.clone();
    let stuck = stream::once(async { Ok(piece) }).chain(stream::once(async {
        let _ = began.send(());
        std::future::pending().await
    }));
    let blobs = fixture.blobs.clone();
    let writer = tokio::spawn(async move { blobs.put(tenant, stuck.boxed(), u64::MAX).await });
    beginning.await.expect("the writer asks for more");
    writer.abort();
    assert!(writer.await.is_err());
    assert_eq!(
        fault(fixture.blobs.size(tenant, &digest(&content)).await),
        ErrorKind::NotFound
    );
    // The same content can be stored afterwards.
    let info = fixture.put(tenant, &content).await;
    assert_eq!(
        fixture
            .read(tenant, &info.digest, None)
            .await
            .expect("it is there"),
        content
    );
}

/// What has come in whole has no name until it is kept.
pub async fn what_is_not_kept_leaves_nothing(fixture: BlobFixture) {
    let tenant = a_tenant();
    let content = noise(5_000);
    let receive = async || {
        let received = fixture
            .blobs
            .receive(tenant, in_pieces(&content, 1_000), u64::MAX)
            .await;
        received.expect("it comes in")
    };
    let incoming = receive().await;
    assert_eq!(
        (incoming.info().digest.clone(), incoming.info().size),
        (digest(&content), 5_000)
    );
    assert_eq!(
        fault(fixture.blobs.size(tenant, &digest(&content)).await),
        ErrorKind::NotFound
    );
    drop(incoming);
    fixture.nothing_is_left();
    receive().await.keep().await.expect("it is kept");
    fixture.nothing_is_left();
    assert_eq!(
        fixture
            .blobs
            .size(tenant, &digest(&content))
            .await
            .expect("it is there"),
        5_000
    );
}

/// Every blob of a tenant is listed, with the time at which it was written.
pub async fn blobs_are_listed(fixture: BlobFixture) {
    let (tenant, other) = (a_tenant(), a_tenant());
    let before = SystemClock.now();
    let mut written = Vec::new();
    for size in [10, 20, 30] {
        written.push(fixture.put(tenant, &noise(size)).await.digest);
    }
    fixture.put(other, &noise(40)).await;
    let listed: Vec<_> = fixture.blobs.list(tenant).collect().await;
    let mut names = Vec::new();
    for blob in listed {
        let blob = blob.expect("it can be listed");
        // Storage may count whole seconds, by a clock of its own.
        assert!(
            blob.written_at > before.before(Duration::from_secs(60)),
            "{blob:?}"
        );
        names.push(blob.digest);
    }
    names.sort();
    written.sort();
    assert_eq!(names, written);
    fixture.blobs.delete(tenant, &written[0]).await.expect("it goes");
    assert_eq!(fixture.blobs.list(tenant).count().await, 2);
}
