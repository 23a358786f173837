//! Lists of conversations: what a filter lets through, in which order, page by page, while others write.

use std::collections::BTreeSet;

use super::fixture::StoreFixture;
use super::pool::{CHANNELS, Pool, TAGS};
use super::scene::Scene;
use crate::clock::Timestamp;
use crate::conversations::{
    AssigneeFilter, Conversation, ConversationFilter, Facets, Priority, Sort, Status,
};
use crate::id::{ConversationId, InboxId};
use crate::page::{Cursor, PageRequest};

pub(super) const SORTS: [Sort; 3] = [Sort::Activity, Sort::Created, Sort::Waiting];

/// What a list must hold, in its order.
pub(super) fn expected(rows: &[Conversation], filter: &Facets) -> Vec<ConversationId> {
    let wanted = ConversationFilter::from(filter.clone());
    let mut wanted: Vec<&Conversation> = rows.iter().filter(|c| wanted.matches(c)).collect();
    wanted.sort_by_key(|c| (c.sort_value(filter.sort), c.id));
    if filter.sort != Sort::Waiting {
        wanted.reverse();
    }
    wanted.into_iter().map(|c| c.id).collect()
}

pub(super) fn ids(rows: &[Conversation]) -> Vec<ConversationId> {
    rows.iter().map(|c| c.id).collect()
}

pub(super) async fn written(scene: &Scene, pool: &mut Pool, count: usize) -> Vec<Conversation> {
    let rows: Vec<_> = (0..count)
        .map(|n| pool.conversation(scene, &n.to_string()))
        .collect();
    for part in rows.chunks(200) {
        scene.write(part.to_vec()).await;
    }
    rows
}

/// Each part of a filter alone, in each order, lets through what the specification says, and gives it whole.
pub async fn each_filter_agrees_with_its_specification(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let mut pool = Pool::new(&scene, 1);
    let rows = written(&scene, &mut pool, 150).await;
    let (operator, priority) = (pool.operators[0], Priority::High);
    let none = Facets::default;
    let filters = [
        none(),
        Facets {
            statuses: vec![Status::Open],
            ..none()
        },
        Facets {
            statuses: vec![Status::New, Status::Spam, Status::Closed],
            ..none()
        },
        Facets {
            statuses: Status::ALL.to_vec(),
            ..none()
        },
        Facets {
            inbox: Some(pool.inboxes[1]),
            ..none()
        },
        Facets {
            inbox: Some(InboxId::generate(scene.clock())),
            ..none()
        },
        Facets {
            channel: Some(CHANNELS[2].to_owned()),
            ..none()
        },
        Facets {
            assignee: Some(AssigneeFilter::None),
            ..none()
        },
        Facets {
            assignee: Some(AssigneeFilter::Operator(operator)),
            ..none()
        },
        Facets {
            participant: Some(operator),
            ..none()
        },
        Facets {
            priority: Some(priority),
            ..none()
        },
        Facets {
            tag: Some("vip".to_owned()),
            ..none()
        },
        Facets {
            tag: Some("vi".to_owned()),
            ..none()
        },
        Facets {
            tag: Some(TAGS[3].to_owned()),
            ..none()
        },
        Facets {
            tag: Some("a".to_owned()),
            ..none()
        },
        Facets {
            tag: Some(String::new()),
            ..none()
        },
        Facets {
            unread: true,
            ..none()
        },
        Facets {
            unanswered: true,
            ..none()
        },
        Facets {
            customer: Some(pool.customers[2]),
            ..none()
        },
        Facets {
            from: Some(pool.times[2]),
            ..none()
        },
        Facets {
            to: Some(pool.times[2]),
            ..none()
        },
        Facets {
            from: Some(pool.times[1]),
            to: Some(pool.times[4]),
            ..none()
        },
        Facets {
            from: Some(pool.times[4]),
            to: Some(pool.times[1]),
            ..none()
        },
        Facets {
            visible_to: Some(operator),
            ..none()
        },
    ];
    for sort in SORTS {
        for filter in &filters {
            let filter = Facets {
                sort,
                ..filter.clone()
            };
            let listed = scene.walk(&filter, 7).await;
            assert_eq!(ids(&listed), expected(&rows, &filter), "{filter:?}");
            for row in &listed {
                assert!(
                    rows.contains(row),
                    "a listed row is not what was written: {row:?}"
                );
            }
        }
    }
}

/// So do filters of several parts.
pub async fn joined_filters_agree_with_their_specification(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let mut pool = Pool::new(&scene, 2);
    let rows = written(&scene, &mut pool, 250).await;
    let mut found = 0;
    for n in 0..150 {
        let sort = SORTS[n % 3];
        let filter = pool.filter(sort, 0.22);
        let listed = scene.walk(&filter, 10).await;
        assert_eq!(ids(&listed), expected(&rows, &filter), "{filter:?}");
        found += listed.len();
    }
    assert!(
        found > 500,
        "the filters were too narrow to show anything: {found}"
    );
}

/// Rows with the same sort value are told apart by their ids, so that none is lost between pages.
pub async fn equal_values_are_paged_by_id(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let inbox = InboxId::generate(scene.clock());
    let at = scene.now();
    let rows: Vec<_> = (0..40)
        .map(|n| Conversation {
            waiting_since: Some(at),
            ..scene.conversation(inbox, &n.to_string())
        })
        .collect();
    scene.write(rows.clone()).await;
    for sort in SORTS {
        let filter = Facets {
            sort,
            ..Default::default()
        };
        for limit in [1, 3, 40, 100] {
            assert_eq!(
                ids(&scene.walk(&filter, limit).await),
                expected(&rows, &filter),
                "{sort:?} by {limit}"
            );
        }
    }
}

/// The last page has no next one, even when it is full.
pub async fn the_last_page_has_no_next(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let inbox = InboxId::generate(scene.clock());
    scene
        .write((0..6).map(|n| scene.conversation(inbox, &n.to_string())))
        .await;
    let filter = Facets::default();
    let page = async |request: &PageRequest| {
        scene
            .reads
            .list_conversations(&filter.clone().into(), request)
            .await
            .expect("a page")
    };
    let first = page(&PageRequest::first(3)).await;
    let next = first.next.expect("there is more");
    let last = first.items.last().expect("a full page");
    assert_eq!(
        next,
        Cursor {
            sort: last.sort_value(Sort::Activity),
            id: last.id.uuid()
        }
    );
    let second = page(&PageRequest::after(3, next)).await;
    assert_eq!((second.items.len(), second.next), (3, None));
    let all = page(&PageRequest::first(6)).await;
    assert_eq!((all.items.len(), all.next), (6, None));
}

/// A cursor before the first or after the last row leads to all rows or none, in either direction.
pub async fn a_cursor_may_lie_outside(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let inbox = InboxId::generate(scene.clock());
    scene
        .write((0..3).map(|n| Conversation {
            waiting_since: Some(scene.now()),
            ..scene.conversation(inbox, &n.to_string())
        }))
        .await;
    let low = Cursor {
        sort: i64::MIN,
        id: uuid::Uuid::nil(),
    };
    let high = Cursor {
        sort: i64::MAX,
        id: uuid::Uuid::max(),
    };
    for sort in SORTS {
        let filter = Facets {
            sort,
            ..Default::default()
        };
        let (before, after) = if sort == Sort::Waiting {
            (&low, &high)
        } else {
            (&high, &low)
        };
        for (cursor, count) in [(before, 3), (after, 0)] {
            let request = PageRequest::after(10, cursor.clone());
            let page = scene
                .reads
                .list_conversations(&filter.clone().into(), &request)
                .await
                .expect("a page");
            assert_eq!(page.items.len(), count, "{sort:?} after {cursor:?}");
            assert_eq!(page.next, None);
        }
    }
}

/// Rows that are added while somebody pages neither hide nor repeat those that were there.
pub async fn paging_is_stable_while_rows_are_added(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let mut pool = Pool::new(&scene, 3);
    for sort in SORTS {
        let filter = pool.filter(sort, 0.0);
        let before = ids(&scene.walk(&filter, 50).await);
        let rows: Vec<_> = (0..30)
            .map(|n| pool.conversation(&scene, &format!("{sort:?} {n}")))
            .collect();
        scene.write(rows.clone()).await;
        let there: BTreeSet<_> = expected(&rows, &filter).into_iter().chain(before).collect();

        let mut seen = Vec::new();
        let mut request = PageRequest::first(4);
        let mut added = 0;
        loop {
            let page = scene
                .reads
                .list_conversations(&filter.clone().into(), &request)
                .await
                .expect("a page");
            seen.extend(page.items.into_iter().map(|c| c.id));
            // Anywhere in the list: before, at and after the place of the reader.
            let rows: Vec<_> = (0..3)
                .map(|n| pool.conversation(&scene, &format!("{sort:?} added {added} {n}")))
                .collect();
            scene.write(rows).await;
            added += 1;
            match page.next {
                Some(cursor) if added < 60 => request = PageRequest::after(4, cursor),
                Some(_) => panic!("the list grows faster than it is read"),
                None => break,
            }
            pool.times.truncate(4);
        }
        let unique: BTreeSet<_> = seen.iter().copied().collect();
        assert_eq!(unique.len(), seen.len(), "a row was seen twice");
        assert!(there.is_subset(&unique), "a row that was there was not seen");
    }
}

/// Rows that change while somebody pages may move; all others are seen once, and each row at its place or not at all.
pub async fn paging_is_stable_while_rows_change(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let inbox = InboxId::generate(scene.clock());
    let mut rows: Vec<_> = (0..40_i64)
        .map(|n| Conversation {
            last_activity_at: scene.in_secs(n),
            ..scene.conversation(inbox, &n.to_string())
        })
        .collect();
    scene.write(rows.clone()).await;
    let filter = Facets::default();
    let mut moved = BTreeSet::new();
    let mut seen = Vec::new();
    let mut request = PageRequest::first(5);
    let mut touch = 0;
    loop {
        let page = scene
            .reads
            .list_conversations(&filter.clone().into(), &request)
            .await
            .expect("a page");
        seen.extend(page.items.into_iter().map(|c| c.id));
        // A message arrives in an old conversation: it jumps to the top.
        let row = &mut rows[touch];
        row.version += 1;
        row.last_activity_at = scene.in_secs(1_000);
        moved.insert(row.id);
        scene.write([row.clone()]).await;
        touch += 2;
        match page.next {
            Some(cursor) => request = PageRequest::after(5, cursor),
            None => break,
        }
    }
    let unique: BTreeSet<_> = seen.iter().copied().collect();
    assert_eq!(unique.len(), seen.len(), "a row was seen twice");
    for row in rows {
        assert!(
            unique.contains(&row.id) || moved.contains(&row.id),
            "a row that stood still was not seen"
        );
    }
}

/// A changed row is found by its new values and no longer by its old ones, in every list.
pub async fn a_changed_row_moves_between_lists(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let mut pool = Pool::new(&scene, 4);
    let mut rows = written(&scene, &mut pool, 60).await;
    for round in 0..3 {
        for (n, row) in rows.iter_mut().enumerate().filter(|(n, _)| n % 3 == round) {
            let next = pool.conversation(&scene, &format!("{round} {n}"));
            *row = Conversation {
                id: row.id,
                version: row.version + 1,
                ..next
            };
        }
        scene
            .write(
                rows.iter()
                    .enumerate()
                    .filter(|(n, _)| n % 3 == round)
                    .map(|(_, row)| row.clone()),
            )
            .await;
        for sort in SORTS {
            for _ in 0..12 {
                let filter = pool.filter(sort, 0.15);
                assert_eq!(
                    ids(&scene.walk(&filter, 9).await),
                    expected(&rows, &filter),
                    "{filter:?}"
                );
            }
        }
    }
}

/// Thousands of rows come whole and in order, in the largest pages.
pub async fn thousands_of_rows_are_paged(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let mut pool = Pool::new(&scene, 5);
    let rows = written(&scene, &mut pool, 3_000).await;
    for sort in SORTS {
        let filter = Facets {
            sort,
            ..Default::default()
        };
        assert_eq!(
            ids(&scene.walk(&filter, PageRequest::MAX).await),
            expected(&rows, &filter)
        );
    }
}

/// Times may lie long before 1970 and far in the future.
pub async fn times_may_lie_far_away(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let inbox = InboxId::generate(scene.clock());
    let times = [
        "0001-01-01T00:00:00Z",
        "1969-12-31T23:59:59.999999Z",
        "1970-01-01T00:00:00Z",
        "9999-12-30T22:00:00Z",
    ];
    let times = times.map(|text| text.parse::<Timestamp>().expect("a time"));
    let rows = times.map(|at| Conversation {
        created_at: at,
        last_activity_at: at,
        waiting_since: Some(at),
        ..scene.conversation(inbox, &at.to_string())
    });
    scene.write(rows.clone()).await;
    for sort in SORTS {
        let filter = Facets {
            sort,
            ..Default::default()
        };
        assert_eq!(ids(&scene.walk(&filter, 1).await), expected(&rows, &filter));
    }
    let filter = Facets {
        to: Some(times[2]),
        ..Default::default()
    };
    assert_eq!(ids(&scene.walk(&filter, 10).await), expected(&rows, &filter));
}
