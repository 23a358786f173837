//! The database file: who may open it, and what is done when it cannot be used.

use std::sync::Arc;

use omnichat_core::change::Changes;
use omnichat_core::clock::{Clock, ManualClock};
use omnichat_core::error::ErrorKind;
use omnichat_core::id::TenantId;
use omnichat_core::store::Store;
use omnichat_core::tenants::Tenant;
use omnichat_store::sqlite::SqliteStore;
use omnichat_store::{StoreOptions, open_store};

use super::fixture::options;
use crate::dying::{DyingClock, tells_of_its_dead_writer};

/// Changes that make a tenant.
fn new_tenant(clock: &ManualClock) -> Changes {
    let id = TenantId::generate(clock);
    let mut changes = Changes::new(id);
    changes.put(Tenant {
        id,
        name: "Example".to_owned(),
        created_at: clock.now(),
        version: 1,
    });
    changes
}

#[tokio::test]
async fn a_second_opener_is_refused_until_the_first_has_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let clock = Arc::new(ManualClock::default());
    let first = SqliteStore::open(&path, options(clock.clone())).await.unwrap();
    first.commit(new_tenant(&clock)).await.unwrap();

    let refused = SqliteStore::open(&path, options(clock.clone()))
        .await
        .unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unavailable);
    assert!(refused.to_string().contains("another process"), "{refused}");

    drop(first);
    let second = SqliteStore::open(&path, options(clock)).await.unwrap();
    assert_eq!(second.tenants().await.unwrap().len(), 1);
    second.close().await.unwrap();
}

#[tokio::test]
async fn a_closed_store_is_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/er/store.db");
    let clock = Arc::new(ManualClock::default());
    let store = SqliteStore::open(&path, options(clock.clone())).await.unwrap();
    store.commit(new_tenant(&clock)).await.unwrap();
    store.close().await.unwrap();

    let copy = folder.path().join("copy.db");
    std::fs::copy(&path, &copy).unwrap();
    let store = SqliteStore::open(&copy, options(clock)).await.unwrap();
    assert_eq!(store.tenants().await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    std::fs::write(
        &path,
        "a letter, not a database; it is long enough to look like one ".repeat(100),
    )
    .unwrap();
    let error = SqliteStore::open(&path, StoreOptions::default())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal);
    assert!(error.context_value("file").is_some());
}

#[tokio::test]
async fn a_url_names_the_kind_of_store() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("store.db").display());
    assert_eq!(
        open_store(&url, StoreOptions::default()).await.unwrap().name(),
        "sqlite"
    );
    assert_eq!(
        open_store("memory:", StoreOptions::default())
            .await
            .unwrap()
            .name(),
        "memory"
    );
    for wrong in ["", "sqlite:", "mysql://user:secret@host/db"] {
        let error = open_store(wrong, StoreOptions::default()).await.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(!error.to_string().contains("secret"));
    }
}

#[tokio::test]
async fn a_dead_writer_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(DyingClock::default());
    let options = StoreOptions {
        clock: clock.clone(),
        ..StoreOptions::default()
    };
    let store = SqliteStore::open(&folder.path().join("store.db"), options)
        .await
        .unwrap();
    tells_of_its_dead_writer(&store, &clock).await;
}
