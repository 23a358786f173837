//! Brings the schema up to date: numbered files, each applied once, all that are missing in one transaction.

use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind, Result};
use sqlx::postgres::PgPool;

use super::error::error;

/// Number, name and statements of each migration.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "schema", include_str!("migrations/0001_schema.sql")),
    (
        2,
        "customer_search",
        include_str!("migrations/0002_customer_search.sql"),
    ),
    (
        3,
        "lists_in_order",
        include_str!("migrations/0003_lists_in_order.sql"),
    ),
    (
        4,
        "what_may_be_read",
        include_str!("migrations/0004_what_may_be_read.sql"),
    ),
    (
        5,
        "shares_of_the_queue",
        include_str!("migrations/0005_shares_of_the_queue.sql"),
    ),
    (
        6,
        "files_that_nobody_needs",
        include_str!("migrations/0006_files_that_nobody_needs.sql"),
    ),
    (7, "entities", include_str!("migrations/0007_entities.sql")),
    (
        8,
        "contacts_and_chats",
        include_str!("migrations/0008_contacts_and_chats.sql"),
    ),
    (
        9,
        "conversation_attributes",
        include_str!("migrations/0009_conversation_attributes.sql"),
    ),
    (10, "who_and_why", include_str!("migrations/0010_who_and_why.sql")),
    (
        11,
        "conditions_over_customers",
        include_str!("migrations/0011_conditions_over_customers.sql"),
    ),
    (
        12,
        "inboxes_of_apps",
        include_str!("migrations/0012_inboxes_of_apps.sql"),
    ),
    (13, "documents", include_str!("migrations/0013_documents.sql")),
];

/// One node migrates at a time; the number is arbitrary.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7061836501)";
const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
     number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)";
const NEWEST: &str = "SELECT coalesce(max(number), 0) FROM schema_migrations";
const APPLIED: &str = "INSERT INTO schema_migrations VALUES ($1, $2, $3)";

/// Applies what is missing. Refuses a database that a newer program has written.
pub(super) async fn migrate(pool: &PgPool, now: Timestamp) -> Result<()> {
    let mut transaction = pool.begin().await.map_err(error)?;
    sqlx::query(LOCK)
        .execute(&mut *transaction)
        .await
        .map_err(error)?;
    sqlx::query(TABLE)
        .execute(&mut *transaction)
        .await
        .map_err(error)?;
    let newest: i64 = sqlx::query_scalar(NEWEST)
        .fetch_one(&mut *transaction)
        .await
        .map_err(error)?;
    let known = MIGRATIONS.last().map_or(0, |(number, _, _)| *number);
    if newest > known {
        let message = "the database was written by a newer version of this program";
        return Err(Error::new(ErrorKind::Rejected, message)
            .with("schema", newest)
            .with("known", known));
    }
    for (number, name, statements) in MIGRATIONS.iter().filter(|(number, _, _)| *number > newest) {
        let applied = sqlx::raw_sql(*statements).execute(&mut *transaction).await;
        applied.map_err(|e| error(e).with("migration", name))?;
        let mark = sqlx::query(APPLIED).bind(number).bind(*name).bind(now.micros());
        mark.execute(&mut *transaction).await.map_err(error)?;
        tracing::info!(number, name, "schema brought up to date");
    }
    transaction.commit().await.map_err(error)
}
