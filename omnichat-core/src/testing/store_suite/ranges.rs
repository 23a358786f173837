//! Lists of conversations of a stretch of time, which is that by which the list is sorted.

use super::fixture::StoreFixture;
use super::scene::Scene;
use crate::conversations::{AssigneeFilter, Conversation, Facets, Sort, Status};
use crate::id::{InboxId, OperatorId};
use crate::page::{Cursor, PageRequest};

/// What tells the three times of a row apart: each lies in a stretch of its own.
const STRETCHES: [(Sort, i64); 3] = [
    (Sort::Created, 0),
    (Sort::Waiting, 10_000),
    (Sort::Activity, 20_000),
];

/// Whether another part of a filter fits the row of this number.
type Fits = fn(usize) -> bool;

/// Rows that began, wait and were last active in the same order, one second apart, each time in its own stretch.
fn rows(scene: &Scene, count: i64) -> Vec<Conversation> {
    let inbox = InboxId::generate(scene.clock());
    let row = |n: i64| Conversation {
        created_at: scene.in_secs(n),
        waiting_since: Some(scene.in_secs(10_000 + n)),
        last_activity_at: scene.in_secs(20_000 + n),
        ..scene.conversation(inbox, &n.to_string())
    };
    (0..count).map(row).collect()
}

/// From one second of a sort's stretch up to another.
fn range(scene: &Scene, (sort, begin): (Sort, i64), from: Option<i64>, to: Option<i64>) -> Facets {
    Facets {
        from: from.map(|second| scene.in_secs(begin + second)),
        to: to.map(|second| scene.in_secs(begin + second)),
        sort,
        ..Default::default()
    }
}

/// The rows that are listed, by their numbers, in the order of the list but always rising.
async fn listed(scene: &Scene, rows: &[Conversation], filter: &Facets, limit: u32) -> Vec<usize> {
    let found = scene.walk(filter, limit).await;
    let number = |c: &Conversation| rows.iter().position(|row| row.id == c.id).expect("a row");
    let mut numbers: Vec<usize> = found.iter().map(number).collect();
    if filter.sort != Sort::Waiting {
        numbers.reverse();
    }
    numbers
}

/// The range is about the time that the list is sorted by and no other; its begin belongs to it, its end does not.
pub async fn a_range_bounds_the_time_of_the_order(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let rows = rows(&scene, 8);
    scene.write(rows.clone()).await;
    for stretch in STRETCHES {
        for (from, to, wanted) in [
            (Some(2), Some(5), vec![2, 3, 4]),
            (Some(5), None, vec![5, 6, 7]),
            (None, Some(3), vec![0, 1, 2]),
            (Some(4), Some(5), vec![4]),
            (Some(4), Some(4), vec![]),
            (Some(5), Some(2), vec![]),
            (Some(8), None, vec![]),
            (None, Some(0), vec![]),
            (Some(-5_000), Some(5_000), (0..8).collect()),
        ] {
            let filter = range(&scene, stretch, from, to);
            assert_eq!(listed(&scene, &rows, &filter, 10).await, wanted, "{filter:?}");
        }
        for (other, begin) in STRETCHES.into_iter().filter(|other| *other != stretch) {
            // Where the other times lie there is nothing by this one.
            let filter = range(&scene, (stretch.0, begin), Some(0), Some(8));
            assert_eq!(
                listed(&scene, &rows, &filter, 10).await,
                [0; 0],
                "{other:?}: {filter:?}"
            );
        }
    }
}

/// Pages of any size show the range, whole and nothing beyond, and the last one ends it.
pub async fn a_range_is_paged(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let rows = rows(&scene, 12);
    scene.write(rows.clone()).await;
    for stretch in STRETCHES {
        let filter = range(&scene, stretch, Some(3), Some(9));
        for limit in [1, 2, 3, 5, 6, 7] {
            let numbers = listed(&scene, &rows, &filter, limit).await;
            assert_eq!(numbers, [3, 4, 5, 6, 7, 8], "{filter:?} by {limit}");
        }
        let page = scene
            .reads
            .list_conversations(&filter.clone().into(), &PageRequest::first(6))
            .await;
        assert_eq!(page.expect("a page").next, None, "{filter:?}");
    }
}

/// A cursor from elsewhere neither widens a range nor leads around it.
pub async fn a_cursor_may_lie_outside_a_range(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let rows = rows(&scene, 12);
    scene.write(rows.clone()).await;
    for stretch in STRETCHES {
        let filter = range(&scene, stretch, Some(3), Some(9));
        for (n, row) in rows.iter().enumerate() {
            let cursor = Cursor {
                sort: row.sort_value(stretch.0),
                id: row.id.uuid(),
            };
            let page = scene
                .reads
                .list_conversations(&filter.clone().into(), &PageRequest::after(10, cursor))
                .await
                .expect("a page");
            let beyond = |other: usize| {
                if stretch.0 == Sort::Waiting {
                    other > n
                } else {
                    other < n
                }
            };
            let mut wanted: Vec<_> = (3..9)
                .filter(|other| beyond(*other))
                .map(|other| rows[other].id)
                .collect();
            if stretch.0 != Sort::Waiting {
                wanted.reverse();
            }
            let found: Vec<_> = page.items.iter().map(|c| c.id).collect();
            assert_eq!(found, wanted, "{filter:?} after {n}");
        }
    }
}

/// Rows of one time at the first or the last moment of a range are told apart by their ids.
pub async fn equal_times_at_an_edge_are_paged_by_id(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let mut rows = rows(&scene, 4);
    for n in 0..20 {
        let like = rows[if n % 2 == 0 { 1 } else { 2 }].clone();
        rows.push(Conversation {
            created_at: like.created_at,
            waiting_since: like.waiting_since,
            last_activity_at: like.last_activity_at,
            ..scene.conversation(like.inbox, &format!("like {n}"))
        });
    }
    scene.write(rows.clone()).await;
    for stretch in STRETCHES {
        let filter = range(&scene, stretch, Some(1), Some(3));
        let mut wanted: Vec<&Conversation> = rows
            .iter()
            .filter(|c| c.id != rows[0].id && c.id != rows[3].id)
            .collect();
        wanted.sort_by_key(|c| (c.sort_value(stretch.0), c.id));
        if stretch.0 != Sort::Waiting {
            wanted.reverse();
        }
        let wanted: Vec<_> = wanted.into_iter().map(|c| c.id).collect();
        for limit in [1, 3, 11, 22] {
            let found = scene.walk(&filter, limit).await;
            let found: Vec<_> = found.iter().map(|c| c.id).collect();
            assert_eq!(found, wanted, "{filter:?} by {limit}");
        }
    }
}

/// With every other part of a filter a range lets through what both want, in each order.
pub async fn a_range_joins_other_filters(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let operator = OperatorId::generate(scene.clock());
    let mut rows = rows(&scene, 60);
    for (n, row) in rows.iter_mut().enumerate() {
        row.status = if n % 2 == 0 { Status::Open } else { Status::Closed };
        row.unread_count = u32::from(n % 3 == 0);
        row.tags = if n % 5 == 0 {
            vec!["vip".to_owned()]
        } else {
            Vec::new()
        };
        row.assignee = (n % 4 == 0).then_some(operator);
        row.participants = if n % 7 == 0 { vec![operator] } else { Vec::new() };
    }
    scene.write(rows.clone()).await;
    for stretch in STRETCHES {
        let range = || range(&scene, stretch, Some(15), Some(46));
        let open = || vec![Status::Open];
        let tag = || Some("vip".to_owned());
        let mine = Some(AssigneeFilter::Operator(operator));
        let cases: [(Facets, Fits); 10] = [
            (
                Facets {
                    statuses: open(),
                    ..range()
                },
                |n| n % 2 == 0,
            ),
            (
                Facets {
                    unread: true,
                    ..range()
                },
                |n| n % 3 == 0,
            ),
            (
                Facets {
                    tag: tag(),
                    ..range()
                },
                |n| n % 5 == 0,
            ),
            (
                Facets {
                    assignee: mine,
                    ..range()
                },
                |n| n % 4 == 0,
            ),
            (
                Facets {
                    participant: Some(operator),
                    ..range()
                },
                |n| n % 7 == 0,
            ),
            (
                Facets {
                    visible_to: Some(operator),
                    ..range()
                },
                |_| true,
            ),
            (
                Facets {
                    inbox: Some(rows[0].inbox),
                    unanswered: true,
                    ..range()
                },
                |_| true,
            ),
            (
                Facets {
                    channel: Some(rows[0].channel.clone()),
                    ..range()
                },
                |_| true,
            ),
            (
                Facets {
                    customer: Some(rows[20].customer),
                    ..range()
                },
                |_| true,
            ),
            (
                Facets {
                    statuses: open(),
                    unread: true,
                    tag: tag(),
                    ..range()
                },
                |n| n % 30 == 0,
            ),
        ];
        for (filter, fits) in cases {
            let is_wanted = |c: &Conversation| filter.customer.is_none_or(|customer| c.customer == customer);
            let wanted: Vec<usize> = (15..46).filter(|n| fits(*n) && is_wanted(&rows[*n])).collect();
            assert!(!wanted.is_empty(), "nothing is shown by {filter:?}");
            for limit in [4, 100] {
                let numbers = listed(&scene, &rows, &filter, limit).await;
                assert_eq!(numbers, wanted, "{filter:?} by {limit}");
            }
        }
    }
}
