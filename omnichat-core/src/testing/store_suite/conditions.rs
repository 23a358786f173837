//! Conditions that no index answers: lists go by their specification all the same.

use super::fixture::StoreFixture;
use super::paging::{SORTS, ids, written};
use super::pool::Pool;
use super::scene::Scene;
use crate::condition::Predicate;
use crate::conversations::{Conversation, ConversationFilter, Sort};
use crate::id::ConversationId;
use crate::page::PageRequest;

/// What a list must hold, in its order.
fn expected(rows: &[Conversation], filter: &ConversationFilter) -> Vec<ConversationId> {
    let mut wanted: Vec<&Conversation> = rows.iter().filter(|c| filter.matches(c)).collect();
    wanted.sort_by_key(|c| (c.sort_value(filter.sort), c.id));
    if filter.sort != Sort::Waiting {
        wanted.reverse();
    }
    wanted.into_iter().map(|c| c.id).collect()
}

/// Every row of a list, page by page. A page may come short, and the walk ends all the same.
async fn walk(scene: &Scene, filter: &ConversationFilter, limit: u32) -> Vec<ConversationId> {
    let mut found = Vec::new();
    let mut request = PageRequest::first(limit);
    loop {
        let page = scene.reads.list_conversations(filter, &request).await;
        let page = page.unwrap_or_else(|error| panic!("{filter:?}: {error:?}"));
        assert!(page.items.len() <= limit as usize, "more rows than asked for");
        found.extend(ids(&page.items));
        match page.next {
            Some(cursor) => request = PageRequest::after(limit, cursor),
            None => return found,
        }
    }
}

/// Trees of tests of every field, joined and turned around, let through what the specification says, in each order and beside the
/// bounds of rights.
pub async fn trees_agree_with_their_specification(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let mut pool = Pool::new(&scene, 11);
    let rows = written(&scene, &mut pool, 150).await;
    let mut shown = 0;
    for n in 0..120 {
        let filter = ConversationFilter {
            condition: pool.condition(3),
            visible_to: (n % 3 == 0).then(|| pool.operators[n % pool.operators.len()]),
            sort: SORTS[n % SORTS.len()],
        };
        let wanted = expected(&rows, &filter);
        shown += usize::from(!wanted.is_empty() && wanted.len() < rows.len());
        for limit in [3, 100] {
            assert_eq!(
                walk(&scene, &filter, limit).await,
                wanted,
                "{filter:?} by {limit}"
            );
        }
    }
    assert!(
        shown > 40,
        "only {shown} conditions let some rows through and not all"
    );
}

/// Rows that a condition lets through are found behind thousands that it does not, and the walk to them ends.
pub async fn what_is_rare_is_found_behind_much_else(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let mut pool = Pool::new(&scene, 12);
    let mut rows = written(&scene, &mut pool, 1_200).await;
    rows.sort_by_key(|c| (c.created_at, c.id));
    let rare = &rows[0];
    let filter = ConversationFilter {
        condition: Predicate::Any(vec![
            Predicate::one_of(
                "customer_name",
                [crate::condition::Value::Text("nobody".to_owned())],
            ),
            Predicate::All(vec![
                Predicate::one_of(
                    "created_at",
                    [crate::condition::Value::Number(rare.created_at.micros())],
                ),
                Predicate::one_of("customer", [crate::condition::Value::Id(rare.customer.uuid())]),
                Predicate::one_of(
                    "status",
                    [crate::condition::Value::Text(rare.status.name().to_owned())],
                ),
            ]),
        ]),
        visible_to: None,
        sort: Sort::Created,
    };
    let found = walk(&scene, &filter, 50).await;
    assert!(found.contains(&rare.id));
    assert_eq!(found, expected(&rows, &filter));
}
