//! A fresh store for a bench: SQLite in a folder, PostgreSQL in a database of its own.

use anyhow::{Context, Result};
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

/// A fresh store.
pub(crate) struct Fresh {
    /// `sqlite` or `postgres`.
    pub(crate) name: &'static str,
    pub(crate) url: String,
    /// The host's folder; removed with this value.
    pub(crate) data: TempDir,
}

/// SQLite, and PostgreSQL where the runner started one.
pub(crate) async fn all() -> Result<Vec<Fresh>> {
    let mut stores = vec![sqlite()?];
    match std::env::var("OMNICHAT_BENCH_POSTGRES_URL") {
        Ok(server) => stores.push(postgres(&server).await?),
        Err(_) => eprintln!("OMNICHAT_BENCH_POSTGRES_URL is not set: PostgreSQL is left out"),
    }
    Ok(stores)
}

/// SQLite in a folder of its own.
pub(crate) fn sqlite() -> Result<Fresh> {
    let data = folder()?;
    Ok(Fresh {
        name: "sqlite",
        url: format!("sqlite:{}", data.path().join("omnichat.db").display()),
        data,
    })
}

/// Does what PostgreSQL's autovacuum does in the hours in which a store fills in real life; SQLite's host does it itself.
pub(crate) async fn settle(url: &str) -> Result<()> {
    if url.starts_with("sqlite:") {
        return Ok(());
    }
    let mut connection = PgConnection::connect(url).await?;
    sqlx::raw_sql("VACUUM ANALYZE").execute(&mut connection).await?;
    Ok(())
}

async fn postgres(server: &str) -> Result<Fresh> {
    let data = folder()?;
    let name = format!("bench_{}", uuid::Uuid::now_v7().as_simple());
    let mut admin = PgConnection::connect(server)
        .await
        .context("PostgreSQL cannot be reached")?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&mut admin)
        .await?;
    Ok(Fresh {
        name: "postgres",
        url: with_database(server, &name),
        data,
    })
}

/// A folder beside this program, on the disk of the build, not in /tmp, which may be memory: a flush must cost what it costs.
fn folder() -> Result<TempDir> {
    let beside = std::env::current_exe()?;
    let beside = beside.parent().context("a program without a folder")?;
    Ok(tempfile::Builder::new().prefix("bench-").tempdir_in(beside)?)
}

/// The same server's URL with another database.
fn with_database(server: &str, name: &str) -> String {
    let (address, query) = server
        .split_once('?')
        .map_or((server, None), |(a, q)| (a, Some(q)));
    let base = match address.match_indices('/').nth(2) {
        Some((at, _)) => &address[..at],
        None => address,
    };
    match query {
        Some(query) => format!("{base}/{name}?{query}"),
        None => format!("{base}/{name}"),
    }
}
