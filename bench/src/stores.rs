//! A fresh store for a bench: SQLite in a folder, PostgreSQL in a database of its own.

use anyhow::{Context, Result};
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

/// Where the runner says which PostgreSQL it started.
const SERVER: &str = "OMNICHAT_BENCH_POSTGRES_URL";

/// A fresh store.
pub(crate) struct Fresh {
    /// `sqlite` or `postgres`.
    pub(crate) name: &'static str,
    pub(crate) url: String,
    /// The host's folder; removed with this value.
    pub(crate) data: TempDir,
    /// The address of PostgreSQL and the name of the database there; SQLite has neither.
    database: Option<(String, String)>,
}

impl Fresh {
    /// Drops the database, whoever is still connected to it, and removes the folder.
    pub(crate) async fn remove(self) -> Result<()> {
        if let Some((server, name)) = &self.database {
            let mut admin = PgConnection::connect(server)
                .await
                .context("PostgreSQL cannot be reached")?;
            let drop = format!("DROP DATABASE {name} WITH (FORCE)");
            sqlx::raw_sql(sqlx::AssertSqlSafe(drop))
                .execute(&mut admin)
                .await?;
        }
        Ok(())
    }
}

/// SQLite, and PostgreSQL where the runner started one.
pub(crate) async fn all() -> Result<Vec<Fresh>> {
    let mut stores = vec![sqlite()?];
    match std::env::var(SERVER) {
        Ok(server) => stores.push(postgres(&server).await?),
        Err(_) => eprintln!("{SERVER} is not set: PostgreSQL is left out"),
    }
    Ok(stores)
}

/// The address of PostgreSQL, for a bench that is nothing without it.
pub(crate) fn server() -> Result<String> {
    std::env::var(SERVER).with_context(|| {
        format!(
            "this bench needs PostgreSQL: run `cargo xtask bench`, which starts one, or put a superuser's address of a \
             server into {SERVER}"
        )
    })
}

/// SQLite in a folder of its own.
pub(crate) fn sqlite() -> Result<Fresh> {
    let data = folder()?;
    Ok(Fresh {
        name: "sqlite",
        url: format!("sqlite:{}", data.path().join("omnichat.db").display()),
        data,
        database: None,
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

/// PostgreSQL in a database of its own.
pub(crate) async fn postgres(server: &str) -> Result<Fresh> {
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
        database: Some((server.to_owned(), name)),
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
