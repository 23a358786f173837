//! SQLite stores in temporary folders.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use omnichat_core::clock::ManualClock;
use omnichat_core::error::ErrorKind;
use omnichat_core::store::Store;
use omnichat_core::testing::StoreFixture;
use omnichat_store::StoreOptions;
use omnichat_store::sqlite::SqliteStore;

/// Options with a clock that stands still.
pub(super) fn options(clock: Arc<ManualClock>) -> StoreOptions {
    StoreOptions {
        clock,
        read_connections: 3,
        ..StoreOptions::default()
    }
}

/// A fresh store. While it has not been closed, opening it again opens a copy of its files as they lie on the disk: what a
/// crash at this moment would leave.
pub(super) async fn fresh() -> StoreFixture {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("store.db");
    let clock = Arc::new(ManualClock::default());
    let store = SqliteStore::open(&path, options(clock.clone()))
        .await
        .expect("the store opens");
    let again = clock.clone();
    let reopen = move || {
        let (path, clock) = (path.clone(), again.clone());
        async move {
            let store = match SqliteStore::open(&path, options(clock.clone())).await {
                Err(error) if error.kind() == ErrorKind::Unavailable => {
                    SqliteStore::open(&crash_image(&path), options(clock)).await
                }
                other => other,
            };
            Arc::new(store.expect("the store opens again")) as Arc<dyn Store>
        }
    };
    StoreFixture::new(Arc::new(store), clock)
        .reopening(reopen)
        .holding(folder)
}

/// Copies the database and its log, without closing either.
fn crash_image(path: &Path) -> PathBuf {
    let image = path.with_file_name("image.db");
    std::fs::copy(path, &image).expect("the database is copied");
    let log = |path: &Path| path.with_extension("db-wal");
    std::fs::copy(log(path), log(&image)).expect("the log is copied");
    image
}
