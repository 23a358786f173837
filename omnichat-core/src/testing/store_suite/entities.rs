//! Entities: by id and by unique key, along their indexes in both directions, counted, moved and removed.

use serde_json::json;
use uuid::Uuid;

use super::fixture::StoreFixture;
use super::scene::{Scene, assert_duplicate, fault};
use crate::change::Removal;
use crate::clock::Timestamp;
use crate::entities::{
    Direction, EntityCursor, EntityQuery, EntityRow, IndexEntry, IndexKey, KeyRange, Part,
};
use crate::error::ErrorKind;

/// Most entities that a page of these cases holds.
const PAGE: u32 = 100;
/// An empty page.
const NOTHING: [Uuid; 0] = [];

fn key(parts: &[Part<'_>]) -> IndexKey {
    IndexKey::of(parts).expect("the key is short")
}

fn entry(index: &str, parts: &[Part<'_>], unique: bool) -> IndexEntry {
    IndexEntry {
        index: index.to_owned(),
        key: key(parts),
        unique,
    }
}

fn placed(scene: &Scene, kind: &str, entries: impl IntoIterator<Item = IndexEntry>) -> EntityRow {
    EntityRow {
        entries: entries.into_iter().collect(),
        ..scene.entity(kind)
    }
}

/// The next version of a row, with other entries.
fn moved(row: &EntityRow, entries: impl IntoIterator<Item = IndexEntry>) -> EntityRow {
    EntityRow {
        version: row.version + 1,
        entries: entries.into_iter().collect(),
        ..row.clone()
    }
}

async fn page(scene: &Scene, query: &EntityQuery) -> Vec<Uuid> {
    let page = scene
        .reads
        .page_entities(query)
        .await
        .expect("a page can be read");
    page.rows.into_iter().map(|row| row.id).collect()
}

/// Every row of a query, page by page.
async fn walk(scene: &Scene, mut query: EntityQuery) -> Vec<Uuid> {
    let mut found = Vec::new();
    loop {
        let page = scene
            .reads
            .page_entities(&query)
            .await
            .expect("a page can be read");
        assert!(page.rows.len() <= query.limit as usize);
        assert!(page.next.is_none() || page.rows.len() == query.limit as usize);
        found.extend(page.rows.into_iter().map(|row| row.id));
        match page.next {
            Some(next) => query.after = Some(next),
            None => return found,
        }
    }
}

/// An entity is found by its kind and id, and by nothing that resembles them.
pub async fn an_entity_is_found_by_kind_and_id(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let tag = placed(&scene, "tag", [entry("name", &["vip".into()], true)]);
    let phrase = EntityRow {
        id: tag.id,
        ..scene.entity("phrase")
    };
    scene.write([tag.clone(), phrase.clone()]).await;
    let find = async |kind: &str, id| scene.reads.find_entity(kind, id).await.expect("it can be read");
    assert_eq!(find("tag", tag.id).await, Some(tag.clone()));
    assert_eq!(find("phrase", tag.id).await, Some(phrase));
    for kind in ["Tag", "ta", "tags", "", "%"] {
        assert_eq!(find(kind, tag.id).await, None, "{kind}");
    }
    assert_eq!(find("tag", scene.entity("tag").id).await, None);
}

/// An index is read in the order of its keys, and where these are equal in that of ids, in both directions and whatever the page.
pub async fn an_index_is_read_in_the_order_of_its_keys(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let at = Timestamp::from_micros;
    let parts: Vec<Part<'_>> = vec![
        Part::Absent,
        false.into(),
        true.into(),
        i64::MIN.into(),
        (-1).into(),
        0.into(),
        i64::MAX.into(),
        f64::NEG_INFINITY.into(),
        (-0.5).into(),
        0.0.into(),
        1e300.into(),
        at(-1).into(),
        at(1_767_268_800_000_000).into(),
        "".into(),
        "A".into(),
        "a".into(),
        "a\u{1}".into(),
        "ab".into(),
        "ж".into(),
        "\u{ffff}".into(),
        "😀".into(),
    ];
    // Three of each key, written in another order than they are read.
    let mut rows: Vec<EntityRow> = Vec::new();
    for part in &parts {
        let mut same: Vec<EntityRow> = (0..3)
            .map(|_| placed(&scene, "thing", [entry("by", &[*part], false)]))
            .collect();
        same.sort_by_key(|row| row.id);
        rows.extend(same);
    }
    let sorted: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    rows.reverse();
    rows.rotate_left(17);
    scene.write(rows).await;
    for limit in [1, 2, 7, PAGE] {
        let query = EntityQuery::first("thing", "by", limit);
        assert_eq!(walk(&scene, query.clone()).await, sorted, "pages of {limit}");
        let falling = EntityQuery {
            direction: Direction::Falling,
            ..query
        };
        let reversed: Vec<Uuid> = sorted.iter().rev().copied().collect();
        assert_eq!(walk(&scene, falling).await, reversed, "pages of {limit}, falling");
    }
    assert_eq!(
        walk(&scene, EntityQuery::first("thing", "b", PAGE)).await,
        NOTHING
    );
    assert_eq!(
        walk(&scene, EntityQuery::first("things", "by", PAGE)).await,
        NOTHING
    );
}

/// A stretch of an index holds the keys between its ends, also when the cursor lies outside of it.
pub async fn a_stretch_of_an_index_ends_where_it_says(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let rows: Vec<EntityRow> = (0..9_i64)
        .map(|n| placed(&scene, "thing", [entry("by", &[(n % 3).into(), n.into()], false)]))
        .collect();
    scene.write(rows.clone()).await;
    let ids = |wanted: &[i64]| -> Vec<Uuid> { wanted.iter().map(|n| rows[*n as usize].id).collect() };
    let ones = KeyRange::of(key(&[1.into()]));
    let query = EntityQuery {
        range: ones.clone(),
        ..EntityQuery::first("thing", "by", 2)
    };
    assert_eq!(walk(&scene, query.clone()).await, ids(&[1, 4, 7]));
    let falling = EntityQuery {
        direction: Direction::Falling,
        ..query.clone()
    };
    assert_eq!(walk(&scene, falling.clone()).await, ids(&[7, 4, 1]));
    let part = KeyRange {
        from: Some(key(&[1.into(), 4.into()])),
        until: Some(key(&[2.into(), 5.into()])),
    };
    let query_of = |range| EntityQuery {
        range,
        ..query.clone()
    };
    assert_eq!(walk(&scene, query_of(part)).await, ids(&[4, 7, 2]));
    let none = KeyRange {
        from: Some(key(&[2.into()])),
        until: Some(key(&[1.into()])),
    };
    assert_eq!(walk(&scene, query_of(none.clone())).await, NOTHING);
    let outside = |key: IndexKey| {
        Some(EntityCursor {
            key,
            id: Some(Uuid::from_u128(7)),
        })
    };
    for (query, before, behind) in [
        (&query, key(&[0.into()]), key(&[2.into()])),
        (&falling, key(&[2.into()]), key(&[0.into()])),
    ] {
        let mut query = query.clone();
        query.limit = PAGE;
        let all = page(&scene, &query).await;
        query.after = outside(before);
        assert_eq!(page(&scene, &query).await, all);
        query.after = outside(behind);
        assert_eq!(page(&scene, &query).await, NOTHING);
    }
    let count = async |range: &KeyRange, cap| scene.reads.count_entities("thing", "by", range, cap).await;
    assert_eq!(count(&KeyRange::all(), PAGE).await.ok(), Some(9));
    assert_eq!(count(&ones, PAGE).await.ok(), Some(3));
    assert_eq!(count(&ones, 2).await.ok(), Some(2));
    assert_eq!(count(&none, PAGE).await.ok(), Some(0));
}

/// A unique key has one holder among the entities of a kind and tenant, until it gives it up.
pub async fn a_unique_key_has_one_holder(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let other = Scene::new(&fixture).await;
    let name = |text: &'static str| entry("name", &[text.into()], true);
    let vip = placed(&scene, "tag", [name("vip"), entry("all", &["vip".into()], false)]);
    scene.write([vip.clone()]).await;
    other.write([placed(&other, "tag", [name("vip")])]).await;
    scene.write([placed(&scene, "phrase", [name("vip")])]).await;
    scene
        .write([placed(&scene, "tag", [entry("short", &["vip".into()], true)])])
        .await;
    let rival = placed(&scene, "tag", [name("vip")]);
    assert_duplicate(scene.try_write([rival.clone()]).await, "tag.name");
    assert_eq!(scene.reads.find_entity("tag", rival.id).await.ok(), Some(None));
    let holder = async |text: &'static str| {
        let found = scene
            .reads
            .find_unique_entity("tag", "name", &key(&[text.into()]))
            .await;
        found.expect("it can be read").map(|row| row.id)
    };
    assert_eq!(holder("vip").await, Some(vip.id));
    assert_eq!(holder("VIP").await, None);
    // What is found by no unique entry is not found by its key.
    let by_all = scene
        .reads
        .find_unique_entity("tag", "all", &key(&["vip".into()]))
        .await;
    assert_eq!(by_all.ok(), Some(None));

    let gold = moved(&vip, [name("gold")]);
    scene.write([gold.clone()]).await;
    assert_eq!((holder("vip").await, holder("gold").await), (None, Some(vip.id)));
    scene.write([rival.clone()]).await;
    assert_duplicate(scene.try_write([moved(&rival, [name("gold")])]).await, "tag.name");
    assert_eq!(holder("vip").await, Some(rival.id));
    let mut changes = scene.changes();
    changes.remove(Removal::Entity {
        kind: "tag".to_owned(),
        id: gold.id,
    });
    scene.commit(changes).await;
    assert_eq!(holder("gold").await, None);
    scene.write([moved(&rival, [name("gold")])]).await;
    assert_eq!(
        (holder("vip").await, holder("gold").await),
        (None, Some(rival.id))
    );
}

/// Within a commit the rows are checked in order: what one gives up the next may take, and not the other way round.
pub async fn a_key_is_passed_on_within_a_commit(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let name = |text: &'static str| entry("name", &[text.into()], true);
    let one = placed(&scene, "tag", [name("one")]);
    let two = placed(&scene, "tag", [name("two")]);
    scene.write([one.clone(), two.clone()]).await;
    let (frees, takes) = (moved(&one, [name("three")]), moved(&two, [name("one")]));
    assert_duplicate(scene.try_write([takes.clone(), frees.clone()]).await, "tag.name");
    scene.write([frees, takes]).await;
    let twice = [
        placed(&scene, "tag", [name("new")]),
        placed(&scene, "tag", [name("new")]),
    ];
    assert_duplicate(scene.try_write(twice).await, "tag.name");
    assert_eq!(
        walk(&scene, EntityQuery::first("tag", "name", PAGE)).await,
        [two.id, one.id]
    );
}

/// A row that changes is found by what it has now, a removed one by nothing, and one with several places at each of them.
pub async fn entries_follow_their_entity(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let by = |n: i64| entry("by", &[n.into()], false);
    let one = placed(&scene, "thing", [by(1), by(5)]);
    let two = placed(&scene, "thing", [by(3)]);
    scene.write([one.clone(), two.clone()]).await;
    let all = async || walk(&scene, EntityQuery::first("thing", "by", 1)).await;
    assert_eq!(all().await, [one.id, two.id, one.id]);
    let later = moved(&one, [by(4), by(5)]);
    scene.write([later.clone()]).await;
    assert_eq!(all().await, [two.id, one.id, one.id]);
    // Its place stays when nothing but the body changes.
    let same = EntityRow {
        body: json!({ "changed": true }).to_string(),
        ..moved(&later, [by(4), by(5)])
    };
    scene.write([same.clone()]).await;
    let found = scene
        .reads
        .page_entities(&EntityQuery::first("thing", "by", PAGE))
        .await;
    assert_eq!(
        found.expect("a page can be read").rows,
        [two.clone(), same.clone(), same.clone()]
    );
    assert_eq!(fault(scene.try_write([later]).await), ErrorKind::Conflict);
    let removal = || Removal::Entity {
        kind: "thing".to_owned(),
        id: one.id,
    };
    for _ in 0..2 {
        let mut changes = scene.changes();
        changes.remove(removal());
        scene.commit(changes).await;
        assert_eq!(all().await, [two.id]);
    }
    // Its id may come again.
    scene.write([one.clone()]).await;
    assert_eq!(all().await, [one.id, two.id, one.id]);
}

/// Rows that are added meanwhile neither repeat nor hide others.
pub async fn an_index_is_stable_while_rows_are_added(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let at = |n: i64| placed(&scene, "thing", [entry("by", &[n.into()], false)]);
    let rows: Vec<EntityRow> = (0..10).map(|n| at(n * 10)).collect();
    scene.write(rows.clone()).await;
    let mut query = EntityQuery::first("thing", "by", 3);
    let mut seen = Vec::new();
    let mut n = 0;
    loop {
        let page = scene
            .reads
            .page_entities(&query)
            .await
            .expect("a page can be read");
        seen.extend(page.rows.iter().map(|row| row.id));
        let Some(next) = page.next else { break };
        query.after = Some(next);
        // One before what was seen, which stays unseen.
        scene.write([at(n)]).await;
        n += 1;
    }
    let expected: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    assert_eq!(seen, expected);
}

/// Entities that an earlier definition has placed are told, of every tenant, the earliest definition first.
pub async fn entities_of_an_earlier_layout_are_told(fixture: StoreFixture) {
    let (one, two) = (Scene::new(&fixture).await, Scene::new(&fixture).await);
    let of = |scene: &Scene, layout| EntityRow {
        layout,
        ..scene.entity("thing")
    };
    let rows = [of(&one, 2), of(&one, 1), of(&two, 1), of(&two, 3)];
    one.write(rows[..2].to_vec()).await;
    two.write(rows[2..].to_vec()).await;
    two.write([EntityRow {
        layout: 0,
        ..two.entity("other")
    }])
    .await;
    let outdated = async |layout, limit| {
        let found = fixture.store.outdated_entities("thing", layout, limit).await;
        found.expect("they can be read")
    };
    let mut first = vec![rows[1].clone(), rows[2].clone()];
    first.sort_by_key(|row| (row.tenant, row.id));
    assert!(outdated(1, PAGE).await.is_empty());
    assert_eq!(outdated(2, PAGE).await, first);
    assert_eq!(outdated(2, 1).await, first[..1]);
    first.push(rows[0].clone());
    assert_eq!(outdated(3, PAGE).await, first);
    // Written again it is up to date.
    let scene = if first[0].tenant == one.tenant { &one } else { &two };
    scene
        .write([EntityRow {
            layout: 3,
            ..moved(&first[0], [])
        }])
        .await;
    assert_eq!(outdated(3, PAGE).await, first[1..]);
}

/// Of many who want a unique key at once one gets it.
pub async fn one_of_many_gets_a_unique_key(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let rivals: Vec<EntityRow> = (0..20)
        .map(|n| {
            let own = entry("by", &[n.into()], false);
            placed(&scene, "tag", [entry("name", &["vip".into()], true), own])
        })
        .collect();
    let written = futures::future::join_all(rivals.iter().map(|row| scene.try_write([row.clone()]))).await;
    let (taken, refused): (Vec<_>, Vec<_>) = written.into_iter().partition(Result::is_ok);
    assert_eq!(taken.len(), 1);
    for refused in refused {
        assert_duplicate(refused, "tag.name");
    }
    assert_eq!(walk(&scene, EntityQuery::first("tag", "by", PAGE)).await.len(), 1);
}

/// Entities of two tenants with the same ids and keys are apart.
pub async fn a_tenant_sees_its_own_entities(fixture: StoreFixture) {
    let (one, two) = (Scene::new(&fixture).await, Scene::new(&fixture).await);
    let name = || entry("name", &["vip".into()], true);
    let by = || entry("by", &[1.into()], false);
    let ours = placed(&one, "tag", [name(), by()]);
    let theirs = EntityRow {
        tenant: two.tenant,
        body: json!({ "of": "another" }).to_string(),
        ..ours.clone()
    };
    one.write([ours.clone()]).await;
    two.write([theirs.clone()]).await;
    for (scene, own) in [(&one, &ours), (&two, &theirs)] {
        let reads = &scene.reads;
        assert_eq!(
            reads.find_entity("tag", own.id).await.ok(),
            Some(Some(own.clone()))
        );
        let by_name = reads
            .find_unique_entity("tag", "name", &key(&["vip".into()]))
            .await;
        assert_eq!(by_name.ok(), Some(Some(own.clone())));
        let page = reads.page_entities(&EntityQuery::first("tag", "by", PAGE)).await;
        assert_eq!(page.expect("a page can be read").rows, std::slice::from_ref(own));
        let counted = reads.count_entities("tag", "by", &KeyRange::all(), PAGE).await;
        assert_eq!(counted.ok(), Some(1));
    }
    let mut changes = two.changes();
    changes.remove(Removal::Entity {
        kind: "tag".to_owned(),
        id: ours.id,
    });
    two.commit(changes).await;
    assert_eq!(one.reads.find_entity("tag", ours.id).await.ok(), Some(Some(ours)));
    assert_eq!(walk(&two, EntityQuery::first("tag", "by", PAGE)).await, NOTHING);
}
