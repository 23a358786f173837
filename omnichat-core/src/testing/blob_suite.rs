//! What every blob store does, case by case. [`blob_suite!`](crate::blob_suite) makes a test of each.

use std::any::Any;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures::{StreamExt, stream};
use sha2::{Digest, Sha256};

use crate::error::{Error, ErrorKind, Result};
use crate::id::TenantId;
use crate::store::blob::{BlobInfo, BlobStore, ByteRange, ByteStream, HEAD_BYTES};
use crate::testing::Builder;

/// A fresh, empty blob store for one case.
pub struct BlobFixture {
    /// The blob store.
    pub blobs: Arc<dyn BlobStore>,
    leftovers: Option<Box<dyn Fn() -> Vec<String> + Send + Sync>>,
    held: Vec<Box<dyn Any + Send + Sync>>,
}

impl std::fmt::Debug for BlobFixture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlobFixture").finish_non_exhaustive()
    }
}

impl BlobFixture {
    /// A blob store.
    pub fn new(blobs: Arc<dyn BlobStore>) -> Self {
        Self {
            blobs,
            leftovers: None,
            held: Vec::new(),
        }
    }

    /// The same, with a function that lists what is stored and is no blob: half-written files. Cases that expect nothing to
    /// be left behind ask it.
    #[must_use]
    pub fn listing_leftovers(mut self, list: impl Fn() -> Vec<String> + Send + Sync + 'static) -> Self {
        self.leftovers = Some(Box::new(list));
        self
    }

    /// The same, keeping something as long as the case runs.
    #[must_use]
    pub fn holding(mut self, what: impl Any + Send + Sync) -> Self {
        self.held.push(Box::new(what));
        self
    }

    async fn put(&self, tenant: TenantId, content: &[u8]) -> BlobInfo {
        self.blobs
            .put(tenant, in_pieces(content, 1_000), u64::MAX)
            .await
            .expect("the blob is stored")
    }

    async fn read(&self, tenant: TenantId, digest: &str, range: Option<ByteRange>) -> Result<Bytes> {
        let mut bytes = self.blobs.get(tenant, digest, range).await?;
        let mut content = BytesMut::new();
        while let Some(piece) = bytes.next().await {
            content.extend_from_slice(&piece?);
        }
        Ok(content.freeze())
    }

    fn nothing_is_left(&self) {
        if let Some(leftovers) = &self.leftovers {
            assert_eq!(leftovers(), [""; 0], "something was left behind");
        }
    }
}

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

/// Stretches of a blob, at its ends and within.
pub async fn a_stretch_is_read(fixture: BlobFixture) {
    let tenant = a_tenant();
    let content = noise(5_000);
    let info = fixture.put(tenant, &content).await;
    for (start, end) in [
        (0, 1),
        (0, 5_000),
        (4_999, 5_000),
        (1_234, 4_321),
        (2_500, 2_501),
        (7, 7),
        (5_000, 5_000),
    ] {
        let range = Some(ByteRange { start, end });
        let read = fixture
            .read(tenant, &info.digest, range)
            .await
            .expect("the stretch is within");
        assert_eq!(read, content[start as usize..end as usize], "{start} to {end}");
    }
}

/// A stretch outside of the blob is refused.
pub async fn a_stretch_outside_is_refused(fixture: BlobFixture) {
    let tenant = a_tenant();
    let info = fixture.put(tenant, &noise(100)).await;
    for (start, end) in [
        (0, 101),
        (100, 101),
        (101, 101),
        (5_000, 6_000),
        (50, 49),
        (0, u64::MAX),
        (u64::MAX, 0),
    ] {
        let range = Some(ByteRange { start, end });
        let answer = fixture.read(tenant, &info.digest, range).await;
        assert_eq!(fault(answer), ErrorKind::Invalid, "{start} to {end}");
    }
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

/// Two tenants never see or remove each other's blobs, though they store the same.
pub async fn tenants_are_apart(fixture: BlobFixture) {
    let (one, two) = (a_tenant(), a_tenant());
    assert_ne!(one, two);
    let content = noise(1_000);
    let info = fixture.put(one, &content).await;
    assert_eq!(
        fault(fixture.read(two, &info.digest, None).await),
        ErrorKind::NotFound
    );
    assert_eq!(
        fault(fixture.blobs.size(two, &info.digest).await),
        ErrorKind::NotFound
    );
    fixture
        .blobs
        .delete(two, &info.digest)
        .await
        .expect("removing what is not there is no error");
    assert_eq!(
        fixture.read(one, &info.digest, None).await.expect("it is there"),
        content
    );

    fixture.put(two, &content).await;
    fixture
        .blobs
        .delete(one, &info.digest)
        .await
        .expect("it is removed");
    assert_eq!(
        fault(fixture.read(one, &info.digest, None).await),
        ErrorKind::NotFound
    );
    assert_eq!(
        fixture.read(two, &info.digest, None).await.expect("it is there"),
        content
    );
}

/// A removed blob is gone; removing it again is no error; it can be stored again.
pub async fn a_removed_blob_is_gone(fixture: BlobFixture) {
    let tenant = a_tenant();
    let content = noise(1_000);
    let info = fixture.put(tenant, &content).await;
    for _ in 0..2 {
        fixture
            .blobs
            .delete(tenant, &info.digest)
            .await
            .expect("it is removed");
        assert_eq!(
            fault(fixture.read(tenant, &info.digest, None).await),
            ErrorKind::NotFound
        );
        assert_eq!(
            fault(fixture.blobs.size(tenant, &info.digest).await),
            ErrorKind::NotFound
        );
    }
    fixture.put(tenant, &content).await;
    assert_eq!(
        fixture
            .read(tenant, &info.digest, None)
            .await
            .expect("it is there"),
        content
    );
}

/// What is no digest names nothing, whatever path or key might be made of it.
pub async fn what_is_no_digest_names_nothing(fixture: BlobFixture) {
    let tenant = a_tenant();
    let info = fixture.put(tenant, b"hello").await;
    let upper = info.digest.to_uppercase();
    let names = [
        "",
        ".",
        "..",
        "../../../../../../etc/passwd",
        "/etc/passwd",
        "2cf2",
        "hello",
        "a\0b",
        "%2e%2e",
        "C:\\windows",
        &info.digest[..63],
        &format!("{}0", info.digest),
        &format!("../{}", info.digest),
        &upper,
        &"ж".repeat(32),
        &"x".repeat(10_000),
    ];
    for name in names {
        assert_eq!(
            fault(fixture.read(tenant, name, None).await),
            ErrorKind::NotFound,
            "{name}"
        );
        assert_eq!(
            fault(fixture.blobs.size(tenant, name).await),
            ErrorKind::NotFound,
            "{name}"
        );
        fixture
            .blobs
            .delete(tenant, name)
            .await
            .expect("removing what is not there is no error");
    }
    assert_eq!(
        fixture
            .read(tenant, &info.digest, None)
            .await
            .expect("it is there"),
        &b"hello"[..]
    );
}

fn a_tenant() -> TenantId {
    Builder::new(Arc::new(crate::clock::SystemClock)).tenant
}

/// Bytes without a pattern, always the same.
fn noise(count: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    std::iter::repeat_with(next).take(count).collect()
}

fn digest(content: &[u8]) -> String {
    Sha256::digest(content)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn in_pieces(content: &[u8], size: usize) -> ByteStream {
    let pieces: Vec<Result<Bytes>> = content
        .chunks(size)
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    stream::iter(pieces).boxed()
}

fn fault<T>(answer: Result<T>) -> ErrorKind {
    match answer {
        Ok(_) => panic!("this is to be refused"),
        Err(error) => error.kind(),
    }
}

/// Makes a test of every case of the blob suite. Takes a name for the module of the tests, and an async function that gives
/// a [`BlobFixture`] with a fresh, empty blob store for each case; or an `Option` of one, `None` where the service that it
/// needs is not there.
#[macro_export]
macro_rules! blob_suite {
    ($name:ident, $make:path) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $crate::blob_suite! {
                @tests $make;
                a_blob_is_read_back,
                an_empty_blob_is_a_blob,
                a_large_blob_is_whole,
                the_same_twice_is_kept_once,
                the_same_many_times_at_once,
                a_stretch_is_read,
                a_stretch_outside_is_refused,
                too_much_is_refused,
                a_broken_stream_leaves_nothing,
                a_cancelled_writer_leaves_no_blob,
                tenants_are_apart,
                a_removed_blob_is_gone,
                what_is_no_digest_names_nothing,
            }
        }
    };
    (@tests $make:path; $($case:ident),* $(,)?) => {
        $(#[test]
        fn $case() {
            $crate::testing::try_case(async || $make().await, $crate::testing::blob_suite::$case);
        })*
    };
}
