//! The schema: made, kept, brought up to date, refused.

use std::sync::Arc;

use omnichat_core::clock::{Clock, ManualClock};
use omnichat_core::error::ErrorKind;
use omnichat_core::page::PageRequest;
use omnichat_core::store::Store;
use omnichat_core::testing::Builder;
use omnichat_store::postgres::PostgresStore;
use omnichat_store::{StoreOptions, open_store};
use sqlx::Connection;
use sqlx::postgres::PgConnection;

use super::fixture::{Database, options};

#[tokio::test]
async fn a_newer_database_is_refused() {
    let database = Database::new().await;
    let clock = Arc::new(ManualClock::default());
    PostgresStore::open(&database.url(), options(clock.clone()))
        .await
        .unwrap()
        .close()
        .await
        .unwrap();
    let mut connection = PgConnection::connect(&database.url()).await.unwrap();
    sqlx::query("INSERT INTO schema_migrations VALUES (9000, 'later', 0)")
        .execute(&mut connection)
        .await
        .unwrap();
    let error = PostgresStore::open(&database.url(), options(clock))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert_eq!(error.context_value("schema"), Some("9000"));
}

#[tokio::test]
async fn an_earlier_filled_database_is_brought_up_to_date() {
    let database = Database::new().await;
    let mut connection = PgConnection::connect(&database.url()).await.unwrap();
    // As the first version left it.
    let first = include_str!("../../../src/postgres/migrations/0001_schema.sql");
    sqlx::raw_sql(first).execute(&mut connection).await.unwrap();
    let applied = "CREATE TABLE schema_migrations (number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL);
         INSERT INTO schema_migrations VALUES (1, 'schema', 0);";
    sqlx::raw_sql(applied).execute(&mut connection).await.unwrap();
    let clock = Arc::new(ManualClock::default());
    let customer = Builder::new(clock.clone()).customer();
    let insert = "INSERT INTO customers (tenant, id, version, last_seen_at, search, body) VALUES ($1, $2, 1, $3, $4, $5)";
    sqlx::query(insert)
        .bind(customer.tenant.uuid())
        .bind(customer.id.uuid())
        .bind(clock.now().micros())
        .bind(customer.name.to_lowercase())
        .bind(serde_json::to_string(&customer).unwrap())
        .execute(&mut connection)
        .await
        .unwrap();

    let store = PostgresStore::open(&database.url(), options(clock))
        .await
        .unwrap();
    let reads = store.tenant(customer.tenant);
    let found = reads
        .list_customers(Some(&customer.name), &PageRequest::first(10))
        .await
        .unwrap();
    assert_eq!(found.items, [customer]);
}

#[tokio::test]
async fn a_search_needs_no_extension() {
    let database = Database::new().await;
    let clock = Arc::new(ManualClock::default());
    let store = PostgresStore::open(&database.url(), options(clock.clone()))
        .await
        .unwrap();
    let mut connection = PgConnection::connect(&database.url()).await.unwrap();
    sqlx::raw_sql("DROP INDEX IF EXISTS customers_search")
        .execute(&mut connection)
        .await
        .unwrap();
    let make = Builder::new(clock);
    let customer = make.customer();
    let mut changes = omnichat_core::change::Changes::new(make.tenant);
    changes.put(make.tenant()).put(customer.clone());
    store.commit(changes).await.unwrap();
    let wanted = customer.name.to_uppercase();
    let found = store
        .tenant(make.tenant)
        .list_customers(Some(&wanted), &PageRequest::first(10))
        .await
        .unwrap();
    assert_eq!(found.items, [customer]);
}

#[tokio::test]
async fn an_unreachable_server_is_unavailable_and_its_password_is_not_told() {
    let url = "postgres://somebody:secret@127.0.0.1:1/nothing";
    let error = open_store(url, StoreOptions::default()).await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(!format!("{error:?}").contains("secret"));
}
