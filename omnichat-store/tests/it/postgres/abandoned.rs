//! A read that nobody waits for is broken off by the server.

use std::sync::Arc;
use std::time::Duration;

use omnichat_core::clock::ManualClock;
use omnichat_core::customers::CustomerFilter;
use omnichat_core::page::PageRequest;
use omnichat_core::store::Store;
use omnichat_core::testing::Builder;
use omnichat_store::postgres::PostgresStore;
use sqlx::Connection;
use sqlx::postgres::PgConnection;

use super::fixture::{Database, options};

/// Reads of this application that the server is at work on.
const AT_WORK: &str = "SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'omnichat' AND state = 'active'";

async fn until(connection: &mut PgConnection, wanted: fn(i64) -> bool) {
    let reached = async {
        while !wanted(
            sqlx::query_scalar(AT_WORK)
                .fetch_one(&mut *connection)
                .await
                .unwrap(),
        ) {}
    };
    tokio::time::timeout(Duration::from_secs(15), reached)
        .await
        .expect("the server gets there");
}

#[tokio::test]
async fn an_abandoned_read_ends_at_the_server() {
    let database = Database::new().await;
    let clock = Arc::new(ManualClock::default());
    let store = PostgresStore::open(&database.url(), options(clock.clone()))
        .await
        .unwrap();
    let make = Builder::new(clock);
    let mut changes = make.changes();
    changes.put(make.tenant()).put(make.customer());
    store.commit(changes).await.unwrap();
    // A table that takes a minute to read, in place of one that is too large.
    let mut connection = PgConnection::connect(&database.url()).await.unwrap();
    let slow = "ALTER TABLE customers RENAME TO stored;
        CREATE VIEW customers AS SELECT s.* FROM stored s WHERE (SELECT true FROM pg_sleep(60))";
    sqlx::raw_sql(slow).execute(&mut connection).await.unwrap();

    let reads = store.tenant(make.tenant);
    let read = tokio::spawn(async move {
        reads
            .list_customers(&CustomerFilter::default(), &PageRequest::first(10))
            .await
    });
    until(&mut connection, |at_work| at_work == 1).await;
    read.abort();
    // Before the limit for reads, and long before the minute.
    until(&mut connection, |at_work| at_work == 0).await;
    store.ping().await.unwrap();
}
