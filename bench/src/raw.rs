//! What the same machine can do without OmniChat: the rows that an ingest run left behind, inserted again into an empty
//! database of the same schema, 200 messages to a transaction, with nothing else to do.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use sqlx::{Connection as _, PgConnection, Row};

/// Messages in a transaction.
const BATCH: usize = 200;
/// Messages that are inserted again at most.
const MOST: usize = 60_000;
/// Tables that get a row for each message. Each message also updates the row of its conversation.
const TABLES: [&str; 2] = ["messages", "events"];

/// Messages per second, with their events and the update of their conversation, into SQLite.
pub(crate) fn sqlite(data: &Path) -> Result<f64> {
    let from = Connection::open(data.join("omnichat.db"))?;
    let path = data.join("raw.db");
    let to = Connection::open(&path)?;
    to.pragma_update(None, "journal_mode", "WAL")?;
    to.pragma_update(None, "synchronous", "FULL")?;
    let mut schema =
        from.prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")?;
    let statements: Vec<String> = schema
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for statement in statements
        .iter()
        .filter(|sql| !sql.contains("_fts") && !sql.contains("VIRTUAL"))
    {
        // Triggers and shadow tables of a search index belong to customers, which this does not insert.
        let _ = to.execute_batch(statement);
    }
    let mut tables = Vec::new();
    for table in TABLES {
        tables.push(Table::read(&from, table)?);
    }
    let conversations = Table::read(&from, "conversations")?;
    conversations.insert(&to, 0..conversations.rows.len())?;
    let messages = tables[0].rows.len();
    let ids: Vec<i64> = to
        .prepare("SELECT rowid FROM conversations")?
        .query_map([], |r| r.get(0))?
        .collect::<Result<_, _>>()?;
    let mut update = to.prepare(
        "UPDATE conversations SET version = version + 1, activity_at = activity_at + 1, \
         body = body || ' ' WHERE rowid = ?1",
    )?;
    let begun = Instant::now();
    for start in (0..messages).step_by(BATCH) {
        let end = (start + BATCH).min(messages);
        to.execute_batch("BEGIN IMMEDIATE")?;
        for table in &tables {
            let (from, until) = (
                start * table.rows.len() / messages,
                end * table.rows.len() / messages,
            );
            table.insert(&to, from..until)?;
        }
        for n in start..end {
            update.execute([ids[n % ids.len()]])?;
        }
        to.execute_batch("COMMIT")?;
    }
    Ok(messages as f64 / begun.elapsed().as_secs_f64())
}

struct Table {
    insert: String,
    rows: Vec<Vec<Value>>,
}

impl Table {
    fn read(from: &Connection, name: &str) -> Result<Self> {
        let mut select = from.prepare(&format!("SELECT * FROM {name} LIMIT {MOST}"))?;
        let columns: Vec<String> = select.column_names().iter().map(|c| (*c).to_owned()).collect();
        let marks: Vec<String> = (1..=columns.len()).map(|n| format!("?{n}")).collect();
        let insert = format!(
            "INSERT INTO {name} ({}) VALUES ({})",
            columns.join(", "),
            marks.join(", ")
        );
        let rows = select.query_map([], |row| (0..columns.len()).map(|n| row.get(n)).collect())?;
        let rows = rows.collect::<Result<Vec<Vec<Value>>, _>>()?;
        Ok(Self { insert, rows })
    }

    fn insert(&self, to: &Connection, rows: std::ops::Range<usize>) -> Result<()> {
        let mut insert = to.prepare_cached(&self.insert)?;
        for row in &self.rows[rows] {
            insert.execute(params_from_iter(row))?;
        }
        Ok(())
    }
}

/// The same into PostgreSQL: each batch in one statement a table, as arrays of rows.
pub(crate) async fn postgres(url: &str) -> Result<f64> {
    let mut to = PgConnection::connect(url)
        .await
        .context("PostgreSQL cannot be reached")?;
    let mut batches: Vec<(&str, Vec<String>)> = Vec::new();
    for table in TABLES {
        let select = format!("SELECT row_to_json(t)::text FROM (SELECT * FROM {table} LIMIT {MOST}) t");
        let rows = sqlx::query(sqlx::AssertSqlSafe(select))
            .fetch_all(&mut to)
            .await?;
        batches.push((table, rows.iter().map(|row| row.get::<String, _>(0)).collect()));
    }
    let messages = batches[0].1.len();
    let schema = "CREATE SCHEMA raw; \
        CREATE TABLE raw.conversations (LIKE public.conversations INCLUDING ALL); \
        INSERT INTO raw.conversations SELECT * FROM public.conversations; \
        CREATE TABLE raw.messages (LIKE public.messages INCLUDING ALL); \
        CREATE TABLE raw.events (LIKE public.events INCLUDING ALL);";
    sqlx::raw_sql(schema).execute(&mut to).await?;
    let ids: Vec<uuid::Uuid> = sqlx::query_scalar("SELECT id FROM raw.conversations")
        .fetch_all(&mut to)
        .await?;
    let begun = Instant::now();
    for start in (0..messages).step_by(BATCH) {
        let end = (start + BATCH).min(messages);
        let mut transaction = to.begin().await?;
        for (table, rows) in &batches {
            let (from, until) = (start * rows.len() / messages, end * rows.len() / messages);
            let json = format!("[{}]", rows[from..until].join(","));
            let insert = format!(
                "INSERT INTO raw.{table} SELECT * FROM json_populate_recordset(NULL::raw.{table}, $1::text::json)"
            );
            sqlx::query(sqlx::AssertSqlSafe(insert))
                .bind(json)
                .execute(&mut *transaction)
                .await?;
        }
        let chosen: Vec<uuid::Uuid> = (start..end).map(|n| ids[n % ids.len()]).collect();
        let update = "UPDATE raw.conversations SET version = version + 1, activity_at = activity_at + 1 \
            WHERE id = ANY($1)";
        sqlx::query(update)
            .bind(chosen)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
    }
    Ok(messages as f64 / begun.elapsed().as_secs_f64())
}
