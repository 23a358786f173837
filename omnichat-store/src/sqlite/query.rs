//! Short forms of what every statement needs: prepared once, errors translated, bodies decoded.

use omnichat_core::error::Result;
use rusqlite::{Connection, OptionalExtension, Params, Row};
use serde::de::DeserializeOwned;

use super::error::error;
use crate::body;

/// Runs a statement. Returns how many rows it changed.
pub(super) fn execute(connection: &Connection, sql: &str, params: impl Params) -> Result<usize> {
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.execute(params))
        .map_err(error)
}

/// The first row, if there is one.
pub(super) fn first<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>> {
    let mut statement = connection.prepare_cached(sql).map_err(error)?;
    statement.query_row(params, read).optional().map_err(error)
}

/// Every row.
pub(super) fn all<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let mut statement = connection.prepare_cached(sql).map_err(error)?;
    statement
        .query_map(params, read)
        .and_then(Iterator::collect)
        .map_err(error)
}

/// The entity in the first column of the first row, if there is one.
pub(super) fn find<T: DeserializeOwned>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<Option<T>> {
    let mut statement = connection.prepare_cached(sql).map_err(error)?;
    let mut rows = statement.query(params).map_err(error)?;
    let Some(row) = rows.next().map_err(error)? else {
        return Ok(None);
    };
    entity(row).map(Some)
}

/// The entities in the first column.
pub(super) fn list<T: DeserializeOwned>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<Vec<T>> {
    let mut statement = connection.prepare_cached(sql).map_err(error)?;
    let mut rows = statement.query(params).map_err(error)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(error)? {
        found.push(entity(row)?);
    }
    Ok(found)
}

fn entity<T: DeserializeOwned>(row: &Row<'_>) -> Result<T> {
    let text = row
        .get_ref(0)
        .map_err(error)?
        .as_str()
        .map_err(|e| error(e.into()))?;
    body::decode(text)
}

/// Passes if a versioned row was written; else another was quicker.
pub(super) fn written(rows: usize, noun: &str) -> Result<()> {
    if rows == 1 {
        Ok(())
    } else {
        Err(omnichat_core::error::Error::conflict(noun))
    }
}
