//! What is particular to claims in PostgreSQL: what they cost, and what becomes of half of one.

use std::sync::Arc;
use std::time::Duration;

use omnichat_core::clock::ManualClock;
use omnichat_core::id::InboxId;
use omnichat_core::job::ClaimRequest;
use omnichat_core::testing::StoreFixture;
use omnichat_core::testing::store_suite::scene::Scene;
use omnichat_store::postgres::PostgresStore;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection};

use super::fixture::{Database, options};

async fn fixture() -> (StoreFixture, String) {
    let database = Database::new().await;
    let url = database.url();
    let clock = Arc::new(ManualClock::default());
    let store = PostgresStore::open(&url, options(clock.clone())).await.unwrap();
    (StoreFixture::new(Arc::new(store), clock).holding(database), url)
}

fn for_a_minute(limit: u32) -> ClaimRequest {
    ClaimRequest {
        lease: Duration::from_secs(60),
        limit,
        ..ClaimRequest::default()
    }
}

/// However many inboxes have something that waits.
#[tokio::test]
async fn a_claim_costs_nothing_where_nothing_is_due() {
    let (fixture, url) = fixture().await;
    let scene = Scene::new(&fixture).await;
    let jobs = (0..300).map(|n| {
        let job = scene.job(&n.to_string()).of(InboxId::generate(scene.clock()));
        job.due(scene.in_secs(60))
    });
    scene.queue(jobs).await;
    let claimed = scene.claim_as(for_a_minute(16)).await;
    assert_eq!(
        (claimed.leases.len(), claimed.next),
        (0, Some(Duration::from_secs(60)))
    );
    // Connections tell what they did when they end.
    fixture.store.close().await.unwrap();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let others =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
                      AND backend_type = 'client backend'";
    loop {
        let left: i64 = sqlx::query_scalar(others)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        if left == 0 {
            break;
        }
    }
    let scans = "SELECT sum(idx_scan)::bigint FROM pg_stat_user_indexes WHERE indexrelname IN ('jobs_ready', 'jobs_shares')";
    let scans: i64 = sqlx::query_scalar(scans)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert!((1..20).contains(&scans), "{scans} searches of an index");
}

/// The second job is held by another at the first look, and cannot be leased at the second.
#[tokio::test]
async fn what_a_claim_has_leased_is_kept_when_the_rest_fails() {
    let (fixture, url) = fixture().await;
    let scene = Scene::new(&fixture).await;
    let jobs = [scene.job("one"), scene.job("two")];
    scene.queue(jobs.clone()).await;
    let mut other = PgConnection::connect(&url).await.unwrap();
    let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()")
        .fetch_one(&mut other)
        .await
        .unwrap();
    let second = jobs[1].id.uuid();
    let fail = format!(
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'told to fail'; END $$;
         CREATE TRIGGER fail BEFORE UPDATE ON jobs FOR EACH ROW WHEN (OLD.id = '{second}') EXECUTE FUNCTION fail();
         CREATE FUNCTION let_go() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             PERFORM pg_terminate_backend({pid}, 10000); RETURN NULL; END $$;
         CREATE TRIGGER let_go AFTER UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION let_go()"
    );
    let hold = format!("BEGIN; SELECT 1 FROM jobs WHERE id = '{second}' FOR UPDATE");
    for statements in [fail, hold] {
        let done = sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut other).await;
        done.unwrap();
    }
    let leases = scene.claim_as(for_a_minute(10)).await.leases;
    assert_eq!(
        leases.iter().map(|lease| lease.job.id).collect::<Vec<_>>(),
        [jobs[0].id]
    );
    assert!(
        fixture.store.claim_jobs(for_a_minute(10)).await.is_err(),
        "nothing is in hand"
    );
}
