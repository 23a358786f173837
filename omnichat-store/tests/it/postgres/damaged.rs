//! Damage in the tables.

use std::sync::Arc;
use std::time::Duration;

use omnichat_core::Engine;
use omnichat_core::clock::ManualClock;
use omnichat_core::event::feed::Followed;
use omnichat_core::testing::StoreFixture;
use omnichat_core::testing::store_suite::scene::Scene;
use omnichat_store::postgres::PostgresStore;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection};
use uuid::Uuid;

use super::fixture::{Database, options};
use crate::damaged::{Spoil, feeds_go_on, lists_go_on, messages_fail_alone, queues_go_on};

struct Tables(String);

impl Tables {
    async fn update(&self, statement: String) {
        let mut connection = PgConnection::connect(&self.0).await.unwrap();
        let done = sqlx::query(AssertSqlSafe(statement))
            .execute(&mut connection)
            .await
            .unwrap();
        assert_eq!(done.rows_affected(), 1);
        connection.close().await.unwrap();
    }
}

impl Spoil for Tables {
    async fn row(&self, table: &str, id: Uuid) {
        self.update(format!("UPDATE {table} SET body = '{{\"id\":' WHERE id = '{id}'"))
            .await;
    }

    async fn event(&self, seq: u64) {
        self.update(format!("UPDATE events SET body = '{{}}' WHERE seq = {seq}"))
            .await;
    }

    async fn job(&self, id: Uuid, payload: &str) {
        self.update(format!("UPDATE jobs SET payload = '{payload}' WHERE id = '{id}'"))
            .await;
    }
}

async fn fixture() -> (StoreFixture, Tables) {
    let database = Database::new().await;
    let url = database.url();
    let clock = Arc::new(ManualClock::default());
    let store = PostgresStore::open(&url, options(clock.clone())).await.unwrap();
    (
        StoreFixture::new(Arc::new(store), clock).holding(database),
        Tables(url),
    )
}

#[tokio::test]
async fn a_damaged_row_hides_no_other() {
    let (fixture, tables) = fixture().await;
    lists_go_on(&fixture, &tables).await;
}

#[tokio::test]
async fn a_damaged_event_stops_nobody() {
    let (fixture, tables) = fixture().await;
    feeds_go_on(&fixture, &tables).await;
}

#[tokio::test]
async fn a_log_that_goes_back_under_a_running_host_is_noticed() {
    let (fixture, tables) = fixture().await;
    let scene = Scene::new(&fixture).await;
    for _ in 0..5 {
        scene.tell("before").await;
    }
    let engine = Engine::builder(fixture.store.clone())
        .clock(fixture.clock.clone())
        .build();
    let mut follower = engine.follow(scene.tenant, Some(0)).await.unwrap();
    let Followed::Events(events) = follower.next().await.unwrap() else {
        panic!("events come first")
    };
    assert_eq!(events.len(), 5);
    // What restoring a copy in which there were two events leaves.
    tables.update("UPDATE tenants SET head = 2".to_owned()).await;
    let mut connection = PgConnection::connect(&tables.0).await.unwrap();
    sqlx::query("DELETE FROM events WHERE seq > 2")
        .execute(&mut connection)
        .await
        .unwrap();
    let noticed = tokio::time::timeout(Duration::from_secs(20), follower.next()).await;
    let Followed::Resync(head) = noticed.expect("it is noticed").unwrap() else {
        panic!("nothing has happened that could be told")
    };
    assert_eq!(head, 2);
    assert_eq!(scene.tell("after").await.seq, 3);
    let Followed::Events(events) = follower.next().await.unwrap() else {
        panic!("what happens from now on is told")
    };
    assert_eq!(events[0].seq, 3);
}

#[tokio::test]
async fn a_damaged_job_is_given_up_and_stops_no_other() {
    let (fixture, tables) = fixture().await;
    queues_go_on(&fixture, &tables).await;
}

#[tokio::test]
async fn a_message_of_a_damaged_conversation_is_given_up_alone() {
    let (fixture, tables) = fixture().await;
    messages_fail_alone(&fixture, &tables).await;
}
