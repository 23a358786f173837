//! PostgreSQL stores, each in a database of its own.

use std::sync::Arc;

use omnichat_core::clock::ManualClock;
use omnichat_core::store::Store;
use omnichat_core::testing::StoreFixture;
use omnichat_store::StoreOptions;
use omnichat_store::postgres::PostgresStore;
use uuid::Uuid;

use super::cluster::Cluster;

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
        let name = format!("omnichat_{}", Uuid::now_v7().simple());
        cluster
            .execute(format!("CREATE DATABASE {name}"))
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
    let database = Database::new().await;
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
