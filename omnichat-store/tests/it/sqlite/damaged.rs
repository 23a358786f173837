//! Damage in the file.

use std::path::PathBuf;
use std::sync::Arc;

use omnichat_core::clock::ManualClock;
use omnichat_core::testing::StoreFixture;
use omnichat_store::sqlite::SqliteStore;
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::fixture::options;
use crate::damaged::{Spoil, feeds_go_on, lists_go_on, messages_fail_alone, queues_go_on};

/// A time as it was once written and cannot be read.
const BROKEN: &str = r#"{"id":"1","at":"1790000000000000000us"}"#;

struct File(PathBuf);

impl Spoil for File {
    async fn row(&self, table: &str, id: Uuid) {
        let file = Connection::open(&self.0).unwrap();
        let statement = format!("UPDATE {table} SET body = ?1 WHERE id = ?2");
        let rows = file
            .execute(&statement, params![BROKEN, id.into_bytes()])
            .unwrap();
        assert_eq!(rows, 1, "{table}");
    }

    async fn event(&self, seq: u64) {
        let file = Connection::open(&self.0).unwrap();
        // Bytes that are no text at all.
        let statement = "UPDATE events SET body = CAST(x'7bff' AS TEXT) WHERE key % (1 << 40) = ?1";
        assert_eq!(file.execute(statement, [seq as i64]).unwrap(), 1);
    }

    async fn job(&self, id: Uuid, payload: &str) {
        let file = Connection::open(&self.0).unwrap();
        let statement = "UPDATE jobs SET payload = ?1 WHERE id = ?2";
        let rows = file.execute(statement, params![payload, id.into_bytes()]);
        assert_eq!(rows.unwrap(), 1);
    }
}

async fn fixture() -> (StoreFixture, File) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let clock = Arc::new(ManualClock::default());
    let store = SqliteStore::open(&path, options(clock.clone())).await.unwrap();
    (
        StoreFixture::new(Arc::new(store), clock).holding(folder),
        File(path),
    )
}

#[tokio::test]
async fn a_damaged_row_hides_no_other() {
    let (fixture, file) = fixture().await;
    lists_go_on(&fixture, &file).await;
}

#[tokio::test]
async fn a_damaged_event_stops_nobody() {
    let (fixture, file) = fixture().await;
    feeds_go_on(&fixture, &file).await;
}

#[tokio::test]
async fn a_damaged_job_is_given_up_and_stops_no_other() {
    let (fixture, file) = fixture().await;
    queues_go_on(&fixture, &file).await;
}

#[tokio::test]
async fn a_message_of_a_damaged_conversation_is_given_up_alone() {
    let (fixture, file) = fixture().await;
    messages_fail_alone(&fixture, &file).await;
}
