//! Short forms of what every statement needs: prepared once, errors translated, bodies decoded.

use omnichat_core::error::Result;
use omnichat_core::id::Id;
use omnichat_core::page::Cursor;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Params, Row};
use serde::de::DeserializeOwned;
use uuid::Uuid;

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
    let text = text(row, 0).map_err(error)?;
    body::decode(&text).map(Some)
}

/// Ids as one parameter: a list of texts that `unhex` reads.
pub(super) fn ids<I: Id>(ids: &[I]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| id.uuid().simple().to_string()).collect();
    format!("[\"{}\"]", ids.join("\",\""))
}

/// The entities in the second column; the first is the key of each. Damaged ones are logged and left out.
pub(super) fn list<T: DeserializeOwned>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<Vec<T>> {
    let rows = all(connection, sql, params, |row| {
        Ok((key(row.get_ref(0)?), text(row, 1)?))
    })?;
    let rows = rows.iter();
    Ok(rows.filter_map(|(key, text)| body::readable(key, text)).collect())
}

/// The rows of a page: sort value, id and body are the first columns.
pub(super) fn places(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<Vec<(Cursor, String)>> {
    all(connection, sql, params, |row| {
        let place = Cursor {
            sort: row.get(0)?,
            id: Uuid::from_bytes(row.get(1)?),
        };
        Ok((place, text(row, 2)?))
    })
}

/// A body as text. One that is none is as damaged as one that is no JSON.
pub(super) fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    Ok(match row.get_ref(column)? {
        ValueRef::Text(text) => std::str::from_utf8(text).unwrap_or_default().to_owned(),
        _ => String::new(),
    })
}

/// A key for the log.
fn key(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Blob(bytes) => {
            Uuid::from_slice(bytes).map_or_else(|_| "?".to_owned(), |id| id.as_simple().to_string())
        }
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(_) | ValueRef::Null => "?".to_owned(),
    }
}

/// Passes if a versioned row was written; else another was quicker.
pub(super) fn written(rows: usize, noun: &str) -> Result<()> {
    if rows == 1 {
        Ok(())
    } else {
        Err(omnichat_core::error::Error::conflict(noun))
    }
}
