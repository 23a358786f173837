//! Audit log and files.

use super::fixture::StoreFixture;
use super::scene::{Scene, fault, walk};
use crate::audit::AuditEntry;
use crate::change::Removal;
use crate::error::ErrorKind;
use crate::files::{File, Uploaders};
use crate::page::PageRequest;

/// The audit log is listed newest first, ties by id, page by page; nothing in it is ever replaced.
pub async fn audit_newest_first(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let mut rows: Vec<_> = (0..17_i64)
        .map(|n| AuditEntry {
            at: scene.in_secs((n * 5) % 6),
            ..scene.audit("done")
        })
        .collect();
    scene.write(rows.clone()).await;
    rows.sort_by_key(|a| (a.at, a.id));
    rows.reverse();
    let reads = &scene.reads;
    for limit in [1, 5, 17] {
        assert_eq!(
            walk(limit, async |page| reads.list_audit(&page).await).await,
            rows
        );
    }
    let forged = AuditEntry {
        action: "undone".to_owned(),
        ..rows[0].clone()
    };
    assert_eq!(fault(scene.try_write([forged]).await), ErrorKind::Conflict);
    assert_eq!(
        reads
            .list_audit(&PageRequest::first(1))
            .await
            .expect("a page")
            .items,
        rows[..1]
    );
}

/// A file is found by its id and bound to its conversation later; two files may have the same bytes.
pub async fn a_file_is_bound_later(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let file = scene.file();
    scene.write([file.clone(), scene.file()]).await;
    assert_eq!(
        scene
            .reads
            .find_file(file.id)
            .await
            .expect("it can be read")
            .as_ref(),
        Some(&file)
    );
    let conversation = scene.a_conversation().await;
    let bound = File {
        conversation: Some(conversation.id),
        version: 2,
        ..file
    };
    scene.write([bound.clone()]).await;
    assert_eq!(
        scene.reads.find_file(bound.id).await.expect("it can be read"),
        Some(bound)
    );
    assert_eq!(
        scene
            .reads
            .find_file(scene.file().id)
            .await
            .expect("it can be read"),
        None
    );
}

/// Files are told by their bytes, by their age while they are in no conversation, and by who uploaded them.
pub async fn files_that_nobody_needs_are_told(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let other = Scene::new(&fixture).await;
    let file = |seconds: i64, by: &str, size: u64, blob: &str| File {
        created_at: scene.in_secs(seconds),
        uploaded_by: by.to_owned(),
        blob: blob.to_owned(),
        size,
        ..scene.file()
    };
    let (old, young) = (file(1, "a:1", 10, "one"), file(5, "b%", 200, "two"));
    let sent = File {
        conversation: Some(scene.a_conversation().await.id),
        ..file(2, "a:1", 3_000, "one")
    };
    scene.write([young.clone(), sent, old.clone()]).await;

    let reads = &scene.reads;
    let unsent = async |seconds, limit| {
        reads
            .unsent_files(scene.in_secs(seconds), limit)
            .await
            .expect("they can be read")
    };
    assert_eq!(unsent(1, 10).await, []);
    assert_eq!(unsent(5, 10).await, std::slice::from_ref(&old));
    assert_eq!(unsent(6, 10).await, [old.clone(), young.clone()]);
    assert_eq!(unsent(6, 1).await, std::slice::from_ref(&old));
    for (blob, used) in [("one", true), ("two", true), ("three", false), ("", false)] {
        assert_eq!(
            reads.is_blob_used(blob).await.expect("it can be read"),
            used,
            "{blob}"
        );
    }
    let uploaded = async |by, seconds| {
        let uploaded = reads
            .uploaded(by, scene.in_secs(seconds))
            .await
            .expect("it can be read");
        (uploaded.files, uploaded.bytes)
    };
    let (one, begin) = (Uploaders::One, Uploaders::Begin);
    assert_eq!(uploaded(begin(""), 0).await, (3, 3_210));
    assert_eq!(uploaded(begin(""), 6).await, (0, 0));
    assert_eq!(uploaded(one("a:1"), 0).await, (2, 3_010));
    assert_eq!(uploaded(one("a:1"), 2).await, (1, 3_000));
    assert_eq!(uploaded(one("a:"), 0).await, (0, 0));
    assert_eq!(uploaded(begin("a:"), 0).await, (2, 3_010));
    assert_eq!(uploaded(begin("a:"), 2).await, (1, 3_000));
    assert_eq!(uploaded(begin("a_"), 0).await, (0, 0));
    assert_eq!(uploaded(begin("b%"), 0).await, (1, 200));
    assert!(!other.reads.is_blob_used("one").await.expect("it can be read"));
    assert_eq!(
        other
            .reads
            .unsent_files(scene.in_secs(9), 10)
            .await
            .expect("they can be read"),
        []
    );

    // A file that is bound is not unsent any more.
    let bound = File {
        conversation: Some(scene.a_conversation().await.id),
        version: 2,
        ..old
    };
    scene.write([bound]).await;
    assert_eq!(unsent(6, 10).await, [young]);
}

/// A file is removed by its own tenant, unless it has changed meanwhile.
pub async fn a_removed_file_is_gone(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let other = Scene::new(&fixture).await;
    let file = scene.file();
    scene.write([file.clone()]).await;
    let find = async || scene.reads.find_file(file.id).await.expect("it can be read");
    let mut foreign = other.changes();
    foreign.remove(Removal::File(file.id));
    other.commit(foreign).await;
    assert!(find().await.is_some());

    let bound = File {
        conversation: Some(scene.a_conversation().await.id),
        version: 2,
        ..file.clone()
    };
    let removal = |version| {
        let mut changes = scene.changes();
        changes
            .put(File {
                version,
                ..file.clone()
            })
            .remove(Removal::File(file.id));
        changes
    };
    scene.write([bound.clone()]).await;
    assert_eq!(fault(scene.store.commit(removal(2)).await), ErrorKind::Conflict);
    assert_eq!(find().await, Some(bound));
    scene.commit(removal(3)).await;
    assert_eq!(find().await, None);
}
