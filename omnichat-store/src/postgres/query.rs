//! Short forms of what every statement needs: errors translated, bodies decoded.

use omnichat_core::error::{Error, Result};
use serde::de::DeserializeOwned;
use sqlx::postgres::{PgArguments, PgConnection, PgPool, Postgres};
use sqlx::query::{Query, QueryScalar};

use super::error::error;
use crate::body;

/// A statement with its values.
pub(super) type Statement<'q> = Query<'q, Postgres, PgArguments>;

/// A statement with its values that answers bodies.
pub(super) type Bodies<'q> = QueryScalar<'q, Postgres, String, PgArguments>;

/// Runs a statement. Returns how many rows it changed.
pub(super) async fn execute(connection: &mut PgConnection, statement: Statement<'_>) -> Result<u64> {
    statement
        .execute(connection)
        .await
        .map(|done| done.rows_affected())
        .map_err(error)
}

/// The entity in the first row, if there is one.
pub(super) async fn find<T: DeserializeOwned>(pool: &PgPool, bodies: Bodies<'_>) -> Result<Option<T>> {
    bodies
        .fetch_optional(pool)
        .await
        .map_err(error)?
        .as_deref()
        .map(body::decode)
        .transpose()
}

/// Every entity.
pub(super) async fn list<T: DeserializeOwned>(pool: &PgPool, bodies: Bodies<'_>) -> Result<Vec<T>> {
    bodies
        .fetch_all(pool)
        .await
        .map_err(error)?
        .iter()
        .map(|text| body::decode(text))
        .collect()
}

/// Passes if every versioned row was written; else another was quicker.
pub(super) fn written(rows: u64, wanted: usize, noun: &str) -> Result<()> {
    if rows == wanted as u64 {
        Ok(())
    } else {
        Err(Error::conflict(noun))
    }
}
