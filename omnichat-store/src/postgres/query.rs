//! Short forms of what every statement needs: errors translated, bodies decoded.

use std::sync::Arc;

use omnichat_core::clock::Clock;
use omnichat_core::error::{Error, Result};
use omnichat_core::page::Cursor;
use serde::de::DeserializeOwned;
use sqlx::FromRow;
use sqlx::postgres::{PgArguments, PgConnection, PgPool, PgRow, Postgres};
use sqlx::query::{Query, QueryAs, QueryScalar};
use uuid::Uuid;

use super::error::error;
use super::readers::Reading;
use crate::body;

/// A statement with its values.
pub(super) type Statement<'q> = Query<'q, Postgres, PgArguments>;

/// A statement with its values that answers one column.
pub(super) type Column<'q, T> = QueryScalar<'q, Postgres, T, PgArguments>;

/// A statement with its values that answers rows.
pub(super) type Rows<'q, T> = QueryAs<'q, Postgres, T, PgArguments>;

/// The place of a row in a list, and its body.
pub(super) type Place = (i64, Uuid, String);

/// Runs a statement. Returns how many rows it changed.
pub(super) async fn execute(connection: &mut PgConnection, statement: Statement<'_>) -> Result<u64> {
    statement
        .execute(connection)
        .await
        .map(|done| done.rows_affected())
        .map_err(error)
}

/// The value in the first row, if there is one.
pub(super) async fn value<T>(pool: &PgPool, statement: Column<'_, T>) -> Result<Option<T>>
where
    T: Send + Unpin,
    (T,): for<'r> FromRow<'r, PgRow>,
{
    let mut reading = Reading::begin(pool).await?;
    let found = statement.fetch_optional(reading.connection()?).await;
    reading.end();
    found.map_err(error)
}

/// Every row.
pub(super) async fn rows<T>(pool: &PgPool, statement: Rows<'_, T>) -> Result<Vec<T>>
where
    T: Send + Unpin + for<'r> FromRow<'r, PgRow>,
{
    let mut reading = Reading::begin(pool).await?;
    let found = statement.fetch_all(reading.connection()?).await;
    reading.end();
    found.map_err(error)
}

/// The entity in the first row, if there is one.
pub(super) async fn find<T: DeserializeOwned>(pool: &PgPool, body: Column<'_, String>) -> Result<Option<T>> {
    value(pool, body).await?.as_deref().map(body::decode).transpose()
}

/// The entities in the second column; the first is the key of each. Damaged ones are logged and left out.
pub(super) async fn list<T: DeserializeOwned>(
    pool: &PgPool,
    statement: Rows<'_, (String, String)>,
) -> Result<Vec<T>> {
    let rows = rows(pool, statement).await?;
    let rows = rows.iter();
    Ok(rows.filter_map(|(key, text)| body::readable(key, text)).collect())
}

/// The rows of a page.
pub(super) async fn places(pool: &PgPool, statement: Rows<'_, Place>) -> Result<Vec<(Cursor, String)>> {
    let rows = rows(pool, statement).await?.into_iter();
    Ok(rows.map(|(sort, id, text)| (Cursor { sort, id }, text)).collect())
}

/// Passes if every versioned row was written; else another was quicker.
pub(super) fn written(rows: u64, wanted: usize, noun: &str) -> Result<()> {
    if rows == wanted as u64 {
        Ok(())
    } else {
        Err(Error::conflict(noun))
    }
}

/// What the queue goes by: a clock, or the database's own.
#[derive(Clone)]
pub(super) struct QueueClock(pub(super) Option<Arc<dyn Clock>>);

impl std::fmt::Debug for QueueClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("QueueClock")
    }
}

impl QueueClock {
    /// The time in microseconds, for the first value of a statement of the queue; none where the database is to say it.
    pub(super) fn now(&self) -> Option<i64> {
        self.0.as_ref().map(|clock| clock.now().micros())
    }
}
