//! The database file: who may open it, and what is done when it cannot be used.

use std::sync::Arc;

use omnichat_core::change::Changes;
use omnichat_core::clock::{Clock, ManualClock};
use omnichat_core::error::ErrorKind;
use omnichat_core::event::Origin;
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
    let mut changes = Changes::new(id, Origin::system("test"));
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

/// The rights of others on everything in a folder.
#[cfg(unix)]
fn open_to_others(folder: &std::path::Path) -> Vec<String> {
    use std::os::unix::fs::PermissionsExt;
    let mut open = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.metadata().unwrap().permissions().mode() & 0o077 != 0 {
            open.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    open
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_reads_the_file_nor_what_lies_beside_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data/store.db");
    let clock = Arc::new(ManualClock::default());
    let store = SqliteStore::open(&path, options(clock.clone())).await.unwrap();
    store.commit(new_tenant(&clock)).await.unwrap();
    let data = path.parent().unwrap();
    assert!(data.join("store.db-wal").exists(), "the log is looked at too");
    assert_eq!(open_to_others(data), Vec::<String>::new());
    assert_eq!(
        open_to_others(folder.path()),
        Vec::<String>::new(),
        "the folder itself"
    );
    store.close().await.unwrap();
    // An earlier program left it open to everybody.
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    std::fs::set_permissions(data.join("store.db.lock"), std::fs::Permissions::from_mode(0o666)).unwrap();
    let store = SqliteStore::open(&path, options(clock.clone())).await.unwrap();
    store.commit(new_tenant(&clock)).await.unwrap();
    assert_eq!(open_to_others(data), Vec::<String>::new());
    // A folder that was there may hold other things: it is left alone.
    std::fs::set_permissions(data, std::fs::Permissions::from_mode(0o755)).unwrap();
    drop(store);
    SqliteStore::open(&path, options(clock)).await.unwrap();
    assert_eq!(open_to_others(folder.path()), ["data"]);
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
