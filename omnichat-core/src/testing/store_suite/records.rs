//! Records: by kind and key, by the beginning of the key, until their time is over.

use serde_json::{Value, json};

use super::fixture::StoreFixture;
use super::scene::{Scene, fault};
use crate::change::Removal;
use crate::clock::Timestamp;
use crate::error::ErrorKind;
use crate::records::Record;

async fn keys(scene: &Scene, kind: &str, prefix: &str, limit: u32) -> Vec<String> {
    let records = scene
        .reads
        .list_records(kind, prefix, limit)
        .await
        .expect("they can be read");
    records.into_iter().map(|record| record.key).collect()
}

/// A record is found by its kind and key, and by nothing that resembles them.
pub async fn a_record_is_found_by_kind_and_key(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let one = scene.record("session", "key", json!({ "a": 1 }));
    let two = scene.record("invitation", "key", json!([1]));
    let empty = scene.record("", "", json!(null));
    scene.write([one.clone(), two.clone(), empty.clone()]).await;
    let find =
        async |kind: &str, key: &str| scene.reads.find_record(kind, key).await.expect("it can be read");
    assert_eq!(find("session", "key").await, Some(one));
    assert_eq!(find("invitation", "key").await, Some(two));
    assert_eq!(find("", "").await, Some(empty));
    for (kind, key) in [
        ("session", "Key"),
        ("session", "ke"),
        ("Session", "key"),
        ("sess", "ionkey"),
        ("", "key"),
    ] {
        assert_eq!(find(kind, key).await, None, "{kind} {key}");
    }
}

/// Records are listed by the beginning of their keys, in which no character has a special meaning.
pub async fn records_are_listed_by_prefix(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let all = [
        "a", "a%", "a%b", "a'b", "a/b/c", "a[b", "a\\b", "a_", "a_b", "ab", "abc", "b", "Ж", "Жа", "ж", "👍",
        "👍🏽",
    ];
    scene
        .write(all.iter().map(|key| scene.record("kind", key, json!(key))))
        .await;
    scene
        .write([
            scene.record("kin", "da", json!(1)),
            scene.record("kind2", "a", json!(1)),
        ])
        .await;
    let listed = async |prefix: &str| keys(&scene, "kind", prefix, 100).await;
    for prefix in [
        "", "a", "a%", "a_", "a'", "a\\", "a[", "a/b", "ab", "Ж", "👍", "👍🏽", "A", "%", "_", "c", "abcd",
    ] {
        let mut expected: Vec<&str> = all
            .iter()
            .copied()
            .filter(|key| key.starts_with(prefix))
            .collect();
        expected.sort_unstable();
        assert_eq!(listed(prefix).await, expected, "{prefix}");
    }
    assert_eq!(keys(&scene, "nothing", "", 100).await, [""; 0]);
}

/// Records are sorted by the bytes of their keys, and no more are listed than asked for.
pub async fn records_are_sorted_by_bytes(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let sorted = [
        "", " ", "-", "0", "10", "9", "A", "Z", "_", "a", "a b", "aa", "z", "É", "é", "Ё", "А", "а", "ё",
        "\u{ffff}", "😀",
    ];
    let mut written = sorted;
    written.reverse();
    written.swap(3, 8);
    scene
        .write(written.iter().map(|key| scene.record("kind", key, json!(1))))
        .await;
    assert!(sorted.is_sorted());
    assert_eq!(keys(&scene, "kind", "", 100).await, sorted);
    assert_eq!(keys(&scene, "kind", "", 5).await, sorted[..5]);
    assert_eq!(keys(&scene, "kind", "a", 2).await, ["a", "a b"]);
    assert_eq!(keys(&scene, "kind", "", 0).await, [""; 0]);
}

/// A record is there until it is pruned after its time, and its key is free afterwards.
pub async fn records_expire_when_pruned(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let other = Scene::new(&fixture).await;
    let expiring =
        |scene: &Scene, key: &str, secs| scene.record("kind", key, json!(1)).expiring(scene.in_secs(secs));
    scene
        .write([
            expiring(&scene, "over", -1),
            expiring(&scene, "now", 0),
            expiring(&scene, "later", 1),
        ])
        .await;
    scene.write([scene.record("kind", "never", json!(1))]).await;
    other.write([expiring(&other, "over", -1)]).await;
    assert_eq!(
        keys(&scene, "kind", "", 10).await,
        ["later", "never", "now", "over"],
        "nobody has pruned yet"
    );

    let (now, no_events) = (scene.now(), Timestamp::from_micros(0));
    assert_eq!(
        fixture
            .store
            .prune(now, no_events)
            .await
            .expect("it can be pruned"),
        3
    );
    assert_eq!(keys(&scene, "kind", "", 10).await, ["later", "never"]);
    assert_eq!(keys(&other, "kind", "", 10).await, [""; 0]);
    assert_eq!(
        fixture
            .store
            .prune(now, no_events)
            .await
            .expect("it can be pruned"),
        0
    );
    scene.write([scene.record("kind", "over", json!("new"))]).await;
}

/// A record whose end is put off or taken away is not pruned by the old one.
pub async fn an_end_may_be_put_off(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let first = scene.record("kind", "key", json!(1)).expiring(scene.in_secs(-1));
    let other = scene
        .record("kind", "other", json!(1))
        .expiring(scene.in_secs(-1));
    scene.write([first.clone(), other.clone()]).await;
    scene
        .write([
            Record {
                version: 2,
                expires_at: Some(scene.in_secs(9)),
                ..first
            },
            Record {
                version: 2,
                expires_at: None,
                ..other
            },
        ])
        .await;
    let no_events = Timestamp::from_micros(0);
    assert_eq!(
        fixture
            .store
            .prune(scene.now(), no_events)
            .await
            .expect("it can be pruned"),
        0
    );
    assert_eq!(keys(&scene, "kind", "", 10).await, ["key", "other"]);
}

/// A removed record is gone; its key begins again at version 1.
pub async fn a_removed_record_begins_again(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let record = scene.record("kind", "key", json!(1));
    scene
        .write([
            record.clone(),
            Record {
                version: 2,
                ..record.clone()
            },
        ])
        .await;
    let mut changes = scene.changes();
    changes.remove(Removal::Record {
        kind: "kind".to_owned(),
        key: "key".to_owned(),
    });
    scene.commit(changes).await;
    assert_eq!(
        scene
            .reads
            .find_record("kind", "key")
            .await
            .expect("it can be read"),
        None
    );
    let third = Record {
        version: 3,
        ..record.clone()
    };
    assert_eq!(fault(scene.try_write([third]).await), ErrorKind::Conflict);
    scene.write([record]).await;
}

/// Any JSON comes back as the same JSON.
pub async fn any_json_is_kept(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let deep = (0..60).fold(json!("bottom"), |inner, n| {
        if n % 2 == 0 {
            json!([inner])
        } else {
            json!({ "in": inner })
        }
    });
    let bodies = [
        json!(null),
        json!(true),
        json!(""),
        json!([]),
        json!({}),
        json!({ "": { "": "" } }),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(i64::MAX),
        json!([0, -1, 0.5, -0.125, 1.0, 1e-7, 0.1, 123_456.789]),
        json!({ "b": 1, "a": 2, "B": 3, "ж": 4, "a b": 5, "a.b": 6, "$": 7, "'": 8, "\"": 9, "\\": 10 }),
        json!("\\u0000 \\n is not a line break"),
        Value::String("x".repeat(300_000)),
        deep,
    ];
    for (n, body) in bodies.iter().enumerate() {
        scene
            .write([scene.record("kind", &n.to_string(), body.clone())])
            .await;
        let found = scene
            .reads
            .find_record("kind", &n.to_string())
            .await
            .expect("it can be read");
        assert_eq!(found.map(|record| record.body).as_ref(), Some(body));
    }
}
