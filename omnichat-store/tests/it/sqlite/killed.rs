//! A process that is killed in the middle of its work loses nothing that it acknowledged and leaves nothing half done.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use omnichat_core::change::Changes;
use omnichat_core::clock::{Clock, SystemClock};
use omnichat_core::event::{Event, Origin};
use omnichat_core::id::{InboxId, TenantId};
use omnichat_core::records::Record;
use omnichat_core::store::Store;
use omnichat_core::tenants::Tenant;
use omnichat_store::StoreOptions;
use omnichat_store::sqlite::SqliteStore;

/// Set for the process that is to be killed.
const CHILD: &str = "OMNICHAT_TEST_KILLED_FILE";

/// Acknowledged commits after which each round kills.
const ROUNDS: [usize; 6] = [1, 7, 40, 41, 120, 300];

/// Two records and two events per commit, from eight tasks at once; prints each commit that was acknowledged.
async fn write_until_killed(path: &Path) {
    let store = Arc::new(SqliteStore::open(path, StoreOptions::default()).await.unwrap());
    let tenant = match store.tenants().await.unwrap().first() {
        Some(tenant) => tenant.id,
        None => {
            let id = TenantId::generate(&SystemClock);
            let mut changes = Changes::new(id, Origin::system("test"));
            changes.put(Tenant {
                id,
                name: "Example".to_owned(),
                created_at: SystemClock.now(),
                version: 1,
            });
            store.commit(changes).await.unwrap();
            id
        }
    };
    let mut tasks = Vec::new();
    for _ in 0..8 {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            loop {
                let key = SystemClock.uuid().to_string();
                let mut changes = Changes::new(tenant, Origin::system("test"));
                for half in ["left", "right"] {
                    changes.put(record(tenant, &format!("{key}/{half}")));
                    changes.event(Event::InboxDeleted {
                        inbox: InboxId::generate(&SystemClock),
                    });
                }
                store.commit(changes).await.unwrap();
                println!("committed {key}");
            }
        }));
    }
    futures::future::join_all(tasks).await;
}

fn record(tenant: TenantId, key: &str) -> Record {
    let (kind, body) = ("half".to_owned(), serde_json::json!({ "text": "x".repeat(500) }));
    Record {
        tenant,
        kind,
        key: key.to_owned(),
        body,
        updated_at: SystemClock.now(),
        expires_at: None,
        version: 1,
    }
}

/// Starts this test again in a process of its own, and kills it after so many acknowledged commits.
fn kill_after(path: &Path, commits: usize) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "sqlite::killed::nothing_acknowledged_is_lost",
            "--nocapture",
        ])
        .env(CHILD, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = Vec::new();
    let mut is_killed = false;
    // What was printed before the kill took effect counts as well.
    while let Some(Ok(line)) = lines.next() {
        acknowledged.extend(line.split_once("committed ").map(|(_, key)| key.to_owned()));
        if acknowledged.len() >= commits && !is_killed {
            child.kill().unwrap();
            is_killed = true;
        }
    }
    child.wait().unwrap();
    assert!(is_killed, "the process ended by itself");
    // The last line may have been cut.
    acknowledged.retain(|key| key.len() == 36);
    acknowledged
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost() {
    if let Some(path) = std::env::var_os(CHILD) {
        return write_until_killed(Path::new(&path)).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let mut acknowledged = Vec::new();
    for commits in ROUNDS {
        acknowledged.extend(kill_after(&path, commits));
        let store = SqliteStore::open(&path, StoreOptions::default()).await.unwrap();
        let tenant = store.tenants().await.unwrap()[0].id;
        let reads = store.tenant(tenant);
        for key in &acknowledged {
            for half in ["left", "right"] {
                let found = reads.find_record("half", &format!("{key}/{half}")).await.unwrap();
                assert!(found.is_some(), "{key}/{half} was acknowledged and is lost");
            }
        }
        let records = reads.list_records("half", "", 1_000_000).await.unwrap();
        for pair in records.chunks(2) {
            let halves: Vec<_> = pair
                .iter()
                .map(|record| record.key.rsplit_once('/').unwrap())
                .collect();
            assert_eq!(
                (halves[0].0, halves[0].1, halves[1].1),
                (halves[1].0, "left", "right"),
                "half a commit"
            );
        }
        let events = reads.events_after(0, 1_000_000).await.unwrap();
        assert!(
            events.iter().zip(1..).all(|(event, seq)| event.seq == seq),
            "a gap in the log"
        );
        assert_eq!(events.len(), records.len());
        assert_eq!(reads.event_head().await.unwrap(), events.len() as u64);
        store.close().await.unwrap();
    }
}
