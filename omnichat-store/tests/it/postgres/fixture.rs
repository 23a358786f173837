//! PostgreSQL stores, each in a database of its own.

use std::hash::{DefaultHasher, Hasher};
use std::sync::Arc;

use omnichat_core::clock::ManualClock;
use omnichat_core::store::Store;
use omnichat_core::testing::StoreFixture;
use omnichat_store::StoreOptions;
use omnichat_store::postgres::PostgresStore;
use sqlx::Connection;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use super::cluster::Cluster;

/// One test makes the template at a time; the number is arbitrary.
const LOCK: &str = "SELECT pg_advisory_lock(7061836502)";

/// A fresh database, removed when this is dropped.
pub(super) struct Database {
    cluster: Arc<Cluster>,
    name: String,
}

impl Database {
    pub(super) async fn new() -> Self {
        Self::on(Cluster::shared()).await
    }

    /// On a server of one's own.
    pub(super) async fn on(cluster: Arc<Cluster>) -> Self {
        Self::like(cluster, "template1").await
    }

    /// With today's schema, which is quicker to copy than to make.
    async fn with_schema() -> Self {
        let cluster = Cluster::shared();
        let template = template(&cluster).await.expect("the template is made");
        Self::like(cluster, &template).await
    }

    async fn like(cluster: Arc<Cluster>, template: &str) -> Self {
        let name = format!("omnichat_{}", Uuid::now_v7().simple());
        cluster
            .execute(format!("CREATE DATABASE {name} TEMPLATE {template}"))
            .await
            .expect("a database is made");
        Self { cluster, name }
    }

    pub(super) fn url(&self) -> String {
        self.cluster.database(&self.name)
    }

    /// Ends every connection to it, as a restart of the server would.
    pub(super) async fn disconnect(&self) {
        let statement = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'",
            self.name
        );
        self.cluster
            .execute(statement)
            .await
            .expect("connections are ended");
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (cluster, statement) = (
            self.cluster.clone(),
            format!("DROP DATABASE {} WITH (FORCE)", self.name),
        );
        // A test's runtime may be ending, so the last statement gets one of its own.
        let remove = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map(|runtime| runtime.block_on(cluster.execute(statement)))
        };
        if let Ok(Ok(Err(error))) = std::thread::spawn(remove).join() {
            eprintln!("a database is left behind: {error}");
        }
    }
}

/// The database that others are copied from, made by the first test of this schema. It stays on the server.
async fn template(cluster: &Cluster) -> Result<String, sqlx::Error> {
    let name = format!("omnichat_schema_{:016x}", schema());
    let mut connection = PgConnection::connect(&cluster.database("postgres")).await?;
    sqlx::query(LOCK).execute(&mut connection).await?;
    let made = sqlx::query("SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate")
        .bind(&name)
        .fetch_optional(&mut connection)
        .await?;
    if made.is_none() {
        // It becomes a template last, so one that was cut off on the way is made anew.
        let mut run = async |statement: String| {
            sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
                .execute(&mut connection)
                .await
        };
        run(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
        run(format!("CREATE DATABASE {name}")).await?;
        let store = PostgresStore::open(&cluster.database(&name), StoreOptions::default()).await;
        drop(store.expect("the store opens"));
        // Nobody may be connected to what is copied.
        run(format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false")).await?;
        run(format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        ))
        .await?;
        run(format!("ALTER DATABASE {name} IS_TEMPLATE true")).await?;
    }
    connection.close().await?;
    Ok(name)
}

/// A number that changes with the migrations.
fn schema() -> u64 {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/postgres/migrations");
    let files = std::fs::read_dir(folder).expect("the migrations are listed");
    let mut paths: Vec<_> = files.map(|file| file.expect("a migration").path()).collect();
    paths.sort();
    let mut hasher = DefaultHasher::new();
    for path in paths {
        hasher.write(&std::fs::read(path).expect("a migration is read"));
    }
    hasher.finish()
}

/// Options with a clock that stands still.
pub(super) fn options(clock: Arc<ManualClock>) -> StoreOptions {
    StoreOptions {
        clock: clock.clone(),
        queue_clock: Some(clock),
        ..StoreOptions::default()
    }
}

/// A fresh store.
pub(super) async fn fresh() -> StoreFixture {
    let database = Database::with_schema().await;
    let url = database.url();
    let clock = Arc::new(ManualClock::default());
    let store = PostgresStore::open(&url, options(clock.clone()))
        .await
        .expect("the store opens");
    let again = clock.clone();
    let reopen = move || {
        let (url, clock) = (url.clone(), again.clone());
        async move {
            let store = PostgresStore::open(&url, options(clock)).await;
            Arc::new(store.expect("the store opens again")) as Arc<dyn Store>
        }
    };
    StoreFixture::new(Arc::new(store), clock)
        .reopening(reopen)
        .holding(database)
}
