//! What is read: stretches, by whoever owns them, under names that are digests.

use super::fixture::{BlobFixture, a_tenant, fault, noise};
use crate::error::ErrorKind;
use crate::store::blob::ByteRange;

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
