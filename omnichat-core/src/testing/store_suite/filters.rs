//! Filters of conversations in every combination.

use futures::StreamExt;

use super::fixture::StoreFixture;
use super::paging::{SORTS, expected, ids, written};
use super::pool::{CHANNELS, CITIES, CITY, Pool, TAGS};
use super::scene::Scene;
use crate::conversations::{AssigneeFilter, Facets, Priority, Sort, Status};
use crate::page::PageRequest;

/// Every combination of the parts of a filter lets through what the specification says: where nothing is written, where nothing
/// fits, and where something does. No combination is an error. Each has one of the orders, spread so that a few parts together
/// meet all of them.
pub async fn every_combination_agrees_with_its_specification(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let mut pool = Pool::new(&scene, 5);
    let empty = Scene::new(&fixture).await;
    let rows = written(&scene, &mut pool, 40).await;
    let page = PageRequest::first(100);
    let (scene, empty, rows, pool, page) = (&scene, &empty, &rows, &pool, &page);
    let combinations = (0..1_u32 << 11).map(|bits| (bits, SORTS[spread(bits) % SORTS.len()]));
    let checked = futures::stream::iter(combinations).for_each_concurrent(4, async |(bits, sort)| {
        let filter = combined(pool, bits, sort);
        let wanted = filter.clone().into();
        let found = scene.reads.list_conversations(&wanted, page).await;
        let found = found.unwrap_or_else(|error| panic!("{filter:?}: {error:?}"));
        assert_eq!(ids(&found.items), expected(rows, &filter), "{filter:?}");
        if bits % 8 == 0 {
            let none = empty.reads.list_conversations(&wanted, page).await;
            let none = none.unwrap_or_else(|error| panic!("nothing written, {filter:?}: {error:?}"));
            assert_eq!(none.items, []);
        }
    });
    checked.await;
}

/// A number that looks like chance and is the same each time.
fn spread(bits: u32) -> usize {
    (bits.wrapping_mul(2_654_435_761) >> 16) as usize
}

/// A filter with the parts that the bits name. Of each part there are several values, some of which nothing has; which one is
/// taken differs from combination to combination.
fn combined(pool: &Pool, bits: u32, sort: Sort) -> Facets {
    let has = |bit: u32| bits & 1 << bit != 0;
    let turn = spread(bits) / SORTS.len() + sort as usize;
    let operator = pool.operators[turn % pool.operators.len()];
    Facets {
        statuses: match (has(0), turn % 3) {
            (false, _) => Vec::new(),
            (true, 0) => vec![Status::Closed],
            (true, 1) => vec![Status::New, Status::Open, Status::Pending],
            (true, _) => vec![Status::Spam],
        },
        inbox: has(1).then(|| pool.inboxes[turn % pool.inboxes.len()]),
        channel: has(2).then(|| match turn % 3 {
            0 => "a channel that nobody has".to_owned(),
            n => CHANNELS[n % CHANNELS.len()].to_owned(),
        }),
        assignee: has(3).then_some(match turn % 2 {
            0 => AssigneeFilter::None,
            _ => AssigneeFilter::Operator(operator),
        }),
        participant: has(4).then_some(operator),
        priority: has(5).then(|| Priority::ALL[turn % 4]),
        attribute: turn.is_multiple_of(3).then(|| {
            let value = if turn.is_multiple_of(2) {
                CITIES[0]
            } else {
                "a city where nobody is"
            };
            (CITY.to_owned(), value.to_owned())
        }),
        tag: has(6).then(|| match turn % 2 {
            0 => "a tag that nobody has".to_owned(),
            _ => TAGS[turn % TAGS.len()].to_owned(),
        }),
        unread: has(7),
        unanswered: has(8),
        customer: has(9).then(|| pool.customers[turn % pool.customers.len()]),
        visible_to: has(10).then_some(operator),
        from: turn
            .is_multiple_of(5)
            .then(|| pool.times[turn % pool.times.len()]),
        to: turn
            .is_multiple_of(7)
            .then(|| pool.times[(turn + 1) % pool.times.len()]),
        sort,
    }
}
