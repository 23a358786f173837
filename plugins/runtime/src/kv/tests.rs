use std::sync::Arc;
use std::time::Duration;

use omnichat_core::change::Changes;
use omnichat_core::clock::{Clock, ManualClock};
use omnichat_core::error::ErrorKind;
use omnichat_core::event::Origin;
use omnichat_core::id::{AutomationId, TenantId};
use omnichat_core::store::Store;
use omnichat_core::store::memory::MemoryStore;
use omnichat_core::tenants::Tenant;

use super::*;

const QUOTA: Quota = Quota { bytes: 100, keys: 3 };

fn write<'a>(key: &'a str, value: &'a [u8]) -> Write<'a> {
    Write {
        key,
        value,
        expires_at: None,
        quota: QUOTA,
    }
}

/// Both kinds, each with an empty store, its neighbour, and the clock.
async fn each() -> Vec<(Arc<dyn KeyValue>, Space, Space, Arc<ManualClock>)> {
    let clock = Arc::new(ManualClock::default());
    let store = Arc::new(MemoryStore::new(clock.clone()));
    let tenant = TenantId::generate(&*clock);
    let mut changes = Changes::new(tenant, Origin::system("test"));
    changes.put(Tenant {
        id: tenant,
        name: "Shop".to_owned(),
        created_at: clock.now(),
        version: 1,
    });
    store.commit(changes).await.unwrap();
    let automation = AutomationId::generate(&*clock);
    let space = |plugin: &str| Space {
        plugin: plugin.to_owned(),
        owner: Owner::Automation(tenant, automation),
    };
    let memory: Arc<dyn KeyValue> = Arc::new(MemoryKeyValue::new(clock.clone()));
    let records: Arc<dyn KeyValue> = Arc::new(RecordKeyValue::new(store, clock.clone()));
    [memory, records]
        .into_iter()
        .map(|kv| (kv, space("one"), space("on"), clock.clone()))
        .collect()
}

#[tokio::test]
async fn what_is_set_is_there_until_it_is_deleted_and_nowhere_else() {
    for (kv, space, neighbour, _) in each().await {
        kv.set(&space, write("a", b"\0\xff")).await.unwrap();
        assert_eq!(kv.get(&space, "a").await.unwrap().unwrap(), b"\0\xff");
        assert_eq!(kv.get(&neighbour, "a").await.unwrap(), None);
        assert!(kv.list(&neighbour, "", None, 9).await.unwrap().is_empty());
        kv.delete(&space, "a").await.unwrap();
        kv.delete(&space, "a").await.unwrap();
        assert_eq!(kv.get(&space, "a").await.unwrap(), None);
    }
}

#[tokio::test]
async fn what_expires_is_gone_for_every_call() {
    for (kv, space, _, clock) in each().await {
        let write_a = Write {
            expires_at: Some(clock.now().after(Duration::from_secs(10))),
            ..write("a", b"1")
        };
        kv.set(&space, write_a).await.unwrap();
        assert!(!kv.compare_and_set(&space, None, write("a", b"2")).await.unwrap());
        clock.advance(Duration::from_secs(10));
        assert_eq!(kv.get(&space, "a").await.unwrap(), None);
        assert!(kv.list(&space, "", None, 9).await.unwrap().is_empty());
        assert!(kv.compare_and_set(&space, None, write("a", b"2")).await.unwrap());
        assert_eq!(kv.get(&space, "a").await.unwrap().unwrap(), b"2");
    }
}

#[tokio::test]
async fn of_many_writers_one_wins() {
    for (kv, space, ..) in each().await {
        kv.set(&space, write("n", b"0")).await.unwrap();
        let mut tasks = tokio::task::JoinSet::new();
        for n in 1..=8_u8 {
            let (kv, space) = (kv.clone(), space.clone());
            tasks.spawn(async move {
                kv.compare_and_set(&space, Some(b"0"), write("n", &[b'0' + n]))
                    .await
                    .unwrap()
            });
        }
        let won = tasks.join_all().await.into_iter().filter(|won| *won).count();
        assert_eq!(won, 1);
        assert_ne!(kv.get(&space, "n").await.unwrap().unwrap(), b"0");
    }
}

#[tokio::test]
async fn the_quota_counts_bytes_and_keys_and_gives_back_what_is_freed() {
    for (kv, space, _, clock) in each().await {
        let too_large = |result: Result<()>| assert_eq!(result.unwrap_err().kind(), ErrorKind::TooLarge);
        too_large(kv.set(&space, write("a", &[0; 100])).await);
        kv.set(&space, write("a", &[0; 99])).await.unwrap();
        too_large(kv.set(&space, write("b", b"")).await);
        kv.set(&space, write("a", &[0; 10])).await.unwrap();
        kv.set(&space, write("b", b"")).await.unwrap();
        let brief = Write {
            expires_at: Some(clock.now().after(Duration::from_secs(1))),
            ..write("c", b"")
        };
        kv.set(&space, brief).await.unwrap();
        too_large(kv.set(&space, write("d", b"")).await);
        clock.advance(Duration::from_secs(1));
        kv.set(&space, write("d", b"")).await.unwrap();
        kv.delete(&space, "d").await.unwrap();
        kv.set(&space, write("e", b"")).await.unwrap();
    }
}

#[tokio::test]
async fn keys_are_listed_in_order_by_prefix_and_page() {
    for (kv, space, ..) in each().await {
        for key in ["p/b", "p/a", "q"] {
            kv.set(&space, write(key, b"")).await.unwrap();
        }
        assert_eq!(kv.list(&space, "p/", None, 9).await.unwrap(), ["p/a", "p/b"]);
        assert_eq!(kv.list(&space, "", Some("p/a"), 1).await.unwrap(), ["p/b"]);
    }
}
