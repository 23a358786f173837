//! The same rows inserted raw: what the last writes left behind is taken out of the tables and put into them again, 200 to a
//! transaction, with nothing else to do.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use sqlx::{Connection as _, PgConnection, Row};

/// Entities in a transaction.
const BATCH: usize = 200;
/// An entity's row, its entries, and the event of the commit that wrote it.
const ENTRIES: usize = 8;

/// Entities per second into SQLite. The first so many were there before.
pub(super) fn sqlite(data: &Path, before: u64) -> Result<f64> {
    let connection = Connection::open(data.join("omnichat.db"))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    let is_new = format!("(SELECT id FROM entities ORDER BY created_at LIMIT -1 OFFSET {before})");
    let entities = take(&connection, "entities", &format!("id IN {is_new}"))?;
    let entries = take(&connection, "entity_index", &format!("id IN {is_new}"))?;
    let events = take(&connection, "events", "TRUE")?;
    connection.execute_batch(&format!(
        "BEGIN; DELETE FROM entity_index WHERE id IN {is_new}; DELETE FROM events;
         CREATE TEMP TABLE gone AS SELECT id FROM entities WHERE id IN {is_new};
         DELETE FROM entities WHERE id IN (SELECT id FROM gone); COMMIT;"
    ))?;
    let count = entities.rows.len();
    anyhow::ensure!(
        entries.rows.len() == count * ENTRIES && events.rows.len() == count,
        "{count} entities have {} entries and {} events",
        entries.rows.len(),
        events.rows.len()
    );
    let begun = Instant::now();
    for from in (0..count).step_by(BATCH) {
        let until = (from + BATCH).min(count);
        connection.execute_batch("BEGIN IMMEDIATE")?;
        entities.insert(&connection, from..until)?;
        entries.insert(&connection, from * ENTRIES..until * ENTRIES)?;
        events.insert(&connection, from..until)?;
        connection.execute_batch("COMMIT")?;
    }
    Ok(count as f64 / begun.elapsed().as_secs_f64())
}

struct Rows {
    insert: String,
    rows: Vec<Vec<Value>>,
}

/// Rows of a table, in the order in which their entity was written.
fn take(connection: &Connection, table: &str, which: &str) -> Result<Rows> {
    let order = match table {
        "events" => "key",
        _ => "id",
    };
    let mut select = connection.prepare(&format!("SELECT * FROM {table} WHERE {which} ORDER BY {order}"))?;
    let columns: Vec<String> = select.column_names().iter().map(|c| (*c).to_owned()).collect();
    let marks: Vec<String> = (1..=columns.len()).map(|n| format!("?{n}")).collect();
    let insert = format!(
        "INSERT INTO {table} ({}) VALUES ({})",
        columns.join(", "),
        marks.join(", ")
    );
    let rows = select.query_map([], |row| (0..columns.len()).map(|n| row.get(n)).collect())?;
    let rows = rows.collect::<Result<_, _>>()?;
    Ok(Rows { insert, rows })
}

impl Rows {
    fn insert(&self, connection: &Connection, rows: std::ops::Range<usize>) -> Result<()> {
        let mut insert = connection.prepare_cached(&self.insert)?;
        for row in &self.rows[rows] {
            insert.execute(params_from_iter(row))?;
        }
        Ok(())
    }
}

/// The same into PostgreSQL: each batch in one statement a table, as arrays of rows.
pub(super) async fn postgres(url: &str, before: u64) -> Result<f64> {
    let mut connection = PgConnection::connect(url)
        .await
        .context("PostgreSQL cannot be reached")?;
    let gone =
        format!("CREATE TEMP TABLE gone AS SELECT id FROM entities ORDER BY created_at OFFSET {before}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(gone))
        .execute(&mut connection)
        .await?;
    let mut tables = Vec::new();
    for (table, which, each) in [
        ("entities", "WHERE id IN (SELECT id FROM gone) ORDER BY id", 1),
        (
            "entity_index",
            "WHERE id IN (SELECT id FROM gone) ORDER BY id",
            ENTRIES,
        ),
        ("events", "ORDER BY seq", 1),
    ] {
        let select = format!("SELECT row_to_json(t)::text FROM {table} t {which}");
        let rows = sqlx::query(sqlx::AssertSqlSafe(select))
            .fetch_all(&mut connection)
            .await?;
        let rows: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        tables.push((table, rows, each));
    }
    let emptied = "DELETE FROM entity_index WHERE id IN (SELECT id FROM gone); DELETE FROM events;
        DELETE FROM entities WHERE id IN (SELECT id FROM gone)";
    sqlx::raw_sql(emptied).execute(&mut connection).await?;
    let count = tables[0].1.len();
    for (table, rows, each) in &tables {
        anyhow::ensure!(
            rows.len() == count * each,
            "{table} has {} rows of {count}",
            rows.len()
        );
    }
    let begun = Instant::now();
    for from in (0..count).step_by(BATCH) {
        let until = (from + BATCH).min(count);
        let mut transaction = connection.begin().await?;
        for (table, rows, each) in &tables {
            let rows = rows[from * each..until * each].join(",");
            let insert = format!(
                "INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, $1::text::json)"
            );
            sqlx::query(sqlx::AssertSqlSafe(insert))
                .bind(format!("[{rows}]"))
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
    }
    Ok(count as f64 / begun.elapsed().as_secs_f64())
}
